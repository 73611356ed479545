"""Items to agents under hard limits and priced loads, with numpy alone."""

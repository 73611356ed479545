from __future__ import annotations

from tests.engines.conftest import office, written

__all__ = ["office", "written"]

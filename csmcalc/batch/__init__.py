"""Many reports from one list: slices, jobs, a run folder that survives whatever happens to it."""

"""Measurements of the service beside the bare framework and the bare database: `python -m benchmarks`."""

"""What demonstration, sample data, benchmarks and tests share: a seeded database, callers of every role, a clock that
moves, a real server on loopback, and the acts of a round as one-liners.

Nothing here is part of the product, and nothing here knows the tests: `app` imports neither, and of this repository
the package imports `app` only. `scripts/lint_house.py` keeps it so.
"""

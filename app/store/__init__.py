"""Persistence: models and queries by aggregate. The only place with SQL."""

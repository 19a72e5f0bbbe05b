"""Signing in and keeping accounts."""

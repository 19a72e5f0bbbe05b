"""Organisations and their history; recommending units; consulted departments."""

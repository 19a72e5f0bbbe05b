"""Recommending units and consulted departments; cultivation (Arts. 3, 12, 17)."""

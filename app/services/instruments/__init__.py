"""The law as it stands on a day: shipped data with what the office has registered on top (Arts. 32, 33)."""

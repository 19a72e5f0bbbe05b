"""Public notices: what is published, frozen with its hash (Arts. 16, 17, 21, 26, 28)."""

"""Cases of revocation, recovery, exclusion (Arts. 26, 28)."""

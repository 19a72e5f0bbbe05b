"""The award after the ceremony: visits, title use, sharing, revocation, recovery, exclusion (Art. 23 to 31)."""

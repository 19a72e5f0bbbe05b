"""The qualification review of Art. 17: departments asked, conditions decided, the list confirmed and published."""

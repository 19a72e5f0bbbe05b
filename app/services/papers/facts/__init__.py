"""What fills each paper, out of what is on record; what is not on record is a blank, and what is not yet is said."""

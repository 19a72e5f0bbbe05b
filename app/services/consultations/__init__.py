"""Departments asked for what they know of the applicants (Arts. 13(6), 17)."""

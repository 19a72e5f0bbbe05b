"""What somebody would take instead: the same jobs, on the same tables, written by hand or with another framework."""

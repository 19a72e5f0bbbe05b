"""What a caller may do next with an object, by the findings that the act itself would make."""

"""Papers that officials sign and hang up: what each says, issued with its number and frozen, its scan beside it."""

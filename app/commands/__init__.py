"""The operator's commands, one module a subject. `app.cli` reads the arguments and calls them."""

"""Commands of the operator that are more than a line: each module adds itself to `app.cli`."""

"""The office's acts on a round: prepare, call, extend, cancel; and reading it."""

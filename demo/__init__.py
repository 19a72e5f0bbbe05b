"""A whole round, played through the real API on a clock of its own; and the sample data of `make run`.

It speaks to the service as the tests do, with the acts of `sandbox`: nothing is written twice.
"""

"""The law as code: frozen facts in, findings out.

Standard library only. No clock, no database, no settings: every date that a rule needs is an argument. A rule never
raises on what it judges and never stops at the first finding; it returns all of them.
"""

"""The pool of reviewers: undertakings, conflicts of interest, recusal, appraisal, misconduct (Arts. 11(2), 29, 30)."""

"""The pool of reviewers: undertakings, interests, recusal, appraisal, misconduct (Arts. 11(2), 29, 30)."""

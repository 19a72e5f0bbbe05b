"""The applicant's acts and what they rest on: drafting, submitting, withdrawing; the facts and the gate of
eligibility."""

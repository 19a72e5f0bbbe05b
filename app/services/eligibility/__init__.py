"""The open eligibility check: the gate of the submission for anybody, with nothing stored."""

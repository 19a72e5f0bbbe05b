"""Before the publicity: the applicant's record verified, the committee's meeting (Art. 11)."""

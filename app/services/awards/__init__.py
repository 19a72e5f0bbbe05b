"""The public register of awards and the verification of certificates (Art. 23, 31)."""

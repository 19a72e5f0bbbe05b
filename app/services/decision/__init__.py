"""Before and after the publicity: verification, deliberation, approval, decree (Art. 11, 22, 26)."""

"""The recommendation of Art. 3: asked for by the applicant, answered by one unit."""

"""Candidates, publicity, objections, the proposed list (Art. 20, 21), and public notices."""

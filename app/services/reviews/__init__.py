"""The review (Arts. 11(2), 18 to 20, 29, 30): pool, undertakings, conflicts of interest, panels, sheets, reports,
evaluation."""

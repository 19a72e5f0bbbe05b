"""The prize from the order to the confirmation (Art. 9): nothing paid twice, nothing lost."""

"""The prize from the order to the receipt (Art. 9): nothing paid twice, nothing lost."""

"""Reading the audit log and verifying its chain."""

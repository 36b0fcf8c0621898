"""Milestones 8 and 9: the pages of a client and of its orders."""

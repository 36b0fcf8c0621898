"""Milestones 14 and 15: the CRM for other programs."""

"""Milestones 2 and 10: the pages that list, add, change and delete clients."""

"""Who deleted what by page: entries in the log of Django's admin."""

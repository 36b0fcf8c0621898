"""Beyond the course: what holds for every page, whatever is on it."""

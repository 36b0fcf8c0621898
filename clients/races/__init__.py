"""Beyond the course: two people at the same moment."""

"""Milestone 4: searching, and ten a page."""

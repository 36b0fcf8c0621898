"""Milestone 19: whoever has the list of clients open sees a new order the moment it is there."""

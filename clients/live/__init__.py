"""Milestone 19: the person who has the list of clients open sees a new order the moment it is there."""

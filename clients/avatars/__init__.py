"""Milestone 6: pictures of clients."""

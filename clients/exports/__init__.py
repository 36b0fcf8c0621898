"""Milestone 13: all clients with their order totals as a CSV file, streamed."""

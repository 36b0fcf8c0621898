"""Milestone 18: on the first of the month the managers get last month's orders as a CSV file."""

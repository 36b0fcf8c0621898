"""Milestone 17: two records of one client become one."""

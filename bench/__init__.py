"""The performance lab: every promise of speed as a ratio, both sides taken in one run. See docs/performance.md."""

"""Known-wrong implementations, a module a milestone; how they are run stands in stages/checking/mistakes.py."""

"""How the curriculum checks itself: the pytest plugin and what it is made of. Needs the test requirements installed."""

"""Beyond milestone 19: no order is missed, none is shown twice, and nobody listens who may not."""

"""Beyond milestone 19: other programs are told of new orders by HTTP."""

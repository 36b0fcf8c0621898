"""Beyond milestone 19: other programs are told about new orders by HTTP."""

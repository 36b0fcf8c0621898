"""The start page: figures and charts of the whole office."""

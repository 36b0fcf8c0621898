"""Logging in under attack: how passwords are hashed, whose wrong ones are counted, what the login page says."""

"""Databases: that each is reached as the right role."""

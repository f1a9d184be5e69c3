"""Snapshots: what can be compared of an environment elsewhere or later, without any value of it."""

"""Parity: how the environments of a project must agree and differ."""

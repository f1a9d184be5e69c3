"""Databases of other makers, through SQLAlchemy and an installed driver."""

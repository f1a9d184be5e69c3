"""Variables: that each is set, and is a good value of its type."""

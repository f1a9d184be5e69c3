"""Sources: that what an environment is read from can be read."""

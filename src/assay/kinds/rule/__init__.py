"""Rules: conditions over the values of an environment."""

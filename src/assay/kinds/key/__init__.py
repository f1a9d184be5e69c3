"""Keys: that each decodes, is strong, and opens what was sealed with it."""

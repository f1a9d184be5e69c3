"""What databases consist of, made comparable: outlines of them, and what differs between two."""

"""Looks at a project that has no spec yet: its .env files, and the names that its code reads."""

"""SQLite files, opened so that they cannot be written."""

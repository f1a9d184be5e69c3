"""Documents: files that are made of a spec, whole or between markers in a hand-written file."""

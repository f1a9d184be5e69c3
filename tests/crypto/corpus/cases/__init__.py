"""The classes of cases, one module each."""

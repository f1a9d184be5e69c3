"""Tables: that each has the columns, keys and rights that the spec declares."""

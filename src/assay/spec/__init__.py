"""The spec language: reading YAML with positions, imports, conditions, schema and plan."""

"""The commands by name."""

COMMANDS: dict[str, str] = {
    "check": "check environments against the spec",
    "completion": "print a completion script for a shell",
    "credentials": "open stored credentials, and say why some do not open",
    "diff": "compare environments side by side, without a secret",
    "docs": "write the declared documents, or say which are stale",
    "explain": "say what a rule means, why it matters, and how to fix it",
    "hook": "check .env files, offline and fast; for pre-commit",
    "init": "write a first spec from .env files and code",
    "key": "show how keys are read, make new ones, and compare them",
    "lint": "check the spec itself, offline",
    "run": "check an environment, then start a program with its values",
    "schema": "print the JSON Schema of the spec language, for editors",
    "snapshot": "write what `diff` can compare elsewhere, and no value",
    "test": "run the specs' fixture tests",
}
"""Command, which is its module's name below `assay.cli`, to what it does; in alphabetical order."""

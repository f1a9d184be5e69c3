"""The commands by name."""

COMMANDS: dict[str, str] = {
    "check": "check environments against the spec",
    "completion": "print a completion script for a shell",
    "credentials": "decrypt stored credentials and explain any failures",
    "diff": "compare environments side by side, without revealing a secret",
    "docs": "write the declared documents, or check that they are up to date",
    "explain": "explain what a rule means, why it matters, and how to fix it",
    "hook": "check .env files quickly and offline, for pre-commit",
    "init": "generate a first spec from .env files and code",
    "key": "show how keys are read, generate new ones, and compare them",
    "lint": "check the spec itself, offline",
    "run": "check an environment, then start a program with its values",
    "schema": "print the JSON Schema of the spec language, for editors",
    "snapshot": "save a snapshot without values, for `diff` to compare elsewhere",
    "test": "run the specs' fixture tests",
}
"""What each command does; a command is named after its module in `assay.cli`."""

"""The commands by name, and the actions of those that have several."""

COMMANDS: dict[str, str] = {
    "check": "check environments against the spec",
    "completion": "print a completion script for a shell",
    "credentials": "decrypt stored credentials and explain any failures",
    "diff": "compare environments side by side, without revealing a secret",
    "docs": "write the declared documents, or check that they are up to date",
    "explain": "explain what a rule means, why it matters, and how to fix it",
    "fix": "repair .env files, and set up an environment step by step",
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

ACTIONS: dict[str, dict[str, str]] = {
    "credentials": {
        "check": "decrypt the stored credentials of environments and explain any failures",
        "explain": "explain why one ciphertext on standard input can't be decrypted, without "
        "showing its plaintext",
    },
    "key": {
        "show": "show how keys are read, whether they are valid, and their check values, but never "
        "the key",
        "generate": "print a new key, and only the key, on standard output",
        "compare": "compare the keys of environments by the bytes they decode to",
    },
}
"""What each action of a command does; the module of `key show` is `key_show`."""

EPILOGS = {
    "credentials": """\
examples:
  assay credentials check production              every stored credential
  psql -Atc 'SELECT passkey_enc FROM mpesa_credentials WHERE tenant_id = 9' |
    assay credentials explain - --column mpesa.passkey_enc --env production

Run `assay credentials check --help` or `assay credentials explain --help` for details.
""",
    "key": """\
examples:
  assay key show                                  every key in every environment
  assay key show credentials --env production     how one key is read, its strength and check value
  assay key generate credentials | gh secret set MPESA_KMS_KEY
  assay key compare credentials development production

Run `assay key show --help` and so on for details.
""",
}
"""What the help of a command with actions ends with."""

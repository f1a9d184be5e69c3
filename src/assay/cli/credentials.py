"""`assay credentials`: decrypts stored credentials, and explains those that fail."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from assay.cli.parsing import add_subcommands

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams

EPILOG = """\
examples:
  assay credentials check production              every stored credential
  psql -Atc 'SELECT passkey_enc FROM mpesa_credentials WHERE tenant_id = 9' |
    assay credentials explain - --column mpesa.passkey_enc --env production

Run `assay credentials check --help` or `assay credentials explain --help` for details.
"""
ACTIONS = {
    "check": "decrypt the stored credentials of environments and explain any failures",
    "explain": "explain why one ciphertext on standard input can't be decrypted, without showing "
    "its plaintext",
}
"""What each action does; the module of `check` is `credentials_check`."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_subcommands(parser, "credentials", ACTIONS)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Run the action that was named."""
    module: Any = import_module(f"assay.cli.credentials_{arguments.action}")
    code: int = module.run(arguments, streams)
    return code

"""`assay credentials`: what stored ciphertext comes to, and why it does not open."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from assay.cli.parsing import add_subcommands

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams

EPILOG = """\
examples:
  assay credentials check production              every stored credential, with the autopsy
  psql -Atc 'SELECT passkey_enc FROM mpesa_credentials WHERE tenant_id = 9' |
    assay credentials explain - --column mpesa.passkey_enc --env production

`assay credentials check --help` and so on say more.
"""
ACTIONS = {
    "check": "open the stored credentials of environments, and say why some do not open",
    "explain": "say why one ciphertext from standard input does not open; never what it holds",
}
"""Action, which is the end of its module's name, to what it does."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_subcommands(parser, "credentials", ACTIONS)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Run the action that was named."""
    module: Any = import_module(f"assay.cli.credentials_{arguments.action}")
    code: int = module.run(arguments, streams)
    return code

"""`assay key`: shows how keys are read, makes new ones, and compares them; never a key in use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from assay.cli.parsing import add_subcommands

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams

EPILOG = """\
examples:
  assay key show                                  every key in every environment
  assay key show credentials --env production     how one is read, how strong it is, its check value
  assay key generate credentials | vercel env add MPESA_KMS_KEY production
  assay key compare credentials development production

`assay key show --help` and so on say more.
"""
ACTIONS = {
    "show": "show how keys are read, whether they fit, and their check values; never the key",
    "generate": "print a new key, and nothing else, on standard output",
    "compare": "say whether environments hold the same key, by the bytes that are made of it",
}
"""Action, which is the end of its module's name, to what it does."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_subcommands(parser, "key", ACTIONS)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Run the action that was named."""
    module: Any = import_module(f"assay.cli.key_{arguments.action}")
    code: int = module.run(arguments, streams)
    return code

"""`assay key`: shows how keys are read, generates new ones, and compares them."""

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
  assay key show credentials --env production     how one key is read, its strength and check value
  assay key generate credentials | vercel env add MPESA_KMS_KEY production
  assay key compare credentials development production

Run `assay key show --help` and so on for details.
"""
ACTIONS = {
    "show": "show how keys are read, whether they are valid, and their check values, but never "
    "the key",
    "generate": "print a new key, and only the key, on standard output",
    "compare": "compare the keys of environments by the bytes they decode to",
}
"""What each action does; the module of `show` is `key_show`."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_subcommands(parser, "key", ACTIONS)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Run the action that was named."""
    module: Any = import_module(f"assay.cli.key_{arguments.action}")
    code: int = module.run(arguments, streams)
    return code

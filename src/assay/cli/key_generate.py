"""`assay key generate`: prints a new key, to be piped to where it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.cli import options
from assay.cli.keys import add_recipe_arguments, chosen_keys, recipe_fields
from assay.cli.project import load
from assay.crypto import Recipe, check_value
from assay.crypto.generating import generated
from assay.crypto.strength import in_yaml
from assay.errors import UsageError
from assay.formats.armor import wrap
from assay.kinds.key.lint import contradictions

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams

EPILOG = """\
examples:
  assay key generate credentials | gh secret set MPESA_KMS_KEY
  assay key generate --cipher aes-256-gcm --encoding base64
  assay key generate --cipher rsa --encoding pem > signing.pem

Only the key is printed on standard output, without a trailing newline unless that is a terminal.
Its check value and the next step are printed on standard error. Compare the check value where the
key is used (`assay key show`): some commands store nothing of what is piped to them and still exit
with 0, as some versions of `vercel env add` do.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="the key's name in the spec")
    options.spec(parser)
    add_recipe_arguments(parser.add_argument_group("a key that is not in the spec"))
    options.flag(parser, "-q", "--quiet", told="print only the key")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Generate a key, print it, and say what it is."""
    recipe, variable, stored_as = _recipe(arguments, streams)
    text = generated(recipe)
    value = check_value(recipe, text) if not recipe.references else None
    if stored_as is not None:
        text = wrap(text, stored_as)
    streams.write(text + ("\n" if streams.stdout.isatty() else ""))
    if not arguments.quiet:
        what = f"a new key for {recipe.cipher} in {recipe.encoding}"
        named = f"; its check value is {in_yaml(value)}" if value else ""
        streams.say(f"assay: {what}{named}\n  help: {_step(arguments.name, variable)}")
    return 0


def _step(name: str | None, variable: str) -> str:
    if name is None:
        return "Pipe it to where it is stored: copying from a terminal easily damages a key."
    return (
        f"Pipe it to where {variable} is stored, for example `assay key generate {name} | gh "
        f"secret set {variable}`, and run `assay key show {name}` there to see that it arrived. If "
        "a key is already in use, keep it under `previous` until everything it encrypted has been "
        "encrypted again."
    )


def _recipe(arguments: argparse.Namespace, streams: Streams) -> tuple[Recipe, str, Any]:
    """The recipe, the variable that will hold the key, and how that stores PEM."""
    fields = recipe_fields(arguments)
    if arguments.name is None:
        if not {"cipher", "encoding"} <= fields.keys():
            raise UsageError(
                "there is neither a key's name nor a cipher and an encoding",
                "Name a key of the spec, or pass `--cipher aes-256-gcm --encoding hex`.",
            )
        recipe = msgspec.convert(fields, Recipe)
        for flaw in contradictions(recipe):
            raise UsageError(
                f"--{flaw.values['field']}: {flaw.values['reason']}",
                "Choose a cipher and an encoding that fit together.",
            )
        return recipe, "", None
    if fields:
        raise UsageError(
            f"the spec already describes how {arguments.name} is read",
            f"Remove --{next(iter(fields))}, or remove the name.",
        )
    spec = load(arguments, streams)
    key = chosen_keys(spec, [arguments.name])[arguments.name].declared
    form = spec.variables[key.variable].declared.format
    return key, key.variable, key.stored_as or getattr(form, "stored_as", None)

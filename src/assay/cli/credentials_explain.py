"""`assay credentials explain -`: explains why one ciphertext can't be decrypted."""

from __future__ import annotations

from binascii import unhexlify
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from assay.cli import options
from assay.cli.credentials_case import case_of
from assay.cli.keys import add_recipe_arguments
from assay.cli.project import load
from assay.credentials.faults import told
from assay.crypto.autopsy import Case, Cause, autopsy
from assay.crypto.examination import filled, placeholders
from assay.errors import UsageError
from assay.kinds.credential.rules import BY_CAUSE
from assay.reporters.display import Pen, visible, wrap
from assay.words import listed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from assay.cli.streams import Streams

EPILOG = """\
examples:
  assay credentials explain - --column mpesa.consumer_key_enc --env production < value.txt
  assay credentials explain - --key credentials --env production --envelope node-gcm-hex < value.txt
  assay credentials explain - --variable APP_KEY --cipher aes-256-cbc --encoding base64 \\
    --prefix base64: --envelope laravel --env production < value.txt

The ciphertext is read from standard input, as text or bytes, or as psql prints bytes (`\\x...`).
The plaintext is never shown. If no envelope is named, assay guesses it from the ciphertext.

exit codes:
  0 it can be decrypted   1 it can't   3 the key can't be read
"""


LARGEST = 2**20
"""Bytes; nothing longer is a credential."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("source", metavar="-", help="read the ciphertext from standard input")
    options.spec(parser)
    parser.add_argument("--env", metavar="ENV", help="the environment that holds the key")
    parser.add_argument(
        "--column",
        metavar="NAME.COLUMN",
        help="a credential column in the spec, whose key and envelope are used",
    )
    parser.add_argument("--key", metavar="NAME", help="a key's name in the spec")
    parser.add_argument(
        "--envelope",
        metavar="ENVELOPE",
        help="the format of the ciphertext: a name, or a mapping as in a spec",
    )
    parser.add_argument("--aad", metavar="TEXT", help="the additional authenticated data")
    options.text_or_json(parser)
    group = parser.add_argument_group("a key that is not in the spec")
    group.add_argument("--variable", metavar="VARIABLE", help="the variable that holds it")
    add_recipe_arguments(group)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Decrypt it, or explain why that fails."""
    if arguments.spec == "-":
        raise UsageError(
            "standard input can't hold both the spec and the ciphertext",
            "Pass the spec's file with --spec.",
        )
    data = _ciphertext(arguments.source, streams)
    line = data.removesuffix(b"\n").removesuffix(b"\r")
    body = _bare(line)
    spec = load(arguments, streams)
    case = case_of(arguments, spec, streams, body)
    bound = _bound(arguments.aad, case)
    found = autopsy(case, body, bound)
    ended = data.endswith(b"\n") and body == line
    if found and ended:
        found = autopsy(case, data, bound) and found  # binary data may end with a newline byte
    about = {
        "column": arguments.column or "the column",
        "key": arguments.key or "the key",
        "variable": case.variable,
        "environment": arguments.env or "this environment",
    }
    entries = [_told(one, about) for one in found]
    if arguments.format == "json":
        envelope = case.envelope.tag()
        streams.write_data({"opens": not found, "envelope": envelope, "explanations": entries})
    else:
        streams.write("\n".join(_lines(case, entries, streams.width, ended=ended)) + "\n")
    return 1 if found else 0


def _bound(given: str | None, case: Case) -> bytes:
    """The additional authenticated data, from the option or from the spec."""
    if given is not None:
        return given.encode("utf-8", "surrogateescape")
    wanted = placeholders(case.envelope.aad)
    if wanted:
        raise UsageError(
            f"it is bound to {listed(wanted)} of its row, which standard input does not contain",
            f"Pass the value of `{case.envelope.aad}` for this row: `--aad TEXT`.",
        )
    return filled(case.envelope.aad, {})


def _told(cause: Cause, about: dict[str, str]) -> dict[str, Any]:
    rule = BY_CAUSE[cause.code]
    message, remedy = told(cause, about)
    return {
        "rule": rule.code,
        "category": rule.category.value,
        "confidence": cause.confidence.value,
        "message": message,
        "remedy": remedy,
        "evidence": cause.evidence,
    }


def _lines(
    case: Case, entries: Sequence[dict[str, Any]], width: int, *, ended: bool
) -> Iterator[str]:
    title = case.envelope.title
    if not entries:
        unproven = "; this cipher does not prove that the plaintext is right"
        sure = "" if case.envelope.proves(case.recipe.cipher) else unproven
        yield f"{case.variable} decrypts it as {title}{sure}"
        return
    yield wrap(f"{case.variable} does not decrypt it as {title}", width, indent="  ")
    if ended:
        yield "the trailing newline was ignored"
    pen = Pen(width=width)
    for number, one in enumerate(entries, 1):
        yield ""
        yield f"{number}. {one['category']} fault ({one['confidence']})  [{one['rule']}]"
        yield f"   {wrap(visible(one['message']), width, first=3, indent='   ')}"
        for evidence in one["evidence"]:
            yield pen.aside("seen", visible(evidence))
        yield pen.aside("help", visible(one["remedy"]))


def _ciphertext(source: str, streams: Streams) -> bytes:
    pipe = "Pipe the ciphertext: `assay credentials explain - < FILE`."
    if source != "-":
        raise UsageError(
            "the ciphertext is read from standard input, never from the command line",
            "Pipe it: `assay credentials explain - < FILE`.",
        )
    if streams.stdin.isatty():
        raise UsageError("standard input is a terminal", pipe)
    data = streams.read(LARGEST + 2)
    if not data.strip():
        raise UsageError("standard input is empty", pipe)
    if len(data.removesuffix(b"\n").removesuffix(b"\r")) > LARGEST:
        raise UsageError(
            "standard input is too large to be a credential: more than 1 MiB",
            "Pipe a single value.",
        )
    return data


def _bare(body: bytes) -> bytes:
    """The bytes that psql prints as hex digits after a backslash and an x."""
    if body.startswith(b"\\x"):
        with suppress(ValueError):
            return unhexlify(body[2:])
    return body

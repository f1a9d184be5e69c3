"""`assay key show`: how keys are read, whether they are valid, and how strong they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.cli import options
from assay.cli.keys import Held, HeldKey, add_recipe_arguments, chosen_keys, held, recipe_fields
from assay.cli.project import load, run_of
from assay.crypto import DerivingProblem, check_value
from assay.crypto.ciphers import BARE, NEEDS, STRUCTURED
from assay.crypto.deriving import decoded
from assay.crypto.identities import identities
from assay.crypto.strength import FROM_PASSWORD, in_yaml, weakness
from assay.errors import UsageError
from assay.kind import Entry
from assay.kinds.key.lint import lint
from assay.kinds.key.spec import Key
from assay.kinds.variable.spec import parse_variable
from assay.model import Finding, Location, Outcome, Report
from assay.reporters.display import Pen, visible
from assay.selection import selected
from assay.spec.document import VARIABLES, Spec

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterator

    from assay.cli.streams import Streams

EPILOG = """\
examples:
  assay key show                                  every key in every environment
  assay key show credentials --env production     one key in one environment
  assay key show --variable APP_KEY --encoding base64 --prefix base64:
                                                  a key that is not in the spec

A check value identifies a key without revealing it, so it can be committed: `check-value` in the
spec requires that key. Only random keys of at least 128 bits have one, because a passphrase, a key
with a pattern or one derived from a common password could be guessed from it.
"""

_USUAL = {"cipher": "aes-256-gcm", "encoding": "hex"}
"""What is assumed of a key that is not in the spec."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    options.several(parser, "names", "NAME", "the names of keys in the spec (default: all)")
    options.spec(parser)
    options.repeatable(parser, "--env", "ENV", "the environment to look at (default: all)")
    options.text_or_json(parser)
    group = parser.add_argument_group("a key that is not in the spec")
    group.add_argument("--variable", metavar="VARIABLE", help="the variable that holds it")
    add_recipe_arguments(group)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Check the keys, and show them with the results of their checks."""
    spec = _focused(arguments, load(arguments, streams))
    environments = selected(spec, arguments.env)
    rows = []
    with run_of(spec, streams) as made:
        report = made.check(environments, only=["key"])
        for name, entry in spec.entries(Key).items():
            for variable in entry.declared.variables:
                key = msgspec.structs.replace(entry.declared, variable=variable, previous=())
                called = name if variable == entry.declared.variable else f"{name}/{variable}"
                for environment, found in held(made, key, environments).items():
                    if called != name and found[0].text is None and not found[0].unknown:
                        continue  # a previous key that is no longer used
                    rows.append(_row(key, called, environment, found, report))
    if arguments.format == "json":
        streams.write_data(rows)
    else:
        named = recipe_fields(arguments)
        assumed = {name for name in _USUAL if arguments.variable and name not in named}
        streams.write("\n".join("\n".join(_lines(row, assumed)) + "\n" for row in rows))
    return report.exit_code()


def _focused(arguments: argparse.Namespace, spec: Spec) -> Spec:
    fields = recipe_fields(arguments)
    if arguments.variable is None:
        if fields:
            raise UsageError(
                f"--{next(iter(fields))} is only for a key that is not in the spec",
                "Add `--variable NAME`, or remove this option.",
            )
        keys = chosen_keys(spec, arguments.names)
        return msgspec.structs.replace(spec, sections={**spec.sections, Key.section: keys})
    if arguments.names:
        raise UsageError(
            "--variable can't be combined with names of keys", "Remove the names, or --variable."
        )
    name = arguments.variable
    nowhere = Location(file="the command line")
    key = msgspec.convert({**_USUAL, **fields, "variable": name}, Key)
    variables = dict(spec.variables)
    if name not in variables:
        declared = parse_variable(name, {"secret": True})
        variables[name] = Entry(name, declared, nowhere)
    entry = Entry(name, key, nowhere)
    made = msgspec.structs.replace(
        spec, sections={**spec.sections, VARIABLES: variables, Key.section: {name: entry}}
    )
    for flaw in lint(entry, made):
        raise UsageError(
            f"--{flaw.values.get('field', 'variable')}: {flaw.values.get('reason', '')}",
            "Choose a cipher and an encoding that fit together.",
        )
    return made


def _row(key: Key, called: str, environment: str, held: HeldKey, report: Report) -> dict[str, Any]:
    one, salts = held
    wanted = (environment, "key", called)
    findings = [f for f in report.findings if (f.environment, f.kind, f.subject) == wanted]
    need = NEEDS.get(key.cipher)
    return {
        "key": called,
        "environment": environment,
        "variable": key.variable,
        "source": one.source,
        "cipher": key.cipher,
        "needs": need.words if need else "a private key",
        "encoding": key.encoding,
        "decoder": key.decoder,
        "derive": _derivation(key),
        "outcome": str(max((f.outcome for f in findings), key=_RANKS.__getitem__)),
        "problems": [f.message for f in findings if f.message],
        "strength": _strength(key, one, findings),
        "check-value": None if one.text is None else check_value(key, one.text, salts),
        "expected-check-value": None if "/" in called else key.check_value_in(environment),
    }


_RANKS = {Outcome.PASS: 0, Outcome.SKIP: 1, Outcome.UNKNOWN: 2, Outcome.FAIL: 3}


def _derivation(key: Key) -> str:
    if isinstance(key.derive, str):
        return key.derive
    chosen = key.derive.chosen
    return next(n for n in key.derive.__struct_fields__ if getattr(key.derive, n) is chosen)


def _strength(key: Key, one: Held, findings: list[Finding]) -> str:
    """How strong a key is, in words; `unknown` without a key."""
    rules = {f.rule for f in findings}
    raw = None if one.text is None else decoded(key, one.text)
    if one.text is None or raw is None or isinstance(raw, DerivingProblem):
        return "unknown"
    if weakness(key, raw) == FROM_PASSWORD:
        return "guessable: derived from a common password"
    if "key-weak" in rules:
        return "weak"
    if "key-hex-as-text" in rules:
        return "half the strength of its length"
    if not any(f.outcome is Outcome.PASS for f in findings):
        return "unknown"
    random = key.encoding in BARE | STRUCTURED or bool(
        key.cipher == "age" and identities(one.text.encode(errors="surrogateescape"))
    )
    return "random" if random else "text without a visible pattern"


def _lines(row: dict[str, Any], assumed: Collection[str]) -> Iterator[str]:
    yield visible(f"{row['key']} in {row['environment']}")
    yield from Pen().table(
        [((a, ""), (visible(b), "")) for a, b in _facts(row, assumed)], indent="  "
    )


def _facts(row: dict[str, Any], assumed: Collection[str]) -> Iterator[tuple[str, str]]:
    said = {name: f", assumed without --{name}" for name in assumed}
    yield "variable", row["variable"] + (f", from {row['source']}" if row["source"] else "")
    lenient = ", leniently, as Node.js does" if row["decoder"] == "node" else ""
    derived = "" if row["derive"] == "none" else f", then {row['derive']}"
    yield "read as", row["encoding"] + lenient + derived + said.get("encoding", "")
    yield "cipher", f"{row['cipher']}, which needs {row['needs']}{said.get('cipher', '')}"
    words = {"pass": "passed", "fail": "failed", "skip": "skipped"}
    yield "check", words.get(row["outcome"], "unknown")
    for problem in row["problems"]:
        yield "", problem
    yield "strength", row["strength"]
    value, expected = row["check-value"], row["expected-check-value"]
    beside = ""
    if expected is not None and value is not None:
        same = expected == value
        beside = ", as in the spec" if same else f"; the spec expects {in_yaml(expected)}"
    yield "check value", (in_yaml(value) if value else "none") + beside

"""`assay key compare`: whether environments hold the same key, without showing anything of it.

Digests of the bytes that the application uses are compared, under a pepper that is discarded after
the run.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from assay.cli import options
from assay.cli.keys import HeldKey, chosen_keys, held
from assay.cli.project import load, run_of
from assay.comparison import Pepper
from assay.crypto import derived
from assay.errors import UsageError
from assay.model import Report
from assay.reporters.display import visible
from assay.selection import selected
from assay.words import listed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from assay.cli.streams import Streams
    from assay.kinds.key.spec import Key

EPILOG = """\
examples:
  assay key compare credentials development production
  assay key compare credentials                   all pairs of environments

exit codes:
  0 all are equal   1 some differ   3 none differ, but some can't be compared
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("name", metavar="NAME", help="the key's name in the spec")
    options.environments(parser, "(default: all)")
    options.spec(parser)
    options.text_or_json(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Compare, print, and decide."""
    spec = load(arguments, streams)
    key: Key = chosen_keys(spec, [arguments.name])[arguments.name].declared
    environments = selected(spec, arguments.environments)
    if len(environments) < 2:
        raise UsageError("only one environment is named", "Name at least two environments.")
    with run_of(spec, streams) as made:
        found = held(made, key, environments)
    pairs = compared(key, found)
    if arguments.format == "json":
        streams.write_data({"key": arguments.name, "variable": key.variable, "pairs": pairs})
    else:
        words = {"equal": "have the same key", "different": "have different keys"}
        for pair in pairs:
            unknown = f"can't be compared: {pair['reason']}"
            said = f"{listed(pair['environments'])} {words.get(pair['result'], unknown)}"
            streams.write(visible(f"{arguments.name}: {said}") + "\n")
    results = {pair["result"] for pair in pairs}
    if "different" in results:
        return Report.EXIT_FAIL
    return Report.EXIT_UNKNOWN if "unknown" in results else Report.EXIT_PASS


def compared(key: Key, found: Mapping[str, HeldKey]) -> list[dict[str, Any]]:
    """How the keys of each two environments compare: `equal`, `different` or `unknown`."""
    pepper = Pepper.of_run()
    marks: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for environment, (one, salts) in found.items():
        made = None if one.text is None else derived(key, one.text, salts)
        if isinstance(made, bytes):
            marks[environment] = pepper.digest("key", key.variable, made)
        else:
            why = one.reason if made is None else f"{key.variable} {made.reason}"
            reasons[environment] = f"{why} in {environment}"
    pairs = []
    for both in combinations(found, 2):
        why = "; ".join(reasons[e] for e in both if e in reasons)
        same = len({marks.get(e) for e in both}) == 1
        result = "unknown" if why else "equal" if same else "different"
        pairs.append({"environments": both, "result": result, "reason": why})
    return pairs

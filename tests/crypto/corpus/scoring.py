"""Scores an autopsy on the corpus, by the criteria of `README.md`.

Run by hand to see what is not right: `.venv/bin/python -m tests.crypto.corpus.scoring [CLASS]`.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from assay.crypto.autopsy import Case, Cause, Cluster, Confidence, Examiner
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.examination import fitting
from assay.crypto.recipes import Recipe
from assay.formats import FORMATS
from assay.kinds.credential.words import notes, violation_of

RIGHT, VAGUE, FALSE_PROVEN, FALSE_LIKELY = "right", "vague", "false and proved", "false and likely"
_VAGUE = frozenset(("key-unknown", "unexplained", "malformed", "key-unusable"))
_OF_BYTES = frozenset(("bytes-changed", "bytes-lost", "bytes-added"))
"""True of a wrapper too, and vague: it says what was added, and not why."""
_SURENESS = {"uncertain": 0, "likely": 1, "proven": 2}
_ABOUT = {
    "column": "secret",
    "rows": "row 1",
    "key": "app",
    "variable": "APP_KEY",
    "environment": "production",
}


class Verdict(NamedTuple):
    """What became of one group of rows."""

    case: str
    group: int
    outcome: str
    found: str
    words: str


@cache
def corpus() -> tuple[dict[str, Any], ...]:
    """Every case."""
    return tuple(json.loads((Path(__file__).parent / "corpus.json").read_text(encoding="utf-8")))


def declared(made: dict[str, Any]) -> Case:
    """What the spec of a case says."""
    plaintext = made.get("plaintext")
    return Case(
        envelope=ENVELOPES.parse(made["envelope"]),
        recipe=msgspec.convert(made["recipe"], Recipe),
        variable="APP_KEY",
        text=made["env"],
        previous=made.get("previous", {}),
        suspects=made.get("suspects", {}),
        identity=("id",),
        fits=None if plaintext is None else fitting(FORMATS.parse(plaintext)),
        expected="of the declared type",
    )


def cells(made: dict[str, Any]) -> list[bytes]:
    """What the column holds."""
    return [
        bytes.fromhex(row["hex"]) if "hex" in row else row["text"].encode() for row in made["rows"]
    ]


def examined(made: dict[str, Any]) -> tuple[int, dict[int, list[Cause]]]:
    """How many rows open, and the causes of the others by their number."""
    rows = cells(made)
    examiner = Examiner(declared(made), "secret")
    examiner.add(rows, [(str(at),) for at in range(len(rows))])
    census = examiner.census()
    causes: dict[int, list[Cause]] = {}
    for cluster in census.clusters:
        for (identity,) in cluster.identities:
            causes.setdefault(int(identity), []).append(cluster.cause)
    return census.opened, causes


def words(cause: Cause) -> str:
    """All that a person reads of a cause."""
    violation = violation_of(cause, **_ABOUT)
    return "\n".join((violation.message, violation.remedy, *notes(cause)))


def judged(made: dict[str, Any]) -> list[Verdict]:
    """A verdict on each group of rows, and on the healthy ones."""
    opened, causes = examined(made)
    verdicts = []
    sick: set[int] = set()
    for number, expected in enumerate(made["expected"]):
        rows = expected.get("rows", range(len(made["rows"])))
        sick.update(rows)
        vague = _VAGUE | _OF_BYTES if made["class"] == "wrapper" else _VAGUE
        outcomes = [_row(causes.get(row, []), expected, vague) for row in rows]
        if outcomes:
            worst = min(outcomes, key=lambda one: _ORDER.index(one[0]))
            verdicts.append(Verdict(made["name"], number, *worst))
    wrong = [cause for row, found in causes.items() if row not in sick for cause in found]
    if "healthy" in made:
        good = not wrong and opened == made["healthy"]
        outcome = RIGHT if good else _false(wrong)
        verdicts.append(Verdict(made["name"], -1, outcome, *_shown(wrong)))
    return verdicts


_ORDER = (FALSE_PROVEN, FALSE_LIKELY, VAGUE, RIGHT)


def _row(
    found: list[Cause], expected: dict[str, Any], vague: frozenset[str]
) -> tuple[str, str, str]:
    fitting_ones = [cause for cause in found if cause.code.value in expected["codes"]]
    others = [cause for cause in found if cause not in fitting_ones]
    for cause in fitting_ones:
        sure = _SURENESS[cause.confidence.value] <= _SURENESS[expected["sure"]]
        if sure and re.search(expected["says"], words(cause)) is not None:
            return (RIGHT, *_shown([cause]))
    if fitting_ones:
        cause = fitting_ones[0]
        over = _SURENESS[cause.confidence.value] > _SURENESS[expected["sure"]]
        sure = over and cause.code.value not in vague
        return (FALSE_PROVEN if sure else VAGUE, *_shown(fitting_ones))
    if not others:
        return (FALSE_LIKELY, "opens", "")
    return (_false(others, vague), *_shown(others))


def _false(found: list[Cause], vague: frozenset[str] = _VAGUE) -> str:
    wrong = [cause for cause in found if cause.code.value not in vague]
    if not wrong:
        return VAGUE
    sure = {cause.confidence for cause in wrong}
    if Confidence.PROVEN in sure:
        return FALSE_PROVEN
    return FALSE_LIKELY if Confidence.LIKELY in sure else VAGUE


def _shown(found: list[Cause]) -> tuple[str, str]:
    told = [
        f"{c.code.value}{f'/{c.case}' if c.case else ''} ({c.confidence.value})" for c in found[:2]
    ]
    return ", ".join(told), words(found[0]) if found else ""


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Print what is not right."""
    Cluster.KEPT = 10_000
    asked = " ".join(sys.argv[1:])
    tally: dict[str, Counter[str]] = {}
    for made in corpus():
        if asked and asked not in made["name"]:
            continue
        for verdict in judged(made):
            tally.setdefault(made["class"], Counter())[verdict.outcome] += 1
            if verdict.outcome != RIGHT:
                _print(f"{verdict.outcome}: {verdict.case} [{verdict.group}]: {verdict.found}")
                if asked:
                    _print("    " + verdict.words.replace("\n", "\n    "))
    total = sum(tally.values(), Counter())
    for name, counted in (*tally.items(), ("all", total)):
        count = sum(counted.values())
        shares = ", ".join(f"{counted[one]} {one}" for one in _ORDER)
        _print(f"{name}: {count} groups, {100 * counted[RIGHT] / count:.1f} % right: {shares}")


if __name__ == "__main__":
    main()

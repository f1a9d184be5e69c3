"""What is wrong with an entry of `parity` beyond its shape: names, and what contradicts it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import combinations
from typing import TYPE_CHECKING, Any

from assay.kind import Entry, Flaw
from assay.kinds.database.spec import Database
from assay.kinds.parity.spec import DEFAULT, OnlyIn, Parity, is_pattern
from assay.spec import rules
from assay.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.comparison import Demand
    from assay.spec.document import Spec

Path = tuple[str | int, ...]


def lint(entry: Entry[Parity], spec: Spec) -> Iterator[Flaw]:
    """Unknown environments and variables, outsiders, entries that say nothing or contradict."""
    parity: Parity = entry.declared
    yield from _environments(parity, spec)
    for name, said in parity.variables.items():
        path: Path = ("variables", name)
        if name != DEFAULT:
            yield from _variable(path, name, spec, on_key=True)
        if isinstance(said, OnlyIn):
            for index, environment in enumerate(said.only_in):
                expected = "one of the environments that are compared here"
                where = (*path, "only-in", index)
                yield from _unknown(where, environment, parity.between, expected, advice="between")
        if name in parity.ignore:
            reason = f"{name} is ignored, and compared"
            yield Flaw(rules.PARAMETER, path, _field("variables", reason), on_key=True)
    for index, name in enumerate(parity.ignore):
        yield from _variable(("ignore", index), name, spec)
    if parity.tables is not None and not spec.entries(Database):
        reason = "there are none, since the spec declares no databases"
        yield Flaw(rules.PARAMETER, ("tables",), _field("tables", reason), on_key=True)
    if not parity.variables and not parity.ignore and parity.tables is None:
        reason = "nothing is compared and nothing ignored; name variables, or `default`"
        yield Flaw(rules.PARAMETER, (), _field("variables", reason))
    yield from _contradictions(entry, spec)


def _environments(parity: Parity, spec: Spec) -> Iterator[Flaw]:
    for index, name in enumerate(parity.between):
        yield from _unknown(("between", index), name, spec.environments, "an environment")
        if name in parity.between[:index]:
            reason = f"{name} stands twice in the list"
            yield Flaw(rules.PARAMETER, ("between", index), _field("between", reason))


def _variable(path: Path, name: str, spec: Spec, *, on_key: bool = False) -> Iterator[Flaw]:
    if not is_pattern(name):
        expected = "a variable that the spec declares"
        yield from _unknown(path, name, spec.variables, expected, on_key=on_key)
    elif not any(fnmatchcase(known, name) for known in spec.variables):
        values: dict[str, Any] = {
            "name": name,
            "expected": "the pattern of any variable that the spec declares",
            "advice": "pattern",
        }
        yield Flaw(rules.UNKNOWN_NAME, path, values, on_key=on_key)


def _unknown(  # noqa: PLR0913 - the parts of one sentence
    path: Path,
    name: str,
    known: Iterable[str],
    expected: str,
    *,
    on_key: bool = False,
    advice: str = "",
) -> Iterator[Flaw]:
    if name not in known:
        values = {
            "name": name,
            "expected": expected,
            "similar": closest(name, known) or "",
            "advice": advice,
        }
        yield Flaw(rules.UNKNOWN_NAME, path, values, on_key=on_key)


def _field(field: str, reason: str) -> dict[str, str]:
    return {"field": field, "reason": reason}


def _contradictions(entry: Entry[Parity], spec: Spec) -> Iterator[Flaw]:
    """What an entry asks otherwise than an earlier one, of one variable and pair."""
    mine: Parity = entry.declared
    for other in spec.entries(Parity).values():
        if other.name == entry.name:
            return
        theirs: Parity = other.declared
        pairs = list(
            combinations([e for e in dict.fromkeys(mine.between) if e in theirs.between], 2)
        )
        if not pairs:
            continue
        both = f"{pairs[0][0]} and {pairs[0][1]}"
        told: set[str] = set()
        for name in spec.variables:
            asked, known = mine.explicit(name), theirs.explicit(name)
            place = _place(mine, name)
            if asked and known and place not in told and not _agree(asked, known, pairs):
                told.add(place)
                path = ("variables", place) if place in mine.variables else _ignored(mine, name)
                yield _contradiction(name, asked, known, other.name, both, path)
        if mine.default and theirs.default and not _agree(mine.default, theirs.default, pairs):
            yield _contradiction(
                DEFAULT, mine.default, theirs.default, other.name, both, ("variables", DEFAULT)
            )


def _place(parity: Parity, name: str) -> str:
    return name if parity.ignores(name) else parity.spoken(name) or name


def _ignored(parity: Parity, name: str) -> Path:
    fitting = (n for n, p in enumerate(parity.ignore) if fnmatchcase(name, p))
    return ("ignore", next(fitting, 0))


def _agree(left: Demand, right: Demand, pairs: list[tuple[str, str]]) -> bool:
    common = {name for pair in pairs for name in pair}
    allowed = (common & set(left.only_in), common & set(right.only_in))
    return left.word == right.word and allowed[0] == allowed[1]


def _contradiction(  # noqa: PLR0913, PLR0917 - the parts of one sentence
    name: str, asked: Demand, known: Demand, other: str, both: str, path: Path
) -> Flaw:
    values = {"name": name, "asked": str(asked), "known": str(known), "other": other, "both": both}
    return Flaw(rules.CONTRADICTION, path, values, on_key=path[0] == "variables")

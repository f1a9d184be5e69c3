"""What is wrong with an entry of `parity` beyond its shape: names, and what contradicts it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from assay.kind import Entry, Flaw
from assay.kinds.database.spec import Database
from assay.kinds.flaws import bad, unknown
from assay.kinds.parity.spec import DEFAULT, OnlyIn, Parity, is_pattern
from assay.spec import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.comparison import Demand
    from assay.spec.document import Spec

Path = tuple[str | int, ...]


def lint(entry: Entry[Parity], spec: Spec) -> Iterator[Flaw]:
    """Unknown environments and variables, outsiders, entries that say nothing or contradict."""
    parity = entry.declared
    yield from _environments(parity, spec)
    for name, said in parity.variables.items():
        path: Path = ("variables", name)
        if name != DEFAULT:
            yield from _variable(path, name, spec, on_key=True)
        if isinstance(said, OnlyIn):
            for index, environment in enumerate(said.only_in):
                expected = "one of the environments that are compared here"
                where = (*path, "only-in", index)
                yield from unknown(where, environment, parity.between, expected, advice="between")
        if name in parity.ignore:
            yield bad(
                path,
                "variables",
                f"{name} is ignored, and compared",
                f"Remove {name} from `ignore` or from `variables`.",
                on_key=True,
            )
    for index, name in enumerate(parity.ignore):
        yield from _variable(("ignore", index), name, spec)
    if parity.tables is not None and not spec.entries(Database):
        reason = "there are none, since the spec declares no databases"
        yield bad(("tables",), "tables", reason, on_key=True)
    read = entry.name not in spec.unread(Parity.section)
    if read and not parity.variables and not parity.ignore and parity.tables is None:
        reason = "nothing is compared and nothing ignored; name variables, or `default`"
        step = "Write what is asked of all variables, as in `variables: {default: shape}`."
        yield bad((), "variables", reason, step)
    yield from _contradictions(entry, spec)


def _environments(parity: Parity, spec: Spec) -> Iterator[Flaw]:
    for index, name in enumerate(parity.between):
        yield from unknown(("between", index), name, spec.environments, "an environment")
        if name in parity.between[:index]:
            reason = f"{name} stands twice in the list"
            yield bad(("between", index), "between", reason, "Remove one of the two.")


def _variable(path: Path, name: str, spec: Spec, *, on_key: bool = False) -> Iterator[Flaw]:
    if not is_pattern(name):
        expected = "a variable that the spec declares"
        yield from unknown(path, name, spec.variables, expected, on_key=on_key)
    elif not any(fnmatchcase(known, name) for known in spec.variables):
        expected = "the pattern of any variable that the spec declares"
        yield from unknown(path, name, (), expected, on_key=on_key, advice="pattern")


def _contradictions(entry: Entry[Parity], spec: Spec) -> Iterator[Flaw]:
    """What an entry asks otherwise than an earlier one, of one variable and pair."""
    mine = entry.declared
    for other in spec.entries(Parity).values():
        if other.name == entry.name:
            return
        theirs = other.declared
        both = [name for name in dict.fromkeys(mine.between) if name in theirs.between]
        if len(both) < 2:
            continue
        asked = [(name, mine.explicit(name), theirs.explicit(name)) for name in spec.variables]
        told: set[str] = set()
        for name, own, known in (*asked, (DEFAULT, mine.default, theirs.default)):
            exact = name == DEFAULT or mine.ignores(name)
            place = name if exact else mine.spoken(name) or name
            if own and known and place not in told and not _agree(own, known, both):
                told.add(place)
                path: Path = ("variables", place)
                if place not in mine.variables:
                    fitting = (n for n, p in enumerate(mine.ignore) if fnmatchcase(name, p))
                    path = ("ignore", next(fitting, 0))
                values = {"name": name, "asked": str(own), "known": str(known)}
                values |= {"other": other.name, "both": f"{both[0]} and {both[1]}"}
                yield Flaw(rules.CONTRADICTION, path, values, on_key=path[0] == "variables")


def _agree(left: Demand, right: Demand, common: list[str]) -> bool:
    allowed = (set(common) & set(left.only_in), set(common) & set(right.only_in))
    return left.word == right.word and allowed[0] == allowed[1]

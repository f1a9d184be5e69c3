"""What a spec demands of values between environments, and which of its demands holds where."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar

import msgspec

from assay.comparison import Demand, Pair
from assay.kinds.fields import Loosens, Relation, Said, SeverityName, about, described, meaning
from assay.kinds.key.entries import SECTION, keys_of
from assay.spec.narrows import EXEMPTING, GROWING, SEVERITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.spec.document import Spec

T = TypeVar("T")
DEFAULT = "default"
"""What stands instead of a name for the variables that nothing else speaks of."""
ANY = Demand("any")


class OnlyIn(Said, frozen=True, kw_only=True):
    """The only environments that may set it."""

    only_in: Annotated[
        tuple[str, ...],
        about(
            "The environments, of those between which it is compared.",
            [["production"]],
            min_length=1,
        ),
    ]


TableRelation = Annotated[
    Literal["same", "identical", "any"],
    meaning(
        {
            "same": "Every environment must have it, with the same columns and types.",
            "identical": "Defaults, keys, indexes, checks, extensions, policies and grants must be "
            "the same too.",
            "any": "Nothing is compared.",
        }
    ),
]


class Parity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """How the values of some environments must compare."""

    section: ClassVar[str] = "parity"

    between: Annotated[
        tuple[str, ...],
        about(
            "The environments; those of them that a run looks at are compared.",
            [["development", "production"]],
            min_length=2,
        ),
        GROWING,
    ]
    variables: Annotated[
        dict[str, Relation | OnlyIn],
        about(
            "What is asked of which variable. `*` in a name stands for any text, and "
            "`default` for all variables that say nothing themselves.",
            [{"default": "shape", "DATABASE_URL": "different"}],
        ),
    ] = {}
    ignore: Annotated[
        tuple[str, ...],
        about(
            "Variables that are not compared here, whatever they say themselves.",
            [["PORT", "LOCAL_*"]],
        ),
        EXEMPTING,
    ] = ()
    tables: Annotated[
        TableRelation | dict[str, TableRelation] | None,
        about(
            "What is asked of the tables of every database: of all, or by name. `*` "
            "in a name stands for any text, and `default` for tables that are not named; a list "
            "of names asks `same` of each.",
            ["same", ["tenants", "invoices"], {"default": "same", "_prisma_migrations": "any"}],
        ),
    ] = None
    description: Annotated[str, described("Why they must agree")] = ""
    severity: Annotated[
        SeverityName, about("How bad it is where they don't compare so."), SEVERITY
    ] = "error"
    loosens: Loosens = ()

    def spoken(self, name: str) -> str | None:
        """The name or pattern of `variables` that speaks of a variable; the most exact one."""
        if name in self.variables and name != DEFAULT:
            return name
        return _closest(name, self.variables)

    def ignores(self, name: str) -> bool:
        """Whether a variable is not compared here; a name that is spoken of exactly is."""
        return name in self.ignore or (
            self.spoken(name) != name and any(fnmatchcase(name, p) for p in self.ignore)
        )

    def explicit(self, name: str) -> Demand | None:
        """What is asked of a variable by name, by pattern or by `ignore`."""
        if self.ignores(name):
            return ANY
        spoken = self.spoken(name)
        return None if spoken is None else _demand(self.variables[spoken])

    def of_table(self, name: str) -> str | None:
        """What is asked of a table: `same`, `identical` or `any`; None if nothing is said."""
        if self.tables is None or isinstance(self.tables, str):
            return self.tables
        if name in self.tables and name != DEFAULT:
            return self.tables[name]
        return self.tables.get(_closest(name, self.tables) or DEFAULT)

    @property
    def default(self) -> Demand | None:
        """What is asked of the variables that nothing else speaks of."""
        return _demand(self.variables[DEFAULT]) if DEFAULT in self.variables else None


def _closest(name: str, patterns: Iterable[str]) -> str | None:
    """The longest pattern that a name fits."""
    fitting = [p for p in patterns if is_pattern(p) and fnmatchcase(name, p)]
    return max(fitting, key=len, default=None)


def _demand(said: str | OnlyIn) -> Demand:
    return Demand("only-in", said.only_in) if isinstance(said, OnlyIn) else Demand(said)


def is_pattern(name: str) -> bool:
    """Whether a name stands for others."""
    return any(sign in name for sign in "*?[")


def parse_parity(_name: str, data: Any) -> Parity:
    """An entry from its YAML data; raises `msgspec.ValidationError` for a wrong shape."""
    tables = data.get("tables") if isinstance(data, dict) else None
    if isinstance(tables, list) and tables and all(isinstance(name, str) for name in tables):
        data = {**data, "tables": dict.fromkeys(tables, "same")}
    return msgspec.convert(data, Parity)


class NameScope(msgspec.Struct, frozen=True, kw_only=True):
    """One demand on one name between some environments."""

    sort: Literal["variable", "key"] = "variable"
    name: str
    demand: Demand
    environments: tuple[str, ...]
    """Those that are compared, in the order of the spec."""
    pairs: tuple[Pair, ...]
    """Which of them with which."""
    path: tuple[str | int, ...]
    """The field of the spec that demands it."""
    severity: str = "error"


def scopes(spec: Spec, environments: Iterable[str]) -> Iterator[NameScope]:
    """Every demand of a spec between the given environments, each pair and name at most once.

    What an entry says of a variable by name wins over the variable's own `parity`, and that over
    the `default` of an entry.
    """
    ordered = _ordered(spec, environments)
    if len(ordered) < 2:
        return
    for name, variable in spec.used.items():
        only = variable.declared.variable.only_in
        belongs = [environment for environment in ordered if not only or environment in only]
        said = list(_said(spec, name, belongs))
        for one, some, pairs in _shared(said, [one.between for one in said], belongs):
            if one.demand != ANY:
                yield NameScope(
                    name=name,
                    demand=one.demand,
                    environments=some,
                    pairs=pairs,
                    path=one.path,
                    severity=one.severity,
                )
    for name, key in keys_of(spec).items():
        if key.declared.parity != "any":
            yield NameScope(
                sort="key",
                name=name,
                demand=Demand(key.declared.parity),
                environments=tuple(ordered),
                pairs=tuple(combinations(ordered, 2)),
                path=(SECTION, name, "parity"),
            )


def _ordered(spec: Spec, environments: Iterable[str]) -> list[str]:
    chosen = set(environments)
    return [name for name in spec.environments if name in chosen]


def _shared(
    asking: Iterable[T], between: Iterable[Iterable[str]], ordered: list[str]
) -> Iterator[tuple[T, tuple[str, ...], tuple[Pair, ...]]]:
    """Whoever asks something of environments, with those, by pairs; the first wins for a pair."""
    free = set(combinations(ordered, 2))
    for one, wanted in zip(asking, between, strict=True):
        known = [name for name in ordered if name in wanted]
        pairs = tuple(pair for pair in combinations(known, 2) if pair in free)
        free.difference_update(pairs)
        if pairs:
            yield one, tuple(n for n in known if any(n in pair for pair in pairs)), pairs


class _Said(NamedTuple):
    """What one place of the spec asks of a variable."""

    demand: Demand
    between: Iterable[str]
    path: tuple[str | int, ...]
    severity: str


def _said(spec: Spec, name: str, everywhere: Iterable[str]) -> Iterator[_Said]:
    """What is asked of a variable; what comes first wins where both speak of a pair."""
    entries = spec.entries(Parity)
    for key, entry in entries.items():
        parity = entry.declared
        if (demand := parity.explicit(name)) is not None:
            path = ("parity", key, "variables", parity.spoken(name) or DEFAULT)
            yield _Said(demand, parity.between, path, parity.severity)
    own = spec.variables[name].declared.variable.parity
    if own != "any":
        yield _Said(Demand(own), everywhere, ("variables", name, "parity"), "error")
    for key, entry in entries.items():
        parity = entry.declared
        if (demand := parity.default) is not None:
            path = ("parity", key, "variables", DEFAULT)
            yield _Said(demand, parity.between, path, parity.severity)


class TableScope(msgspec.Struct, frozen=True, kw_only=True):
    """What one entry asks of tables between some environments."""

    name: str
    """Of the entry."""
    parity: Parity
    environments: tuple[str, ...]
    """Those that are compared, in the order of the spec."""
    pairs: tuple[Pair, ...]

    @property
    def path(self) -> tuple[str | int, ...]:
        """The field of the spec that asks it."""
        return ("parity", self.name, "tables")


def table_scopes(spec: Spec, environments: Iterable[str]) -> Iterator[TableScope]:
    """What is asked of tables between the given environments; the first entry wins for a pair."""
    asking = [one for one in spec.entries(Parity).values() if one.declared.tables is not None]
    between = [one.declared.between for one in asking]
    for one, some, pairs in _shared(asking, between, _ordered(spec, environments)):
        if one.declared.tables != "any":
            yield TableScope(name=one.name, parity=one.declared, environments=some, pairs=pairs)

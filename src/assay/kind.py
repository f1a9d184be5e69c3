"""Kinds and checks: what a sort of check is, and one check of it.

A kind is a plain module that ends with `KIND = Kind(...)`. Its evaluation is a generator that
yields violations and nothing where all is well; the engine adds place, environment and outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import msgspec

from assay.model import Location, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from assay.facts import Facts, Query
    from assay.model import Violation
    from assay.spec.document import Spec

M = TypeVar("M")


class CheckId(NamedTuple):
    """What names a check within a run, so that others can depend on it."""

    kind: str
    environment: str
    subject: str


class Flaw(NamedTuple):
    """Something wrong with a spec entry that its shape alone does not show."""

    rule: Rule
    path: tuple[str | int, ...]
    """The field below the entry."""
    values: dict[str, str]
    spot: tuple[int, int, int] | None = None
    """Line, column and length within the field's own text, counted from 1."""
    on_key: bool = False
    """Whether the field's name is to blame, not its value."""
    sensitive: bool = False
    """Whether the field's text must not be shown."""


class Entry(NamedTuple):
    """One named entry of a section: what its kind made of it, and its place."""

    name: str
    declared: Any
    location: Location


class Kind(msgspec.Struct, Generic[M], frozen=True, kw_only=True):
    """A sort of check. `M` is what one of its checks holds: its spec and what that refers to."""

    name: str
    section: str
    """The top-level field of the spec that declares checks of this kind."""
    rules: tuple[Rule, ...]
    doc: str
    """The module's docstring: the first paragraph of the kind's page."""
    parse: Callable[[str, Any], Any]
    """Makes an entry of the section's data; raises `msgspec.ValidationError` for a wrong shape."""
    shape: Callable[[], dict[str, Any]]
    """The JSON Schema of one entry, derived from the types that `parse` makes."""
    lint: Callable[[Entry, Spec], Iterator[Flaw]]
    """What is wrong with an entry that its shape does not show; offline."""
    checks: Callable[[Spec, str], Iterator[Check[M]]]
    """The checks of this kind in one environment of a spec."""
    needs: Callable[[M], Iterable[Query[Any]]]
    """What must be asked before `evaluate`; asked once for all checks."""
    evaluate: Callable[[M, Facts], Iterator[Violation]]
    """Pure: what is wrong, given the facts."""
    partial: bool = False
    """Whether only some facts are unknown after a check of this kind failed: then the checks that
    require it are skipped if they need one of those."""
    first: Callable[[M], Iterable[Query[Any]]] | None = None
    """What must be asked before `applies`; only for kinds that have it."""
    applies: Callable[[M, Facts], None] | None = None
    """Raises `NotApplicable` where the check does not apply; then `needs` is never asked.

    For kinds whose queries contact what a condition may exempt, such as a database.
    """
    across: Callable[[Spec, tuple[str, ...]], Iterator[Check[M]]] | None = None
    """The checks of this kind that compare several environments, of those that a run looks at.

    Their `environment` names those that they compare: `development, production`.
    """


class Check(msgspec.Struct, Generic[M], frozen=True, kw_only=True):
    """One thing to verify in one environment."""

    kind: Kind[M]
    subject: str
    environment: str
    model: M
    location: Location | None
    """Where the spec declares it."""
    across: tuple[str, ...] = ()
    """The environments that it compares, if it compares any."""
    group: str = ""
    """The heading that documents list it under; `--only` selects by it too."""
    also: tuple[str, ...] = ()
    """Further names that `--only` selects it by, such as the variable that a key is made of."""
    requires: tuple[CheckId, ...] = ()
    """Checks that must not fail or be unknown for this one to make sense."""

    @property
    def id(self) -> CheckId:
        """The check's name within a run."""
        return CheckId(self.kind.name, self.environment, self.subject)


def source_checks(spec: Spec, environment: str) -> tuple[CheckId, ...]:
    """The checks of an environment's sources: without them nothing is known of its values."""
    return tuple(
        CheckId("source", environment, source.label)
        for source in spec.environments[environment].values
    )


class NotApplicable(Exception):  # noqa: N818 - an answer, not an error
    """Raised by `evaluate` where a check's condition says that it does not apply here."""

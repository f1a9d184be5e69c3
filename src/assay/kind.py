"""Kinds and checks: what a kind of check is, and one check of it.

A kind is a plain module that ends with `KIND = Kind(...)`. Its evaluation is a generator that
yields violations, or nothing if all is well; the engine adds place, environment and outcome.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from assay.model import Category, Location, Rule
from assay.registry import used

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from assay.comparison import Cell, Pepper
    from assay.document_kind import Parameters
    from assay.facts import Facts, Query, Setting
    from assay.model import Violation
    from assay.spec.document import Spec
    from assay.spec.narrows import NarrowsAny

M = TypeVar("M")


class RuleMaker:
    """Makes the rules of a module, most of them of one category, and lists them."""

    def __init__(self, category: Category) -> None:
        self._category = category
        self.made: tuple[Rule, ...] = ()
        """The rules, in the order in which they stand in the module."""

    def __call__(self, code: str, message: str, remedy: str, why: str, **more: Any) -> Rule:
        """A rule; `more` are its further fields."""
        texts = {"code": code, "message": message, "remedy": remedy, "why": why}
        rule = Rule(**{"category": self._category, **texts, **more})
        self.made = (*self.made, rule)
        return rule


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


class SectionEntry(Protocol):
    """What a kind makes of an entry of its section."""

    section: ClassVar[str]
    """The top-level field of the spec that declares it."""


class Entry(NamedTuple, Generic[M]):
    """One named entry of a section: what its kind made of it, and its place."""

    name: str
    declared: M
    location: Location

    def check(
        self, kind: Kind[Subject[M]], spec: Spec, environment: str, **more: Any
    ) -> Check[Subject[M]]:
        """The check of the entry in one environment; `more` are further fields of it."""
        model = Subject(name=self.name, declared=self.declared, environment=environment, spec=spec)
        fields: dict[str, Any] = {"subject": self.name, "location": self.location, **more}
        return Check(kind=kind, environment=environment, **{"model": model, **fields})


class Subject(msgspec.Struct, Generic[M], frozen=True, kw_only=True):
    """An entry in one environment: what the checks of most kinds hold."""

    name: str
    declared: M
    environment: str
    spec: Spec


def deferred(place: str) -> Callable[..., Any]:
    """The function at `module:function`, whose module is imported when it is called.

    For what few commands need of a kind.
    """
    module, _, name = place.partition(":")

    def call(*arguments: Any) -> Any:
        return getattr(import_module(module), name)(*arguments)

    return call


class Kind(msgspec.Struct, Generic[M], frozen=True, kw_only=True):
    """A kind of check. `M` is what one of its checks holds: its spec and what that refers to."""

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
    definitions: Callable[[], dict[str, Any]] | None = None
    """What the schema of the language defines once, for this kind and others to refer to."""
    for_editors: Callable[[dict[str, Any]], None] | None = None
    """Adds to the schema of the language what only editors understand."""
    completed: Callable[[Any], Any] = lambda entry: entry
    """An entry with what it means by default, to be judged by the schema."""
    lint: Callable[[Entry[Any], Spec], Iterator[Flaw]]
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
    live: bool = False
    """Whether its checks look at running systems; offline they are left out."""
    compared_by: tuple[str, ...] = ()
    """Sections whose kinds may compare its entries between environments, even if a spec says
    nothing in them."""
    subjects: bool = True
    """Whether its findings are about entries of its section; waivers can name only those then."""
    stand_in: Any = msgspec.UNSET
    """What stands for an entry that can't be understood; without it the entry is left out."""
    noun: str = ""
    """What one entry is called in counts, if that is not the section's name without its `s`."""
    fields: type[msgspec.Struct] | None = None
    """The type whose annotations say how an entry's fields merge; see `assay.spec.narrows`."""
    narrows: NarrowsAny | None = None
    """Whether a field that the type does not have demands as much as before."""
    tell: Callable[[Spec, Parameters], Mapping[str, Any]] | None = None
    """What documents report its entries: values for their templates, by name."""
    prepare: Callable[[Spec, Parameters], Iterable[str]] | None = None
    """The statements that a person runs to set up what its entries demand."""
    cells: Callable[[Spec, str, Mapping[str, Setting], Pepper], Mapping[str, Cell]] | None = None
    """What may be compared of its entries in an environment, by what the environment sets."""
    values: Callable[[Spec, Mapping[str, Setting]], Mapping[str, str]] | None = None
    """The values of its entries that may be shown where environments are compared."""
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


def checks_by(
    kind: Kind[M], environment: str, make: Callable[[], Iterable[Check[M]]]
) -> list[Check[Any]]:
    """The checks that a kind makes; one that fails as it did if its plug-in can't make them."""
    try:
        return [check for check in make() if check.kind]
    except (Exception, SystemExit) as error:
        if not any(kind.section in plugin.places("kinds") for plugin in used()):
            raise
        return [_failing(kind, environment, error)]


def _failing(kind: Kind[M], environment: str, error: BaseException) -> Check[Any]:
    def evaluate(_model: Any, _facts: Facts) -> Iterator[Violation]:
        raise error

    broken = msgspec.structs.replace(
        kind, needs=lambda _: (), evaluate=evaluate, first=None, applies=None
    )
    return Check(
        kind=broken, subject=kind.section, environment=environment, model=None, location=None
    )


def source_checks(spec: Spec, environment: str) -> tuple[CheckId, ...]:
    """The checks of an environment's sources: without them nothing is known of its values."""
    return tuple(
        CheckId("source", environment, source.label)
        for source in spec.environments[environment].values
    )


class NotApplicable(Exception):  # noqa: N818 - an answer, not an error
    """Raised by `evaluate` where a check's condition says that it does not apply here."""

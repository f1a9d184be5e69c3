"""Questions about the world, and what the answers may be.

A query is a hashable value, typed by its answer. Probes answer queries with facts, or say with
`Unobservable` why they could not look. Nothing here touches the world.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import msgspec

from assay.model import Location
from assay.redacted import REDACTED, redacted

A = TypeVar("A")
if TYPE_CHECKING:
    _Variables = Mapping[str, str]
else:
    _Variables = object  # trackers of errors walk through whatever is a Mapping


@redacted()
class Secret:
    """A value from an environment. Nothing but `reveal` gives it away.

    Every value is one, whether or not its spec calls it secret: what may be shown is decided where
    it is shown, not where it is read.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for evaluation only."""
        return self._value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest

        mine, theirs = self._value, other._value
        return compare_digest(
            mine.encode("utf-8", "surrogateescape"), theirs.encode("utf-8", "surrogateescape")
        )

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __str__(self) -> str:
        return REDACTED

    def __format__(self, spec: str) -> str:
        return REDACTED


@redacted()
class Variables(_Variables):
    """The variables of a process. Who prints them, or the frame that they stand in, sees none."""

    __slots__ = ("secrets",)

    def __init__(self, secrets: Mapping[str, Secret]) -> None:
        self.secrets: Mapping[str, Secret] = secrets
        """Every value, still hidden."""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Variables:
        """The same variables, as they are now."""
        if isinstance(given, Variables):
            return given
        return cls(
            {name: one if isinstance(one := given[name], Secret) else Secret(one) for name in given}
        )

    def __getitem__(self, name: str) -> str:
        return self.secrets[name].reveal()

    def __iter__(self) -> Iterator[str]:
        return iter(self.secrets)

    def __len__(self) -> int:
        return len(self.secrets)

    def __contains__(self, name: object) -> bool:
        return name in self.secrets

    def keys(self) -> Any:
        """The names."""
        return self.secrets.keys()

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name, or what stands for one that isn't set."""
        found = self.secrets.get(name)
        return default if found is None else found.reveal()


class State(StrEnum):
    """What is known of a value; each is reported in its own way."""

    READABLE = "readable"
    EMPTY = "empty"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    DIGEST = "digest"
    DENIED = "denied"


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One name in one environment: its state, its value if readable, and where it came from."""

    state: State
    value: Secret | None = None
    source: str = ""
    """The source in words, such as `.env.local` or `the process environment`."""
    location: Location | None = None
    """Where the value stands."""
    name_location: Location | None = None
    """Where the name stands."""
    expanded: bool = False
    """Whether the raw text at `location` holds what its dialect replaces, such as a default."""
    in_project: bool = False
    """Whether it stands in a file of the project, which whoever changes the project may change."""
    borrowed: tuple[str, ...] = ()
    """Names of the process whose values an expansion in a file put into it."""
    lost: tuple[str, ...] = ()
    """Names that an expansion in the raw text looked up in vain, such as `abc` of `$abc`."""
    dialect: str = ""
    misread: str = ""
    """What the loader made of the raw text that nobody meant: a case of `hygiene.misread`."""
    detail: str = ""
    """Why it can't be read, for the states that say so."""

    @property
    def text(self) -> str | None:
        """The value where it is readable and not empty."""
        readable = self.state is State.READABLE and self.value is not None
        return self.value.reveal() if readable and self.value is not None else None


class Unobservable(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a query that could not be looked up, and why."""

    reason: str
    remedy: str = ""


class Lost(Unobservable, frozen=True, kw_only=True):
    """The answer about a value that may be in a source that can't be read; no later one sets it."""

    source: str
    """The source, as messages name it."""


class Query(msgspec.Struct, Generic[A], frozen=True):
    """A question. Equal questions are asked once; `A` is the type of its answer."""


class Value(Query[Setting], frozen=True):
    """How one name is set in one environment."""

    environment: str
    name: str


class Listing(Query[Mapping[str, Setting]], frozen=True):
    """Every name that one environment's sources set, whether declared or not."""

    environment: str


class SourceProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong with a source itself: a code of its own, secret-free values, a place."""

    code: str
    values: Mapping[str, str] = {}
    location: Location | None = None
    fatal: bool = False
    """Whether nobody knows what the source sets: other values of it may be lost."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How reading one source went."""

    source: str
    problems: tuple[SourceProblem, ...] = ()


class SourceReading(Query[Reading], frozen=True):
    """How reading the source at `index` of an environment went."""

    environment: str
    index: int


class Guesses:
    """What a run has let files ask of each secret of the process; many questions are guesses."""

    __slots__ = ("_asked",)

    def __init__(self) -> None:
        self._asked: dict[Hashable, set[Secret]] = {}

    def allow(self, about: Hashable, questions: Iterable[str], most: int) -> bool:
        """Whether these questions, with all that were asked before, are few; they count if so."""
        asked = self._asked.get(about, set())
        together = asked.union(map(Secret, questions))
        if len(together) > most:
            return False
        self._asked[about] = together
        return True


class Facts:
    """Answers by query. Reading an unobservable one raises, and the engine makes it *unknown*."""

    __slots__ = ("_answers", "_derived", "guesses")

    def __init__(
        self, answers: Mapping[Query[object], object], guesses: Guesses | None = None
    ) -> None:
        """`guesses` counts what is asked of secrets: on its own by default, else with others."""
        self._answers = answers
        self._derived: dict[Hashable, Any] = {}
        self.guesses: Guesses = Guesses() if guesses is None else guesses

    def once(self, about: Hashable, make: Callable[[], A]) -> A:
        """What `make` returns, made once: for what many checks derive from the same answers."""
        if about not in self._derived:
            self._derived[about] = make()
        return cast("A", self._derived[about])

    def __getitem__(self, query: Query[A]) -> A:
        answer = self._answers[cast("Query[object]", query)]
        if isinstance(answer, Unobservable):
            raise Unobserved(answer)
        return cast("A", answer)


class Unobserved(Exception):  # noqa: N818 - an answer, not an error
    """A fact was needed that could not be observed."""

    def __init__(self, fact: Unobservable, *, partly: bool = False) -> None:
        """`partly` if the rest is known well enough for what depends on the check."""
        super().__init__(fact.reason)
        self.fact = fact
        self.partly = partly

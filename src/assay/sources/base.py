"""What every source is: what the spec says of it, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec

from assay.facts import Setting, SourceProblem, Unobservable
from assay.redacted import redacted


@redacted("root")
class World(msgspec.Struct, frozen=True, kw_only=True):
    """The part of the world that sources may see; tests make their own."""

    root: str
    """The folder that paths in the spec are relative to."""
    process: Mapping[str, str]
    """The variables of the running process."""
    allowed: tuple[str, ...] = ()
    """Files and folders outside of the repository that may be read."""
    withheld: frozenset[str] | None = None
    """The names that the process may set, of which nothing is read; None if it is read."""


class SourceContent(msgspec.Struct, frozen=True, kw_only=True):
    """What one source held when it was read."""

    settings: Mapping[str, Setting] = {}
    problems: tuple[SourceProblem, ...] = ()
    withheld: bool = False
    """Nothing was read, so that its settings stand for what it may hold."""
    absent: bool = False
    """The source isn't there, and the spec says that it need not be."""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A source of values, as a spec declares it."""

    offline: ClassVar[bool] = False
    """Whether reading it needs nothing but files of the project."""
    contacts: ClassVar[bool] = False
    """Whether reading it contacts a running system, which nobody does for strangers."""
    slow: ClassVar[bool] = False
    """Whether reading it may take long, so that it is read beside others and given a limit."""
    exhaustive: ClassVar[bool] = True
    """Whether all that it holds is meant for the application; the process has names of others."""

    short: ClassVar[str] = ""
    """The parameter that a bare text stands for: `dotenv: .env` is `dotenv: {path: .env}`."""

    @property
    def label(self) -> str:
        """The source in words, as messages name it."""
        raise NotImplementedError  # pragma: no cover

    def beside(self, others: Sequence[Source]) -> Source:  # noqa: ARG002 - most read alone
        """The same source, told of all sources of a spec, itself among them."""
        return self

    def read(self, world: World) -> SourceContent | Unobservable:
        """Read every value. Never raises for what the world may do, and never executes anything."""
        raise NotImplementedError  # pragma: no cover

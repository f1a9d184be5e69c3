"""A loaded spec: validated, imports merged, every entry with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from assay.kind import Entry, SectionEntry
from assay.model import Location
from assay.registry import Plugin, using
from assay.sources.base import Source  # noqa: TC001 - get_type_hints reads it
from assay.spec.environments import Environment, Policy, Undeclared, policy_of
from assay.spec.places import Path, place_of
from assay.waivers import Waiver

if TYPE_CHECKING:
    from assay.document_kind import DeclaredDocument
    from assay.kinds.variable.spec import Declared
    from assay.spec.expressions import Conditions


VARIABLES = "variables"
"""The section whose entries have values."""
D = TypeVar("D", bound=SectionEntry)
T = TypeVar("T")


class Spec(msgspec.Struct, frozen=True, kw_only=True, dict=True, weakref=True):
    """The specs of one project."""

    root: str
    """The folder that its paths are relative to."""
    allowed: tuple[str, ...] = ()
    """Files and folders outside of the repository that it may name."""
    project: str = ""
    description: str = ""
    files: tuple[str, ...] = ()
    undeclared: Policy | Undeclared | None = None
    sections: Mapping[str, Mapping[str, Entry[Any]]] = {}
    """The entries of each kind's section, by name."""
    waivers: tuple[Waiver, ...] = ()
    plugins: tuple[Plugin, ...] = ()
    """The plug-ins whose names it may use."""
    documents_data: Mapping[str, Any] = {}
    """What the spec says of documents, as YAML has it."""
    places: Mapping[Path, tuple[Any, ...]] = {}
    lost: Mapping[str, frozenset[str]] = {}
    """Section to the names of entries that aren't understood; only specs with problems have any."""

    def entries(self, type_: type[D]) -> Mapping[str, Entry[D]]:
        """The entries that declare values of a type, by name."""
        return self.sections.get(type_.section, {})

    @property
    def variables(self) -> Mapping[str, Entry[Declared]]:
        """The declared variables by name; conditions are over them."""
        return self.sections.get(VARIABLES, {})

    @property
    def used(self) -> Mapping[str, Entry[Declared]]:
        """The variables but for those that the spec calls unused."""
        return self.once(_used)

    @property
    def environments(self) -> Mapping[str, Environment]:
        """The environments by name."""
        return self.once(_environments)

    def unread(self, section: str) -> frozenset[str]:
        """The names in a section whose declaration is not understood."""
        return self.lost.get(section, frozenset())

    @property
    def broken(self) -> frozenset[str]:
        """The variables whose declaration is not understood."""
        return self.unread(VARIABLES)

    def once(self, make: Callable[[Spec], T]) -> T:
        """What a function makes of the spec; it is kept, since a spec does not change.

        Threads may both make it, but all get the same one.
        """
        key = f"{make.__module__}.{make.__qualname__}"
        if key not in self.__dict__:
            self.__dict__.setdefault(key, make(self))
        made: T = self.__dict__[key]
        return made

    @property
    def documents(self) -> Mapping[str, tuple[DeclaredDocument, ...]]:
        """What `assay docs` makes of the spec, by path; made when first asked for."""
        return self.once(_documents)

    def undeclared_policy(self, environment: Environment | None = None) -> Undeclared:
        """What holds in an environment: its own policy over the project's."""
        return policy_of(self.undeclared, environment.undeclared if environment else None)

    def location(self, *path: str | int, key: bool = False) -> Location:
        """Where a field stands; its nearest ancestor where it came from an alias."""
        place = place_of(self.places, path, self.files[0] if self.files else "")
        return place.of_key if key else place.of_value

    def with_environments(self, environments: Mapping[str, Environment]) -> Spec:
        """The same spec with other environments; conditions that were compiled stay so."""
        nowhere = Location(file="")
        known = self.entries(Environment)
        entries = {
            name: Entry(name, environment, known[name].location if name in known else nowhere)
            for name, environment in environments.items()
        }
        sections = {**self.sections, Environment.section: entries}
        made = msgspec.structs.replace(self, sections=sections)
        made.__dict__["_conditions"] = self.conditions
        return made

    def with_sources(self, sources: Mapping[str, tuple[Source, ...]]) -> Spec:
        """The same spec, some environments of which get their values from other sources."""
        own = dict(self.environments)
        for name in sources.keys() & own.keys():
            own[name] = msgspec.structs.replace(own[name], values=sources[name])
        return self.with_environments(own)

    def values(
        self, environment: str, *, process: Mapping[str, str] | None = None
    ) -> Mapping[str, object]:
        """The values of the declared variables in an environment, by name, as Python has them.

        A port or an integer is an `int`, a boolean a `bool`, a list a `list`, what is secret a
        `Secret`, and other values are `str`. What is not set has its default, else None. The values
        are checked first, and nothing is contacted.

        Args:
            environment: the environment whose values are read.
            process: the variables that a `process` source sees; this process's by default.

        Raises:
            CheckFailed: a value is missing, not as declared, or can't be read.
            UsageError: there is no such environment.

        """
        plain = [process]
        del process
        from importlib import import_module

        # by name: a spec knows nothing of what runs it
        with using(self.plugins):
            found: Mapping[str, object] = import_module("assay.api").values_of(
                self, environment, plain
            )
        return found

    def with_allowed(self, allowed: tuple[str, ...]) -> Spec:
        """The same spec, which may name other paths outside of the repository."""
        made = msgspec.structs.replace(self, allowed=allowed)
        made.__dict__.update(self.__dict__)
        return made

    @property
    def conditions(self) -> Conditions:
        """The compiler for this spec's expressions, made when first asked for."""
        made: Conditions | None = self.__dict__.get("_conditions")
        if made is None:
            from assay.spec.expressions import Conditions

            types = {name: entry.declared.format.cel for name, entry in self.variables.items()}
            types.update(dict.fromkeys(self.broken, "dyn"))
            made = self.__dict__["_conditions"] = Conditions(types)
        return made


def _documents(spec: Spec) -> Mapping[str, tuple[DeclaredDocument, ...]]:
    from assay.spec.documents import parse_documents

    with using(spec.plugins):
        return parse_documents(spec.documents_data)


def _used(spec: Spec) -> Mapping[str, Entry[Declared]]:
    return {n: entry for n, entry in spec.variables.items() if not entry.declared.unused}


def _environments(spec: Spec) -> Mapping[str, Environment]:
    return {name: entry.declared for name, entry in spec.entries(Environment).items()}

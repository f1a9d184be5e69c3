"""A loaded spec: validated, imports merged, every entry with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from assay.kind import Entry
from assay.spec.environments import Environment, Policy, Undeclared, policy_of
from assay.spec.places import Path, place_of
from assay.waivers import Waiver

if TYPE_CHECKING:
    from assay.documents.base import Document
    from assay.model import Location
    from assay.sources.base import Source
    from assay.spec.expressions import Conditions


class Spec(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The specs of one project."""

    root: str
    """The folder that its paths are relative to."""
    allowed: tuple[str, ...] = ()
    """Files and folders outside of the repository that it may name."""
    project: str = ""
    description: str = ""
    files: tuple[str, ...] = ()
    environments: Mapping[str, Environment] = {}
    undeclared: Policy | Undeclared | None = None
    sections: Mapping[str, Mapping[str, Entry]] = {}
    """The entries of each kind's section, by name."""
    waivers: tuple[Waiver, ...] = ()
    documents_data: Mapping[str, Any] = {}
    """What the spec says of documents, as YAML has it."""
    places: Mapping[Path, tuple[Any, ...]] = {}
    broken: frozenset[str] = frozenset()
    """Variables whose declaration is not understood; only specs with problems have any."""
    lost: Mapping[str, frozenset[str]] = {}
    """Section to the names of its other entries that are not understood."""

    @property
    def variables(self) -> Mapping[str, Entry]:
        """The declared variables by name."""
        return self.sections.get("variables", {})

    def unread(self, section: str) -> frozenset[str]:
        """The names in a section whose declaration is not understood."""
        return self.broken if section == "variables" else self.lost.get(section, frozenset())

    @property
    def keyed(self) -> Mapping[str, frozenset[str]]:
        """The variables that hold keys, and the encodings that they are read in.

        What is wrong with their form is explained by their keys.
        """
        kept: dict[str, frozenset[str]] | None = self.__dict__.get("_keyed")
        if kept is not None:
            return kept
        made: dict[str, frozenset[str]] = {}
        for entry in self.sections.get("keys", {}).values():
            for name in entry.declared.variables:
                made[name] = made.get(name, frozenset()) | {entry.declared.encoding}
        self.__dict__["_keyed"] = made  # only when done: other threads may look at it
        return made

    @property
    def documents(self) -> Mapping[str, tuple[Document, ...]]:
        """What `assay docs` makes of the spec, by path; made when first asked for."""
        made: Mapping[str, tuple[Document, ...]] | None = self.__dict__.get("_documents")
        if made is None:
            from assay.documents.section import parse_documents

            made = self.__dict__["_documents"] = parse_documents(self.documents_data)
        return made

    def undeclared_policy(self, environment: Environment | None = None) -> Undeclared:
        """What holds in an environment: its own policy, else the project's."""
        own = environment.undeclared if environment else None
        return policy_of(self.undeclared if own is None else own)

    def location(self, *path: str | int, key: bool = False) -> Location:
        """Where a field stands; its nearest ancestor where it came from an alias."""
        place = place_of(self.places, path, self.files[0] if self.files else "")
        return place.of_key if key else place.of_value

    def with_environments(self, environments: Mapping[str, Environment]) -> Spec:
        """The same spec with other environments; conditions that were compiled stay so."""
        made = msgspec.structs.replace(self, environments=environments)
        made.__dict__["_conditions"] = self.conditions
        return made

    def with_sources(self, sources: Mapping[str, tuple[Source, ...]]) -> Spec:
        """The same spec, some environments of which get their values from other sources."""
        own = dict(self.environments)
        for name in sources.keys() & own.keys():
            own[name] = msgspec.structs.replace(own[name], values=sources[name])
        made = msgspec.structs.replace(self, environments=own)
        made.__dict__.update(self.__dict__)
        return made

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
        read: Mapping[str, object] = import_module("assay.typed").values(self, environment, plain)
        return read

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

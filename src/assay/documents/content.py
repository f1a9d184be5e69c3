"""A spec as documents tell it: environments, and variables in their groups, without any secret.

Everything here comes from the spec alone, never from an environment. Whatever is secret has neither
a default nor an example here, even if the spec gives one.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from assay.discretion import discreet
from assay.documents.conditions import Tree, when
from assay.documents.markdown import line
from assay.documents.outlook import Outlook, fixed_by_place, outlook_of
from assay.kinds.conditions import accepted
from assay.kinds.variable.making import command_for
from assay.sources.dotenv_file import DotenvFile
from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from assay.document_kind import Parameters
    from assay.formats.base import Format
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec
    from assay.spec.environments import Environment

UNGROUPED = "Other variables"
"""The heading of variables that belong to no group, where others do."""
CLOSED = frozenset(("options", "truthy", "falsy"))
"""Parameters of a type that list its values."""

UNTOLD = frozenset(("elsewhere",))
"""Parameters of a type that nobody needs to know who chooses a value."""


class File(msgspec.Struct, frozen=True, kw_only=True):
    """Where an environment's values come from."""

    label: str
    path: str = ""
    """The .env file; empty for other sources."""
    dialects: tuple[str, ...] = ()
    optional: bool = False


class DocumentedEnvironment(msgspec.Struct, frozen=True, kw_only=True):
    """An environment."""

    name: str
    description: str
    live: bool
    files: tuple[File, ...]

    @property
    def labels(self) -> str:
        """Its sources in words."""
        return either(file.label for file in self.files) or "any source"


class DocumentedVariable(msgspec.Struct, frozen=True, kw_only=True):
    """A variable. Texts are on one line, and hold nothing that can't be seen."""

    name: str
    type: str
    """The type's name in specs."""
    title: str
    """What a value is, with its article: "a port number"."""
    description: str
    group: str
    secret: bool
    need: Literal["always", "conditional", "never"]
    """Whether leaving it unset fails."""
    condition: str
    """When leaving it unset fails, if that is conditional: "in production if `A` is set"."""
    when: str
    """When it is looked at, if that is not always, as in `condition`."""
    after: tuple[str, ...]
    """The variables that decide about it."""
    alternatives: tuple[str, ...]
    """The variables of which one is enough, itself among them; empty if it is needed itself."""
    fixed: str
    """The only text that rules let it have; empty if they don't, or it is secret."""
    fixed_in: tuple[tuple[str, tuple[str, ...]], ...]
    """The same in some environments only: texts, each with where it must stand."""
    of_project: bool
    """Whether the project has to do with it; an import declares more than that."""
    default: str | None
    """What the application uses where it is unset; None if there is none, or it is secret."""
    has_default: bool
    """Whether there is a default, even a secret one."""
    example: str | None
    """The spec's example; None if there is none, or it is secret."""
    sample: str
    """An example of the type, where a value may be shown and says something."""
    options: tuple[str, ...]
    """The texts that are good, if they are listed and not secret."""
    limits: tuple[tuple[str, str], ...]
    """The parameters of its type, as a spec writes them."""
    allow_empty: bool
    obtain: str
    command: str
    """A command that makes a good value, where no place to obtain it is named."""
    deprecated: bool
    replacement: str
    only_in: tuple[str, ...]
    parity: str
    rotate_every: str
    declared: Any
    """The declaration itself; for other modules, not for templates."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Variables under one heading."""

    heading: str
    """Empty if no variable has a group."""
    variables: tuple[DocumentedVariable, ...]


def groups_of(spec: Spec, parameters: Parameters) -> tuple[Group, ...]:
    """The variables that a document covers, by group, each where the spec declares it first."""
    found: dict[str, list[DocumentedVariable]] = {}
    for variable in variables_of(spec, parameters):
        found.setdefault(variable.group, []).append(variable)
    loose = found.pop("", None)
    made = [Group(heading=line(name), variables=tuple(v)) for name, v in found.items()]
    if loose:
        made.append(Group(heading=UNGROUPED if found else "", variables=tuple(loose)))
    return tuple(made)


def variables_of(spec: Spec, parameters: Parameters) -> Iterator[DocumentedVariable]:
    """The variables that a document covers, in the order of the spec."""
    outlook = outlook_of(spec, parameters.environment)
    places = {} if parameters.environment else fixed_by_place(spec)
    for name, entry in spec.used.items():
        variable = entry.declared.variable
        if parameters.chooses(name, variable.group, variable.only_in):
            yield _variable_of(entry.declared, spec, outlook, places.get(name, {}))


def _variable_of(
    declared: Declared, spec: Spec, outlook: Outlook, fixed_in: Mapping[str, Iterable[str]]
) -> DocumentedVariable:
    variable, form = declared.variable, declared.format
    secret = declared.untold
    conditions = [text for text in (variable.when, variable.required) if isinstance(text, str)]
    needed, looked_at = outlook.needs[declared.name], outlook.uses[declared.name]
    choice = outlook.choices.get(declared.name)
    options = () if secret else tuple(getattr(form, "options", None) or ())
    closed = CLOSED if secret else frozenset()
    deprecated = variable.deprecated
    sample = "" if secret or form.free or form.closed else form.example()
    return DocumentedVariable(
        name=declared.name,
        type=form.tag(),
        title=form.title,
        description=line(variable.description),
        group=variable.group,
        secret=secret,
        need="conditional" if choice else _need(needed),
        condition="" if isinstance(needed, bool) else when(needed),
        when="" if looked_at is True else when(looked_at) if looked_at else "never",
        after=tuple(name for text in conditions for name in accepted(text, spec).names),
        alternatives=choice.names if choice else (),
        fixed="" if secret else outlook.known.fixed.get(declared.name, ""),
        fixed_in=() if secret else tuple((t, tuple(names)) for t, names in fixed_in.items()),
        of_project=declared.name in outlook.of_project and looked_at is not False,
        default=None if secret else declared.default,
        has_default=declared.default is not None,
        example=None if secret else declared.example,
        sample=sample if len(sample) <= 80 and sample.isprintable() else "",
        options=options,
        limits=tuple((name, text) for name, text in _limits(form) if name not in closed),
        allow_empty=variable.allow_empty,
        obtain=line(variable.obtain),
        command="" if variable.obtain else command_for(declared, spec),
        deprecated=bool(deprecated),
        replacement=line(deprecated) if isinstance(deprecated, str) else "",
        only_in=variable.only_in,
        parity="" if variable.parity == "any" else variable.parity,
        rotate_every=variable.rotate_every or "",
        declared=declared,
    )


def _need(needed: Tree) -> Literal["always", "conditional", "never"]:
    if isinstance(needed, bool):
        return "always" if needed else "never"
    return "conditional"


def _limits(form: Format) -> Iterator[tuple[str, str]]:
    """The parameters that the spec sets, but for those that say what is so anyway."""
    for field, name, default in _parameters(type(form)):
        value = getattr(form, field)
        if value not in (None, (), default) and name not in UNTOLD:
            yield name, written(msgspec.to_builtins(value))


@cache
def _parameters(type_: type[Format]) -> tuple[tuple[str, str, Any], ...]:
    fields = msgspec.structs.fields(type_)
    return tuple((field.name, field.encode_name, field.default) for field in fields)


def written(value: Any) -> str:
    """A value as a spec writes it on one line."""
    if isinstance(value, str):
        plain = value and value.isprintable() and not set(value) & set("'\"#{}[],&*!|>%@`:")
        return value if plain and value == value.strip() else json.dumps(value, ensure_ascii=False)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {written(item)}" for key, item in value.items()) + "}"
    return json.dumps(value)


def places_of(spec: Spec, parameters: Parameters) -> tuple[DocumentedEnvironment, ...]:
    """The environments that a document covers."""
    return tuple(
        _place(name, environment)
        for name, environment in spec.environments.items()
        if parameters.environment in (None, name)
    )


def _place(name: str, environment: Environment) -> DocumentedEnvironment:
    files = []
    for source in environment.values:
        if isinstance(source, DotenvFile):
            dialects = tuple(dict.fromkeys((source.dialect, *source.also_read_by)))
            optional = source.optional
            label, path = discreet(source.label), discreet(source.path)
            files.append(File(label=label, path=path, dialects=dialects, optional=optional))
        else:
            files.append(File(label=discreet(line(source.label))))
    return DocumentedEnvironment(
        name=name,
        description=line(environment.description),
        live=environment.live,
        files=tuple(files),
    )

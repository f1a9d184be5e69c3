"""A spec as documents tell it: environments, and variables in their groups, without any secret.

Everything here comes from the spec alone, never from an environment. Whatever is secret has neither
a default nor an example here, even if the spec gives one.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from assay.discretion import discreet
from assay.documents.markdown import line
from assay.kinds.variable.making import command_for
from assay.sources.dotenv_file import DotenvFile
from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.document_kind import Parameters
    from assay.formats.base import Format
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec
    from assay.spec.environments import Environment

UNGROUPED = "Other variables"
"""The heading of variables that belong to no group, where others do."""
CLOSED = frozenset(("options", "truthy", "falsy"))
"""Parameters of a type that list its values."""
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


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
    """The CEL condition under which leaving it unset fails, if that is conditional."""
    when: str
    """The CEL condition without which nothing about it is checked."""
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
    for name, entry in spec.variables.items():
        declared: Declared = entry.declared
        variable = declared.variable
        if parameters.chooses(name, variable.group, variable.only_in):
            yield variable_of(declared, spec, parameters.environment)


def variable_of(
    declared: Declared, spec: Spec, environment: str | None = None
) -> DocumentedVariable:
    """One variable, in one environment or in all."""
    variable, form = declared.variable, declared.format
    secret = declared.untold
    need, condition = _need(declared, spec, environment)
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
        need=need,
        condition=condition,
        when=line(variable.when or ""),
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


def _need(
    declared: Declared, spec: Spec, environment: str | None
) -> tuple[Literal["always", "conditional", "never"], str]:
    """Whether leaving it unset fails, and under which condition; see `Variable.need`."""
    required = declared.variable.required
    if declared.default is not None:
        return "never", ""
    if isinstance(required, bool):
        return ("always" if required else "never"), ""
    # what other variables hold is unknown, and may not matter; which are set CEL would guess
    if environment is not None and "isSet" not in required:
        from assay.spec.expressions import Condition

        compiled = spec.conditions.compile(required)
        if isinstance(compiled, Condition):
            live, unset = spec.environments[environment].live, frozenset[str]()
            holds = spec.conditions.holds(
                compiled, {}, environment=environment, present=unset, live=live
            )
            if isinstance(holds, bool):
                return ("always" if holds else "never"), ""
    return "conditional", line(required)


def names_in(condition: str, spec: Spec) -> tuple[str, ...]:
    """The variables that a condition mentions."""
    return tuple(dict.fromkeys(w for w in _WORD.findall(condition) if w in spec.variables))


def _limits(form: Format) -> Iterator[tuple[str, str]]:
    """The parameters that the spec sets, but for those that say what is so anyway."""
    for field, name, default in _parameters(type(form)):
        value = getattr(form, field)
        if value not in (None, (), default):
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

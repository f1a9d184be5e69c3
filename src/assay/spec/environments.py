"""Environments: where their values come from, and what is expected of names nobody declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from assay.sources import SOURCES
from assay.sources.base import Source
from assay.spec.narrows import FREE, SWITCHED_ON, Loosens, merging
from assay.spec.structs import choices, shape_of
from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_ENVIRONMENT: dict[str, Any] = {"default": {"values": [{"dotenv": {"path": ".env"}}]}}
"""What a spec without environments is checked against."""
POLICIES = {
    "ignore": "They are ignored.",
    "warn": "Each one is a warning.",
    "fail": "Each one is an error.",
}
Policy = Annotated[
    Literal["ignore", "warn", "fail"], Meta(extra_json_schema={"meanings": POLICIES})
]


class Undeclared(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """What to do about variables that are set but not declared."""

    default: Annotated[
        Policy | None,
        Meta(
            description="For names that match none of the prefixes: `warn` by default, and in an "
            "environment what the project says."
        ),
    ] = None
    prefixes: Annotated[
        dict[str, Policy],
        Meta(
            description="By prefix of the name; the longest one that matches wins.",
            examples=[{"MPESA_": "fail"}],
        ),
    ] = {}

    def policy(self, name: str, *, exhaustive: bool) -> Policy:
        """The policy for a name; the process has many names of others, so only prefixes count."""
        fitting = [prefix for prefix in self.prefixes if name.startswith(prefix)]
        if fitting:
            return self.prefixes[max(fitting, key=len)]
        return self.default or "warn" if exhaustive else "ignore"


def policy_data(undeclared: Any, own: Any) -> Any:
    """What holds in an environment, as YAML could say it, of the project's policy and its own."""
    try:
        made = policy_of(_policy(undeclared), _policy(own))
    except msgspec.ValidationError:  # the shape is complained about
        return own
    return msgspec.to_builtins(made)


def _policy(data: Any) -> Policy | Undeclared | None:
    made: Policy | Undeclared | None = msgspec.convert(data, Policy | Undeclared | None)
    return made


def as_strict(before: Any, after: Any, _imported: Mapping[str, Any] = {}) -> bool:
    """Whether a policy, as YAML has it, treats each name at least as strictly as another did."""
    if before is None:
        return True
    try:
        old, new = policy_of(_policy(before)), policy_of(_policy(after))
    except msgspec.ValidationError:
        return True
    rank = list(POLICIES).index
    # a prefix stands for the names with it and no longer one, and no name for all others
    return all(
        rank(new.policy(name, exhaustive=whole)) >= rank(old.policy(name, exhaustive=whole))
        for name in ("", *old.prefixes, *new.prefixes)
        for whole in (True, False)
    )


class Environment(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """One environment of the application."""

    section: ClassVar[str] = "environments"

    description: Annotated[
        str, Meta(description="What this environment is, for documents."), FREE
    ] = ""
    live: Annotated[
        bool,
        Meta(
            description="Whether real users depend on this environment. Published sandbox values "
            "fail here, and nothing is ever written unless it is asked for."
        ),
        SWITCHED_ON,
    ] = False
    values: Annotated[
        tuple[Source, ...],
        Meta(description="Where values come from, in order; later sources win."),
        FREE,
    ] = ()
    undeclared: Annotated[
        Policy | Undeclared | None,
        Meta(description="What to do about variables that are set but not declared."),
        merging(as_strict),
    ] = None
    loosens: Loosens = ()

    @property
    def labels(self) -> str:
        """The sources in words: `.env or .env.local`."""
        return either(source.label for source in self.values) or "any source"

    @property
    def offline(self) -> bool:
        """Whether files of the project are all that it is made of."""
        return all(source.offline for source in self.values)


def parse_environment(data: Any) -> Environment:
    """An environment from its YAML data; raises `msgspec.ValidationError` for a wrong shape."""
    if not isinstance(data, dict):
        raise msgspec.ValidationError("not a mapping")
    sources = data.get("values", [])
    if not isinstance(sources, list):
        raise msgspec.ValidationError("not a list")
    rest = {key: value for key, value in data.items() if key != "values"}
    values = tuple(SOURCES.parse(item) for item in sources)
    return msgspec.structs.replace(msgspec.convert(rest, Environment), values=values)


def read_alike(environments: Mapping[str, Environment]) -> dict[str, Environment]:
    """The environments, with each source knowing those that read the same place otherwise."""
    every = tuple(source for environment in environments.values() for source in environment.values)
    return {
        name: msgspec.structs.replace(
            environment, values=tuple(source.beside(every) for source in environment.values)
        )
        for name, environment in environments.items()
    }


def undeclared_shape() -> dict[str, Any]:
    """The schema of the policy for undeclared names."""
    long = shape_of(Undeclared)
    short = choices(POLICIES)
    return {"description": long["description"], "anyOf": [*short, long, {"type": "null"}]}


def policy_of(
    undeclared: Policy | Undeclared | None, own: Policy | Undeclared | None = None
) -> Undeclared:
    """The short forms spelt out; what an environment's own mapping leaves out is the project's."""
    if own is not None and not isinstance(own, Undeclared):
        return Undeclared(default=own)
    whole = undeclared if isinstance(undeclared, Undeclared) else Undeclared(default=undeclared)
    if own is None:
        return whole
    prefixes = {**whole.prefixes, **own.prefixes}
    return Undeclared(default=own.default or whole.default, prefixes=prefixes)

"""Compiles a spec into the plan that the screen judges by: plain data, nothing to interpret.

A plan maps each environment to its .env files, with how each is read, and to a table. `known` are
the names whose values the screen can judge; a declared name that it can't judge is not among them,
so that meeting it ends in "don't know".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.hygiene.lists import PUBLIC_PREFIXES, public_prefix
from assay.hygiene.strength import absent_letters
from assay.kinds.key.entries import keyed
from assay.screen.rules import screened_rules, tree_of
from assay.sources.dotenv_file import DotenvFile, usual_dialect

if TYPE_CHECKING:
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec
    from assay.spec.environments import Environment


def compile_plan(spec: Spec) -> dict[str, Any]:
    """The plan of a spec; it can be marshalled."""
    shared = _Shared()
    environments: dict[str, Any] = {}
    for name, environment in spec.environments.items():
        environments[name] = {
            "dialect": usual_dialect(environment),
            "offline": environment.offline,
            "sources": tuple(
                (source.path, None if source.also_read_by else source.dialect, source.optional)
                for source in environment.values
                if isinstance(source, DotenvFile)
            ),
            "table": _table(spec, name, environment, shared),
        }
    return {
        "environments": environments,
        "dialect": usual_dialect(*spec.environments.values()),
        "loose": _table(spec, None, None, shared),
    }


class _Shared:
    """Keeps one of each equal part, so that marshalling writes it once."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def __call__(self, part: Any) -> Any:
        return self._known.setdefault(part, part)


def _table(
    spec: Spec, name: str | None, environment: Environment | None, shared: _Shared
) -> dict[str, Any]:
    """The table of one environment; of files that belong to no environment if `name` is None."""
    live = environment is not None and environment.live
    here: list[Declared] = [
        entry.declared
        for entry in spec.used.values()
        if name is None
        or not entry.declared.variable.only_in
        or name in entry.declared.variable.only_in
    ]
    undeclared = spec.undeclared_policy(environment)
    judged = {d.name: form for d in here if (form := _form(d, spec)) is not None}
    forms: dict[Any, list[str]] = {}
    for known, form in judged.items():
        forms.setdefault(form, []).append(known)
    table: dict[str, Any] = {
        "live": live,
        "declared": frozenset(spec.used),
        "known": frozenset(judged),
        "required": frozenset(d.name for d in here if _always_required(d)),
        "conditional": tuple(
            (_when_required(d, spec, name), d.name) for d in here if _sometimes_required(d)
        ),
        "defaults": {
            known: default
            for known, entry in spec.variables.items()
            if (default := entry.declared.default)
        },
        "may-be-empty": frozenset(d.name for d in here if _may_be_empty(d)),
        "ignores-undeclared": undeclared.default == "ignore" and not undeclared.prefixes,
        "public-prefixes": PUBLIC_PREFIXES,
        "public": tuple(filter(public_prefix, judged)),
        "secrets": tuple(
            (d.name, absent_letters(d.name))
            for d in here
            if d.name in judged and d.secret and d.format.chosen_by_people
        ),
        "repeatable": tuple(
            d.name for d in here if d.name in judged and d.secret and not d.format.chosen_by_people
        ),
        "examples": tuple(
            (d.name, d.example)
            for d in here
            if d.example is not None and (d.secret or (live and d.format.example_is_reserved))
        ),
        "forms": tuple((form, tuple(names)) for form, names in forms.items()),
        "rules": tuple(screened_rules(spec, name)),
    }
    # a dict of defaults is not hashable, and small
    return {k: part if isinstance(part, dict) else shared(part) for k, part in table.items()}


def _form(declared: Declared, spec: Spec) -> Any:
    """The form that the screen judges a value by; None if the engine has to."""
    variable = declared.variable
    if variable.deprecated or (declared.secret and public_prefix(declared.name)):
        return None
    form = declared.format
    if declared.name in keyed(spec) or form.references() or form.exemptions():
        return None
    return declared.format.screen()


def _always_required(declared: Declared) -> bool:
    variable = declared.variable
    return variable.required is True and variable.when is None and declared.default is None


def _sometimes_required(declared: Declared) -> bool:
    variable = declared.variable
    if variable.required is False or declared.default is not None:
        return False
    return isinstance(variable.required, str) or variable.when is not None


def _may_be_empty(declared: Declared) -> bool:
    return declared.variable.allow_empty or declared.variable.required is False


def _when_required(declared: Declared, spec: Spec, environment: str | None) -> Any:
    """The condition as a tree that the screen can evaluate; None if it can't."""
    if environment is None:
        return None
    variable = declared.variable
    texts = [text for text in (variable.when, variable.required) if isinstance(text, str)]
    trees = [tree_of(text, spec, environment) for text in texts]
    if None in trees:
        return None
    return trees[0] if len(trees) == 1 else ("and", *trees)

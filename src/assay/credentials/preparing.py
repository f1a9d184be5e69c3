"""Checks what `open` and `opener` are given, reads what a spec says of it, and makes openers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, get_args

import msgspec
from msgspec.structs import replace

from assay.credentials.opening import Explain, Hidden, Opener, Options
from assay.crypto.autopsy import Case
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Envelope
from assay.crypto.recipes import Recipe
from assay.errors import KeyFault, UsageError
from assay.escapes import visible
from assay.facts import Secret, Value
from assay.registry import using
from assay.spec.document import Spec
from assay.suggest import hint

if TYPE_CHECKING:
    from assay.credentials.opening import Process
    from assay.crypto.examination import Examination
    from assay.registry import Plugin
    from assay.sources.base import World
    from assay.spec.environments import Environment


def declared(
    spec: Spec | str | None, environment: str, credential: str, column: str
) -> tuple[str, Callable[[Process | None], Case], tuple[Plugin, ...], dict[str, str]]:
    """What an opener is made with: a column's name, what reads its key, plug-ins, words.

    Nothing of it keeps the spec alive. It raises `UsageError` if the spec has no such environment,
    credential or column, and `SpecError` if the spec is invalid.
    """
    from assay.api import load
    from assay.kinds.credential.kind import examination
    from assay.kinds.credential.spec import Credential
    from assay.sources.base import World
    from assay.spec.document import Spec

    loaded = spec if isinstance(spec, Spec) else load(spec)
    if environment not in loaded.environments:
        raise _unknown(environment, "an environment", loaded.environments)
    known = loaded.entries(Credential)
    if credential not in known:
        raise _unknown(credential, "a credential", known)
    with using(loaded.plugins):
        asked = examination(loaded, environment, credential)
    columns = {one.name: one for one in asked.columns}
    if column not in columns:
        raise _unknown(column, f"a column of {credential}", columns)
    asked = replace(asked, columns=(columns[column],), metadata=(), where=None)
    own = loaded.environments[environment]
    root, allowed = loaded.root, loaded.allowed

    def read(process: Process | None) -> Case:
        seen = os.environ if process is None else process.value
        found = _case(own, World(root=root, allowed=allowed, process=seen), asked)
        del seen
        if isinstance(found, KeyFault):
            raise found
        return found

    place = f"{credential}.{column}"
    return place, read, loaded.plugins, {"key": asked.key, "environment": environment}


def _unknown(name: str, expected: str, known: Mapping[str, object]) -> UsageError:
    listed = ", ".join(known) or "what the spec declares: there is nothing yet"
    said = f"{visible(name)} is not {expected} of the spec{hint(name, known)}"
    return UsageError(said, f"Name {listed}.")


def _case(environment: Environment, world: World, asked: Examination) -> Case | KeyFault:
    """What the environment holds now of the keys, or why there is no key.

    It is returned so that no frame with the values of variables stands in a traceback.
    """
    from assay.probes.credentials import case, text_of, unreadable, variables
    from assay.probes.environment import EnvironmentProbe

    names = variables(asked)
    queries = [Value(asked.environment, name) for name in names]
    answers = EnvironmentProbe({asked.environment: environment}, world)(queries)
    settings = {name: answers[query] for name, query in zip(names, queries, strict=True)}
    gap = unreadable(asked, settings)
    if gap is not None:
        return KeyFault(f"{gap.reason} in {asked.environment}", gap.remedy)
    texts = {name: text_of(setting) for name, setting in settings.items()}
    if texts[asked.variable] is None:
        return KeyFault(
            f"{asked.variable} is not set, or empty in {asked.environment}",
            f"Set {asked.variable} to the key that the rows were encrypted with; then redeploy.",
            rule="variable-missing",
        )
    (column,) = asked.columns
    return case(asked, column, texts)


_NEEDED = ("environment", "credential", "column")
_GIVEN = ("key", "text", "envelope")
_OPTIONS = Options._fields
_BY_SPEC = frozenset((*_NEEDED, "spec", "process"))
_OUTRIGHT = frozenset((*_GIVEN, "variable", "previous"))
_RECIPE = "Pass the value of the variable, and let `Recipe` say how it is read."


def prepared(function: str, how: Mapping[str, Any]) -> Callable[[], Opener]:
    """What makes the opener of what `function` was given, once `hide` has hidden the secrets.

    It raises `CredentialError` if there is no key, TypeError if an argument is missing or there is
    none of its name, and `UsageError` if one is of the wrong type.
    """
    outright = "key" in how
    allowed = _OUTRIGHT if outright else _BY_SPEC
    if function == "opener":
        allowed |= frozenset(_OPTIONS)
    for name in how:
        if name not in allowed:
            known = hint(name, allowed)
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}{known}")
    missing = [name for name in (_GIVEN if outright else _NEEDED) if name not in how]
    if missing:
        raise TypeError(
            f"{function}() needs environment, credential and column, or key, text and envelope; "
            f"missing: {', '.join(missing)}"
        )
    chosen = _options({name: how[name] for name in _OPTIONS if name in how})
    return _outright(how, chosen) if outright else _by_spec(how, chosen)


def hide(how: dict[str, Any]) -> None:
    """Make secrets of values, so that no traceback shows them among the variables of a frame."""
    if isinstance(how.get("text"), str):
        how["text"] = Secret(how["text"])
    if isinstance(how.get("previous"), Mapping):
        pairs = how["previous"].items()
        how["previous"] = tuple((n, Secret(t) if isinstance(t, str) else t) for n, t in pairs)
    if isinstance(how.get("process"), Mapping):
        how["process"] = Hidden(how["process"])


def _by_spec(how: Mapping[str, Any], options: Options) -> Callable[[], Opener]:
    spec, process = how.get("spec"), how.get("process")
    if isinstance(spec, str | os.PathLike):
        spec = os.fspath(spec)
    if not isinstance(spec, str | Spec | None):
        raise _wrong("spec", "a path or what `assay.load` returned", spec)
    environment, credential, column = (_text(name, how[name]) for name in _NEEDED)
    if not isinstance(process, Hidden | None):
        raise _wrong("process", "a mapping of names to texts", process)
    if process is not None and process.value is os.environ:
        process = None
    if process is not None:
        for name, value in process.value.items():
            if not isinstance(name, str) or not isinstance(value, str):
                raise UsageError(
                    f"process[{name!r}] must be text, not {type(value).__name__}",
                    "Pass variables as a process has them: names and values are texts.",
                )

    def made() -> Opener:
        place, read, plugins, about = declared(spec, environment, credential, column)
        return Opener(place, read, options, process=process, plugins=plugins, **about)

    return made


def _outright(how: Mapping[str, Any], options: Options) -> Callable[[], Opener]:
    recipe, text, envelope = how["key"], how["text"], how["envelope"]
    if not isinstance(recipe, Recipe):
        kind = type(recipe).__name__
        raise UsageError(f"key says how a key is made: expected a Recipe, not {kind}", _RECIPE)
    if text is not None and not isinstance(text, Secret):
        raise UsageError(f"text is the text of a variable, not {type(text).__name__}", _RECIPE)
    if not isinstance(envelope, Envelope):
        envelope = _parsed(envelope)
    for name, reason in envelope.problems():
        raise UsageError(f"envelope: {name}: {reason}", "Correct the envelope.")
    previous = how.get("previous", ())
    if not isinstance(previous, tuple):
        raise _wrong("previous", "a mapping of names to texts", previous)
    for name, earlier in previous:
        _text("a name in previous", name)
        if not isinstance(earlier, Secret):
            raise _wrong(f"previous[{name!r}]", "text", earlier)
    variable = _text("variable", how.get("variable", "the key"))
    if text is None:
        step = "Set it to the key that the rows were encrypted with, then restart."
        raise KeyFault(f"{variable} is not set", step)
    case = Case(
        envelope=envelope.gathered(),
        stored=envelope if envelope.beside else None,
        recipe=recipe,
        variable=variable,
        text=text.reveal(),
        previous={name: earlier.reveal() for name, earlier in previous},
    )
    return lambda: Opener("", lambda _: case, options)


def _parsed(envelope: object) -> Envelope:
    given = dict(envelope) if isinstance(envelope, Mapping) else envelope
    with suppress(msgspec.ValidationError):
        return ENVELOPES.parse(given)
    raise UsageError(
        "there is no such envelope", "Name one that docs/envelopes.md lists, or a layout."
    )


def _options(how: dict[str, Any]) -> Options:
    options = Options(**how)
    if options.explain not in get_args(Explain):
        known = get_args(Explain)
        raise UsageError(
            f"explain must be full, brief or none{hint(str(options.explain), known)}",
            "Pass `explain='brief'` for an examination that takes some milliseconds.",
        )
    budget: object = options.budget
    if isinstance(budget, bool) or not isinstance(budget, int | float) or not budget >= 0:
        raise UsageError(
            "budget must be a number of seconds, 0 or more", "Pass `float('inf')` for no limit."
        )
    if not isinstance(options.accept_previous, bool):
        raise _wrong("accept_previous", "True or False", options.accept_previous)
    if options.on_previous is not None:
        if not callable(options.on_previous):
            raise _wrong("on_previous", "a function", options.on_previous)
        if not options.accept_previous:
            raise UsageError(
                "on_previous is never called without accept_previous", "Pass accept_previous=True."
            )
    return options


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(name, "text", value)
    return value


def _wrong(name: str, expected: str, value: object) -> UsageError:
    return UsageError(
        f"{name} must be {expected}, not {type(value).__name__}", f"Pass {expected} as {name}."
    )

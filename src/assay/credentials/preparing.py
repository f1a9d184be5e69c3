"""Checks what `open` and `opener` are given, and makes openers of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, get_args

import msgspec

from assay.credentials.declared import declared
from assay.credentials.opening import Explain, Hidden, Opener, Options, Process
from assay.crypto.autopsy import Case
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Envelope
from assay.crypto.recipes import Recipe
from assay.errors import KeyFault, UsageError
from assay.facts import Secret
from assay.redacted import redacted
from assay.spec.document import Spec
from assay.suggest import hint

_NEEDED = ("environment", "credential", "column")
_GIVEN = ("key", "text", "envelope")
_OPTIONS = Options._fields
_BY_SPEC = frozenset((*_NEEDED, "spec", "process"))
_OUTRIGHT = frozenset((*_GIVEN, "variable", "previous"))
_RECIPE = "Pass the value of the variable, and let `Recipe` say how it is read."


@redacted()
class GivenKey(msgspec.Struct, frozen=True, kw_only=True):
    """What an opener is made of, checked: by a spec, or with a recipe outright."""

    spec: Spec | str | None = None
    environment: str = ""
    credential: str = ""
    column: str = ""
    process: Process | None = None
    recipe: Recipe | None = None
    text: Secret | None = None
    envelope: Envelope | None = None
    variable: str = ""
    previous: tuple[tuple[str, Secret], ...] = ()
    options: Options = Options()

    def opener(self) -> Opener:
        """The opener.

        Raises:
            CredentialError: there is no key.
            UsageError: the spec has no such environment, credential or column.
            SpecError: the spec is invalid.

        """
        if self.recipe is None:
            names = (self.environment, self.credential, self.column)
            place, read, plugins, about = declared(self.spec, *names)
            return Opener(place, read, self.options, process=self.process, plugins=plugins, **about)
        case = self._case()
        return Opener("", lambda _: case, self.options)

    def _case(self) -> Case:
        if self.text is None:
            step = "Set it to the key that the rows were encrypted with, then restart."
            raise KeyFault(f"{self.variable} is not set", step)
        made: Any = {"envelope": self.envelope, "recipe": self.recipe}
        return Case(
            **made,
            variable=self.variable,
            text=self.text.reveal(),
            previous={name: earlier.reveal() for name, earlier in self.previous},
        )


def prepared(function: str, how: Mapping[str, Any]) -> GivenKey:
    """What `function` was given, once `hide` has hidden the secrets.

    Raises:
        TypeError: an argument is missing, or there is none of its name.
        UsageError: an argument is of the wrong type.

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


def _by_spec(how: Mapping[str, Any], options: Options) -> GivenKey:
    spec, process = how.get("spec"), how.get("process")
    if isinstance(spec, str | os.PathLike):
        spec = os.fspath(spec)
    if spec is not None and not isinstance(spec, str | Spec):
        raise _wrong("spec", "a path or what `assay.load` returned", spec)
    environment, credential, column = (_text(name, how[name]) for name in _NEEDED)
    if process is not None and not isinstance(process, Hidden):
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
    return GivenKey(
        spec=spec,
        environment=environment,
        credential=credential,
        column=column,
        process=process,
        options=options,
    )


def _outright(how: Mapping[str, Any], options: Options) -> GivenKey:
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
    return GivenKey(
        recipe=recipe,
        text=text,
        envelope=envelope,
        variable=_text("variable", how.get("variable", "the key")),
        previous=previous,
        options=options,
    )


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

"""Sentences about a variable, for every document; code is between backticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.documents.markdown import code, sentence
from assay.reporters.base import sentence as stopped
from assay.words import either, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.documents.content import DocumentedVariable

LONGEST = 120
"""Characters of a parameter that are shown; a JSON Schema can be very long."""
_INTERVALS = {"d": "day", "w": "week", "mo": "month", "y": "year"}


def need(variable: DocumentedVariable) -> str:
    """Whether leaving it unset fails."""
    condition = f" {variable.condition}" if variable.condition else ""
    if variable.alternatives:
        told = f"Required{condition}: this or {_others(variable)}"
    elif variable.need == "always":
        told = "Required"
    elif variable.need == "conditional":
        told = f"Required{condition}"
    else:
        told = "Optional"
    if variable.when and variable.when == variable.condition:
        told += "; ignored otherwise"
    elif variable.when and not condition:
        told += f"; used only {variable.when}"
    return f"{told}."


def _others(variable: DocumentedVariable) -> str:
    return either(code(name) for name in variable.alternatives if name != variable.name)


_PARITY = {
    "same": "Must be the same in every environment.",
    "different": "Must differ in every environment.",
    "shape": "Must be set in every environment or in none.",
}


def form(variable: DocumentedVariable) -> str:
    """What a valid value is."""
    if variable.options:
        told = f"One of {', '.join(map(code, variable.options))}"
    else:
        told = sentence(variable.title)[:-1]
    limits = ", ".join(limit(name, text) for name, text in variable.limits if name != "options")
    return f"{told}, {limits}." if limits else f"{told}."


def limit(name: str, text: str) -> str:
    """A parameter of a type, in words if there are short ones, otherwise as in a spec."""
    thing = name.replace("-", " ")
    if name == "local" and text == "forbidden":
        return "not of this machine"
    if (name, text) == ("path", "/"):
        return "without a path"
    if name == "query":
        thing = "a query"
    if name == "kinds":
        return f"only {either(text.strip('[]').split(', '))}"
    if text in ("forbidden", "required"):
        return f"{'without' if text == 'forbidden' else 'with'} {thing}"
    if name in _LIMITS:
        return _LIMITS[name].format(text=text.strip("[]") or text, code=code(text, LONGEST))
    return code(f"{name}: {text}", LONGEST)


_LIMITS = {
    "bytes": "{text} bytes",
    "max-items": "at most {text} items",
    "max-length": "at most {text} characters",
    "maximum": "at most {text}",
    "min-items": "at least {text} items",
    "min-length": "at least {text} characters",
    "minimum": "at least {text}",
    "pattern": "matching {code} completely",
    "role": "with the role {code}",
    "schemes": "{text} only",
    "url": "for the project in {code}",
}
"""Parameters that need no name to be understood; each means the same in every type."""


def value(variable: DocumentedVariable) -> str:
    """Its default, or an example."""
    if variable.default is not None:
        return f"Default: {code(variable.default, LONGEST)}."
    if variable.has_default:
        return "Its default is secret."
    if variable.example is not None:
        return f"For example {code(variable.example, LONGEST)}."
    return f"For example {code(variable.sample, LONGEST)}." if variable.sample else ""


def origin(variable: DocumentedVariable) -> str:
    """Where a value comes from."""
    if variable.obtain:
        return f"Get it here: {stopped(variable.obtain)}"
    return f"Generate one: {code(variable.command)}." if variable.command else ""


def standing(variable: DocumentedVariable) -> Iterator[str]:
    """Which environments have to set it, and how they differ."""
    yield need(variable)
    for text, places in () if variable.fixed else variable.fixed_in:
        yield f"Must be {code(text)} in {listed(places)}."
    yield from (text for text in remarks(variable) if not text.startswith("Secret"))


def remarks(variable: DocumentedVariable) -> Iterator[str]:
    """Other facts about it."""
    if variable.secret:
        yield "Secret: only the application may see it."
    if variable.only_in:
        yield home(variable)
    if variable.parity:
        yield _PARITY[variable.parity]
    if variable.rotate_every:
        yield f"Replace it every {interval(variable.rotate_every)}."
    if variable.allow_empty:
        yield "It may be empty."
    if variable.deprecated:
        yield deprecation(variable)


def home(variable: DocumentedVariable) -> str:
    """The only environments that may set it."""
    return f"Only for {listed(variable.only_in)}."


def deprecation(variable: DocumentedVariable) -> str:
    """What replaces it."""
    if variable.replacement:
        return f"Deprecated: {code(variable.replacement)} replaces it."
    return "Deprecated: remove it."


def interval(text: str) -> str:
    """`180d` in words: 180 days."""
    number = text.rstrip("dwmoy")
    unit = _INTERVALS.get(text[len(number) :], "")
    return unit if number == "1" else f"{number} {unit}s"


def told(variable: DocumentedVariable) -> list[str]:
    """All of it, in the order that a reader needs."""
    sentences = [
        stopped(variable.description),
        f"{need(variable)} {form(variable)}",
        value(variable),
        origin(variable),
        *remarks(variable),
    ]
    return [text for text in sentences if text]


def worth_knowing(variable: DocumentedVariable) -> str:
    """What a good value is, if that is more than some text."""
    copied = variable.obtain and not variable.limits and not variable.options
    told = form(variable) if not copied and (variable.type != "text" or variable.limits) else ""
    if variable.fixed:
        return f"Set it to {code(variable.fixed)}."
    return " ".join(filter(None, [told, value(variable)]))


FILTERS: dict[str, Callable[..., Any]] = {
    "form": form,
    "interval": interval,
    "need": need,
    "origin": origin,
    "remarks": lambda variable: list(remarks(variable)),
    "told_form": worth_knowing,
    "standing": lambda variable: list(standing(variable)),
    "worth": value,
}
"""What templates use to describe a variable."""

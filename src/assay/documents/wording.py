"""Sentences that every document tells of a variable; code stands between backticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.documents.markdown import code, sentence, stopped
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.documents.content import Variable

LONGEST = 120
"""Characters of a parameter that are told; a JSON Schema has no end."""
_INTERVALS = {"d": "day", "w": "week", "mo": "month", "y": "year"}


def need(variable: Variable) -> str:
    """Whether leaving it unset fails."""
    if variable.need == "always":
        told = "Required"
    elif variable.need == "conditional":
        told = f"Required when {code(variable.condition)}"
    else:
        told = "Optional"
    if variable.when:
        told += f", and looked at only when {code(variable.when)}"
    return f"{told}."


def form(variable: Variable) -> str:
    """What a good value is."""
    if variable.options:
        told = f"One of {', '.join(map(code, variable.options))}"
    else:
        told = sentence(variable.title)[:-1]
    limits = ", ".join(limit(name, text) for name, text in variable.limits if name != "options")
    return f"{told} ({limits})." if limits else f"{told}."


def limit(name: str, text: str) -> str:
    """A parameter of a type in words where there are short ones, else as a spec writes it."""
    thing = name.replace("-", " ")
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
    "pattern": "the whole of it matches {code}",
    "role": "of the role {code}",
    "schemes": "{text} only",
    "url": "of the project in {code}",
}
"""Parameters that need no name to be understood; each means the same in every type."""


def value(variable: Variable) -> str:
    """What it is where nobody sets it, and what it may look like."""
    if variable.default is not None:
        return f"Default: {code(variable.default, LONGEST)}."
    if variable.has_default:
        return "It has a default, which is secret."
    if variable.example is not None:
        return f"For example {code(variable.example, LONGEST)}."
    return f"For example {code(variable.sample, LONGEST)}." if variable.sample else ""


def origin(variable: Variable) -> str:
    """Where a value comes from."""
    if variable.obtain:
        return f"Get it here: {stopped(variable.obtain)}"
    return f"Make one: {code(variable.command)}." if variable.command else ""


def remarks(variable: Variable) -> Iterator[str]:
    """What else there is to know."""
    if variable.secret:
        yield "Secret: nobody but the application may see it."
    if variable.only_in:
        yield home(variable)
    if variable.parity == "same":
        yield "Every environment has the same value."
    elif variable.parity == "different":
        yield "No two environments share a value."
    elif variable.parity == "shape":
        yield "Every environment sets it, or none does."
    if variable.rotate_every:
        yield f"Replace it every {interval(variable.rotate_every)}."
    if variable.allow_empty:
        yield "It may be set to nothing."
    if variable.deprecated:
        yield deprecation(variable)


def home(variable: Variable) -> str:
    """The only environments where it belongs."""
    return f"It belongs in {listed(variable.only_in)} only."


def deprecation(variable: Variable) -> str:
    """What takes its place."""
    if variable.replacement:
        return f"Deprecated: {code(variable.replacement)} replaces it."
    return "Deprecated: it should no longer be set."


def interval(text: str) -> str:
    """`180d` in words: 180 days."""
    number = text.rstrip("dwmoy")
    unit = _INTERVALS.get(text[len(number) :], "")
    return unit if number == "1" else f"{number} {unit}s"


def told(variable: Variable) -> list[str]:
    """All of it, in the order in which a reader wants to know."""
    sentences = [
        stopped(variable.description),
        f"{need(variable)} {form(variable)}",
        value(variable),
        origin(variable),
        *remarks(variable),
    ]
    return [text for text in sentences if text]


FILTERS: dict[str, Callable[..., Any]] = {
    "form": form,
    "interval": interval,
    "need": need,
    "origin": origin,
    "remarks": lambda variable: list(remarks(variable)),
    "worth": value,
}
"""What templates use to tell of a variable."""

"""What a JSON Schema can say of the values of each type: patterns that every good value matches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assay.formats.base import Format

PORT = (
    "^[+]?0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$"
)
_HEX = "[0-9A-Fa-f]"
_PLAIN_REGEX = re.compile(
    r"(?:[A-Za-z0-9 _@%&,;:=/!~#<>'\"-]|\\[dws.\\/?+*()|\[\]{}^$-]"
    r"|\[[A-Za-z0-9_. @%&,;:=/!~#+*?()-]+\]|[.+*?|()]|\{\d+(?:,\d*)?\}|\(\?:)+"
)
"""Regular expressions that mean the same in RE2 and in ECMAScript, as far as a glance tells."""


def shape_of_values(form: Format, *, secret: bool) -> dict[str, Any]:
    """The words of a schema for values of a type; none where nothing can be said.

    `secret` values are not listed, even where the type lists them.
    """
    make = _SHAPES.get(form.tag())
    return {} if make is None else make(form, secret)


def _text(form: Any, _secret: bool) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    if form.pattern is not None and _PLAIN_REGEX.fullmatch(form.pattern):
        shape["pattern"] = f"^(?:{form.pattern})$"
    if form.min_length:
        shape["minLength"] = form.min_length
    if form.max_length is not None:
        shape["maxLength"] = form.max_length
    return shape


def _enum(form: Any, secret: bool) -> dict[str, Any]:
    if secret:
        return {}
    return _any_case(form.options) if form.ignore_case else {"enum": list(form.options)}


def _boolean(form: Any, secret: bool) -> dict[str, Any]:
    from assay.formats.choices import FALSY, TRUTHY

    if secret:
        return {}
    if form.truthy is not None and form.falsy is not None:
        return {"enum": [*form.truthy, *form.falsy]}
    return _any_case((*(form.truthy or TRUTHY), *(form.falsy or FALSY)))


def _any_case(texts: Iterable[str]) -> dict[str, Any]:
    """A pattern of texts in any case; ECMAScript's patterns have no flag for it."""
    texts = list(texts)
    if not all(text.isascii() for text in texts):
        return {}
    return {"pattern": f"^(?:{'|'.join(''.join(map(_either, text)) for text in texts)})$"}


def _either(char: str) -> str:
    return f"[{char.lower()}{char.upper()}]" if char.isalpha() else re.escape(char)


def _hex(form: Any, _secret: bool) -> dict[str, Any]:
    size = f"{{{form.bytes}}}" if form.bytes else "+"
    return {"pattern": f"^(?:{_HEX}{{2}}){size}$"}


def _base64(form: Any, _secret: bool) -> dict[str, Any]:
    if not form.bytes:
        return {"pattern": "^[A-Za-z0-9+/]+={0,2}$"}
    groups, rest = divmod(form.bytes, 3)
    body = f"(?:[A-Za-z0-9+/]{{4}}){{{groups}}}"
    return {"pattern": f"^{body}{['', '[A-Za-z0-9+/]{2}==', '[A-Za-z0-9+/]{3}='][rest]}$"}


def _pattern(text: str) -> Callable[[Any, bool], dict[str, Any]]:
    return lambda _form, _secret: {"pattern": text}


def _url(form: Any, _secret: bool) -> dict[str, Any]:
    schemes = getattr(form, "schemes", None)
    if not schemes or not all(re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) for scheme in schemes):
        return {"pattern": "^[A-Za-z][A-Za-z0-9+.-]*://"}
    return {"pattern": f"^(?:{'|'.join(''.join(map(_either, s)) for s in schemes)})://"}


_SHAPES: dict[str, Callable[[Any, bool], dict[str, Any]]] = {
    "base64": _base64,
    "base64url": _pattern("^[A-Za-z0-9_-]+={0,2}$"),
    "boolean": _boolean,
    "date": _pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    "email": _pattern("^[^@]+@[^@]+$"),
    "enum": _enum,
    "hex": _hex,
    "integer": _pattern("^[+-]?[0-9]+$"),
    "jwt": _pattern(r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$"),
    "number": _pattern(r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"),
    "port": _pattern(PORT),
    "text": _text,
    "ulid": _pattern("^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$"),
    "url": _url,
    "uuid": _pattern(f"^{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}$"),
}
"""Type to what makes its words; in alphabetical order."""

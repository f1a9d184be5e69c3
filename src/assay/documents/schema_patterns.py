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
_URL_CHARACTERS = "[!#-;=?-\\[\\]_a-z~]"
"""What a URL may hold (RFC 3986), and no white space."""
_PLAIN_REGEX = re.compile(
    r"(?:[A-Za-z0-9 _@%&,;:=/!~#<>'\"-]|\\[dws.\\/?+*()|\[\]{}^$-]"
    r"|\[[A-Za-z0-9_. @%&,;:=/!~#+*?()-]+\]|[.+*?|()]|\{\d+(?:,\d*)?\}|\(\?:)+"
)
"""Regular expressions that mean the same in RE2 and in ECMAScript, as far as a glance tells."""


def shape_of_values(form: Format, *, secret: bool) -> dict[str, Any]:
    """The words of a schema for values of a type; none where nothing can be said.

    `secret` values are not listed, even where the type lists them.
    """
    make = TYPES.get(form.tag())
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
    ends = ["", "[A-Za-z0-9+/]{2}==", "[A-Za-z0-9+/]{3}="]
    if not form.bytes:
        return {"pattern": f"^(?:[A-Za-z0-9+/]{{4}})*(?:{ends[1]}|{ends[2]})?$"}
    groups, rest = divmod(form.bytes, 3)
    return {"pattern": f"^(?:[A-Za-z0-9+/]{{4}}){{{groups}}}{ends[rest]}$"}


def _base64url(form: Any, _secret: bool) -> dict[str, Any]:
    size = f"{{{-(-form.bytes * 8 // 6)}}}" if form.bytes else "+"
    padding = "" if form.padding == "forbidden" else "={0,2}"
    return {"pattern": f"^[A-Za-z0-9_-]{size}{padding}$"}


def _pattern(text: str) -> Callable[[Any, bool], dict[str, Any]]:
    return lambda _form, _secret: {"pattern": text}


def _email(form: Any, _secret: bool) -> dict[str, Any]:
    address = r"[^@\s<>]+@[^@\s<>]+"
    named = rf"(?:{address}|[^@]*<{address}>)"
    return {"pattern": f"^{named if form.display_name == 'allowed' else address}$"}


def _url(form: Any, _secret: bool) -> dict[str, Any]:
    schemes = getattr(form, "schemes", None)
    if schemes and all(re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) for scheme in schemes):
        scheme = f"(?:{'|'.join(''.join(map(_either, text)) for text in schemes)})"
    else:
        scheme = "[A-Za-z][A-Za-z0-9+.-]*"
    return {"pattern": f"^{scheme}://{_URL_CHARACTERS}+$"}


TYPES: dict[str, Callable[[Any, bool], dict[str, Any]]] = {
    "base64": _base64,
    "base64url": _base64url,
    "boolean": _boolean,
    "date": _pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    "email": _email,
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

"""Small formats of the web: colours, media types, header fields."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format, Permission, Presence
from assay.formats.decoding import HEX
from assay.model import Rule, Violation

COLOR_MALFORMED = Rule(
    code="color-malformed",
    message="{name} is not a colour: expected {expected}",
    remedy="Set {name} to a hash sign and hex digits, such as #1a73e8.",
    why="Browsers ignore a colour that they can't parse, and show black or nothing.",
    bad="BRAND_COLOR=1a73e8",
    good="BRAND_COLOR=#1a73e8",
)
COLOR_ALPHA = Rule(
    code="color-alpha",
    message="{name} {found} an alpha channel: expected {expected}",
    remedy="Write {name} as {expected}.",
    why="Mail clients and image libraries accept either three channels or four, not both.",
)
MIME_MALFORMED = Rule(
    code="mime-type-malformed",
    message="{name} is not a media type: expected one such as application/json",
    remedy="Set {name} to a type, a slash and a subtype (RFC 6838).",
    why="Servers answer 415, and browsers download what they should display.",
    bad="EXPORT_TYPE=csv",
    good="EXPORT_TYPE=text/csv",
)
MIME_PARAMETERS = Rule(
    code="mime-type-parameters",
    message="{name} has parameters: expected only type/subtype",
    remedy="Remove the semicolon and everything after it from {name}.",
    why="The application compares it with a bare type, so it never matches.",
    bad="EXPORT_TYPE=text/csv; charset=utf-8",
    good="EXPORT_TYPE=text/csv",
)
MIME_NOT_ALLOWED = Rule(
    code="mime-type-not-allowed",
    message="{name} is not an allowed media type: expected {options}",
    remedy="Set {name} to one of {options}.",
    why="The application can't handle other types.",
)
HEADER_MALFORMED = Rule(
    code="http-header-malformed",
    message="{name} is not a header: expected Name: value",
    remedy="Write {name} as the header's name, a colon and its value.",
    why="The HTTP client rejects the header, or sends something else.",
    bad="EXTRA_HEADER=X-Team billing",
    good="EXTRA_HEADER=X-Team: billing",
)
HEADER_NAME = Rule(
    code="http-header-name",
    message="{name} is not a header name: expected letters, digits and hyphens",
    remedy="Set {name} to only the name, without a colon or spaces.",
    why="The HTTP client rejects the name (RFC 9110, section 5.1).",
    bad="API_KEY_HEADER=x-api-key:",
    good="API_KEY_HEADER=x-api-key",
)
HEADER_VALUE = Rule(
    code="http-header-value",
    message="{name} contains a newline or some other character that headers can't contain",
    remedy="Remove newlines, control characters and non-ASCII characters from {name}.",
    why="A newline begins a new header (request splitting), and clients reject the other "
    "characters.",
)

_TOKEN = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~")
_PARAMETER = re.compile(
    r""" *[A-Za-z0-9!#$%&'*+.^_`|~-]+=(?:[A-Za-z0-9!#$%&'*+.^_`|~-]+|"[ -~]+") *"""
)
_TOP_LEVEL = (
    *("application", "audio", "font", "haptics", "image", "message"),
    *("model", "multipart", "text", "video"),
)


class Color(Format, frozen=True, kw_only=True, tag="color"):
    """A colour in CSS's hex form (CSS Color 4, section 5.2)."""

    title = "a colour"
    named_like = r"(?:^|_)COLOU?R$"
    begins_like = "#"
    rules: ClassVar[tuple[Rule, ...]] = (COLOR_MALFORMED, COLOR_ALPHA)

    alpha: Annotated[
        Presence,
        Meta(
            description="Whether an alpha channel, as in #1a73e880, is allowed, required or "
            "forbidden."
        ),
    ] = "allowed"

    def violations(self, value: str) -> Iterator[Violation]:
        digits = value[1:]
        has_alpha = len(digits) in (4, 8)
        expected = {
            "allowed": "#rgb, #rgba, #rrggbb or #rrggbbaa",
            "required": "#rgba or #rrggbbaa",
            "forbidden": "#rgb or #rrggbb",
        }[self.alpha]
        if value[:1] != "#" or len(digits) not in (3, 4, 6, 8) or not HEX.issuperset(digits):
            yield COLOR_MALFORMED.violated(expected=expected)
        elif self.alpha == ("forbidden" if has_alpha else "required"):
            yield COLOR_ALPHA.violated(found="has" if has_alpha else "lacks", expected=expected)

    def example(self) -> str:
        return "#1a73e8ff" if self.alpha == "required" else "#1a73e8"

    def screen(self) -> tuple[object, ...]:
        size = {"allowed": "(?:[0-9a-fA-F]{2})?", "required": "[0-9a-fA-F]{2}", "forbidden": ""}
        return ("match", "#[0-9a-fA-F]{6}" + size[self.alpha])


class MimeType(Format, frozen=True, kw_only=True, tag="mime-type"):
    """A media type (RFC 6838), as in application/json."""

    title = "a media type"
    screened: ClassVar[tuple[object, ...] | None] = (
        "match",
        f"(?:{'|'.join(_TOP_LEVEL)})/[a-z0-9]{{1,30}}(?:[.+-][a-z0-9]{{1,30}}){{0,3}}",
    )
    rules: ClassVar[tuple[Rule, ...]] = (MIME_MALFORMED, MIME_PARAMETERS, MIME_NOT_ALLOWED)

    options: Annotated[
        tuple[str, ...] | None,
        Meta(description="The types allowed; `image/*` matches every image type."),
    ] = None
    parameters: Annotated[
        Permission, Meta(description="Whether parameters such as `; charset=utf-8` are allowed.")
    ] = "forbidden"

    def problems(self) -> Iterator[tuple[str, str]]:
        for option in self.options or ():
            if not _is_mime(option):
                yield "options", f"{option!r} is not a media type: expected type/subtype"

    def violations(self, value: str) -> Iterator[Violation]:
        bare, *parameters = value.split(";")
        bare = bare.rstrip(" ").lower()
        if not _is_mime(bare) or not all(map(_PARAMETER.fullmatch, parameters)):
            yield MIME_MALFORMED.violated()
            return
        if parameters and self.parameters == "forbidden":
            yield MIME_PARAMETERS.violated()
        if self.options is not None:
            wild = f"{bare.partition('/')[0]}/*"
            if not {bare, wild}.intersection(option.lower() for option in self.options):
                yield MIME_NOT_ALLOWED.violated(options=", ".join(self.options))

    def example(self) -> str:
        return self.options[0].replace("*", "png") if self.options else "application/json"

    def screen(self) -> tuple[object, ...] | None:
        return None if self.options is not None else self.screened


class HttpHeader(Format, frozen=True, kw_only=True, tag="http-header"):
    """A header field of HTTP (RFC 9110, section 5), or only its name or its value."""

    title = "an HTTP header"
    arbitrary = True
    rules: ClassVar[tuple[Rule, ...]] = (HEADER_MALFORMED, HEADER_NAME, HEADER_VALUE)

    part: Annotated[
        Literal["line", "name", "value"],
        Meta(
            description="What the variable contains: `Name: value`, or only the name or the value."
        ),
    ] = "line"

    def violations(self, value: str) -> Iterator[Violation]:
        field, colon, content = value.partition(":")
        text = content if self.part == "line" else value
        if self.part == "name":
            if not _TOKEN.issuperset(value):
                yield HEADER_NAME.violated()
        elif self.part == "line" and (not colon or not field or not _TOKEN.issuperset(field)):
            yield HEADER_MALFORMED.violated()
        elif not text.replace("\t", " ").isprintable() or not text.isascii():
            yield HEADER_VALUE.violated()

    def example(self) -> str:
        return {"line": "X-Team: billing", "name": "X-Team", "value": "billing"}[self.part]

    def screen(self) -> tuple[object, ...]:
        words = string.ascii_letters + string.digits + "-"
        if self.part == "line":
            return ("match", "[A-Za-z0-9-]{1,60}: [A-Za-z0-9 ._~+/=,;-]{1,500}")
        return ("chars", words if self.part == "name" else words + " ._~+/=,;", 1, None)


def _is_mime(text: str) -> bool:
    kind, _, subtype = text.partition("/")
    known = kind in _TOP_LEVEL or kind.startswith("x-")
    return known and 0 < len(subtype) <= 127 and _TOKEN.issuperset(kind + subtype)

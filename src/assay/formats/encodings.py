"""Bytes as text: hex, base64, base64url."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from assay.formats.base import Format, Presence
from assay.formats.decoding import DECODERS, HEX, STANDARD, URL_SAFE, wrong_encoding
from assay.model import Rule, Violation

HEX_PREFIX = Rule(
    code="hex-prefix",
    message="{name} begins with a prefix such as 0x: expected only hex digits",
    remedy="Remove the prefix (0x or \\x) from {name}.",
    why="Node's Buffer.from(x, 'hex') silently returns 0 bytes; other decoders raise an error.",
    bad="SALT=0x6f1d",
    good="SALT=6f1d",
)
HEX_ALPHABET = Rule(
    code="hex-alphabet",
    message="{name} contains a character that is not a hex digit: expected 0-9 and a-f",
    remedy="Copy the full value of {name} again, without quotes, spaces or newlines.",
    why="Node's Buffer.from(x, 'hex') silently stops at that character and returns a shorter key.",
    bad="SALT=6f1g",
    good="SALT=6f1d",
)
HEX_ODD = Rule(
    code="hex-odd-length",
    message="{name} has an odd number of hex digits: expected two for each byte",
    remedy="Copy the full value of {name} again: a digit was lost or added.",
    why="Node's Buffer.from(x, 'hex') silently drops the last digit and returns a shorter key.",
    bad="SALT=6f1",
    good="SALT=6f1d",
)
BASE64_ALPHABET = Rule(
    code="base64-alphabet",
    message="{name} contains a character that is not base64: expected A-Z, a-z, 0-9, + and /",
    remedy="Copy the full value of {name} again, without quotes, spaces or newlines.",
    why="Lenient decoders skip the character and return the wrong bytes; strict ones raise an "
    "error.",
)
BASE64_IS_URL = Rule(
    code="base64-is-base64url",
    message="{name} is base64url: expected standard base64, with + and / instead of - and _",
    remedy="Replace - with + and _ with / in {name}, and pad it with = to a multiple of four "
    "characters.",
    why="Strict decoders reject - and _; lenient ones skip them and return the wrong bytes.",
    bad="SALT=-_8",
    good="SALT=+/8=",
)
BASE64_PADDING = Rule(
    code="base64-padding",
    message="{name} is not padded correctly: expected = signs up to a multiple of four characters",
    remedy="Copy the full value of {name} again: its end or its = signs were lost.",
    why="Python and Java raise an error; Node accepts the value or drops its last characters.",
    bad="SALT=bw",
    good="SALT=bw==",
)
BASE64_LINES = Rule(
    code="base64-line-breaks",
    message="{name} is split into lines or contains spaces: expected a single line",
    remedy="Encode the bytes again with `base64 -w0` (macOS: `base64`) and set {name} to that.",
    why="Dashboards and .env files keep only the first line, and strict decoders reject line "
    "breaks.",
)
BASE64_TRAILING = Rule(
    code="base64-trailing-bits",
    message="{name} ends with a character that no base64 encoder writes there",
    remedy="Copy the full value of {name} again: its last character was changed or cut.",
    why="Decoders drop the extra bits, so the key differs from the original; strict ones raise an "
    "error (RFC 4648, 3.5).",
    bad="SALT=bx==",
    good="SALT=bw==",
)
BASE64URL_ALPHABET = Rule(
    code="base64url-alphabet",
    message="{name} contains a character that is not base64url: expected A-Z, a-z, 0-9, - and _",
    remedy="Copy the full value of {name} again, without quotes, spaces or newlines.",
    why="JOSE and JWT libraries raise an error; lenient decoders skip the character and return the "
    "wrong bytes.",
)
BASE64URL_IS_STANDARD = Rule(
    code="base64url-is-base64",
    message="{name} is standard base64: expected base64url, with - and _ instead of + and /",
    remedy="Replace + with - and / with _ in {name}.",
    why="Strict decoders raise an error, and in a URL a + turns into a space.",
    bad="SALT=+/8=",
    good="SALT=-_8",
)
BASE64URL_PADDING = Rule(
    code="base64url-padding",
    message="{name} has the wrong padding: expected {expected}",
    remedy="Write {name} with {expected}.",
    why="JOSE libraries reject = signs (RFC 7515, 2); other decoders require them.",
)
WRONG_LENGTH = Rule(
    code="bytes-wrong-length",
    message="{name} decodes to the wrong number of bytes: expected {bytes} bytes in {encoding}",
    messages={
        "half": "{name} is {encoding} of too few bytes: expected {bytes} bytes in {encoding}, "
        "which are {digits} digits"
    },
    remedy="Copy the full value of {name} again, or generate a new one with `{command}`.",
    why="Ciphers and MACs reject a key of the wrong size, or the application pads or truncates it.",
)
WRONG_ENCODING = Rule(
    code="bytes-wrong-encoding",
    message="{name} is {found} of {bytes} bytes: expected {declared} of {bytes} bytes",
    remedy="Convert {name} from {found} to {declared}, or change its type in the spec to {found}.",
    why="Decoded in the declared encoding, it is a key of the wrong size with the wrong bytes.",
    bad="KEY=(44 characters of base64 where 64 hex digits belong)",
)

Bytes = Annotated[
    Annotated[int, Meta(ge=1, le=65536)] | None,
    Meta(description="How many bytes the value decodes to.", examples=[32]),
]
_URL_ONLY = frozenset("-_")


class _Bytes(Format, frozen=True, kw_only=True):
    """What all encodings of bytes share."""

    chosen_by_people = True
    arbitrary = True
    openssl: ClassVar[str]
    """What prints a number of random bytes."""

    bytes: Bytes = None

    def violations(self, value: str) -> Iterator[Violation]:
        """Another encoding first, which explains best what is wrong."""
        found = self.bytes and wrong_encoding(value, self.encoding, self.bytes)
        if found == "base64url" and self.encoding == "base64" and _URL_ONLY.isdisjoint(value):
            found = None  # what is wrong with it is its padding
        decoded = DECODERS[self.encoding](value)
        if found:
            yield WRONG_ENCODING.violated(found=found, declared=self.encoding, bytes=self.bytes)
        elif decoded is None:
            yield self._damage(value)
        elif self.bytes is not None and len(decoded) != self.bytes:
            half = self.encoding == "hex" and len(decoded) * 2 == self.bytes
            yield WRONG_LENGTH.violated(
                case="half" if half else "",
                bytes=self.bytes,
                digits=self.bytes * 2,
                encoding=self.encoding,
                command=self.command(),
            )

    def _damage(self, value: str) -> Violation:
        raise NotImplementedError  # pragma: no cover

    def _written(self, raw: Any) -> str:
        """Bytes in this encoding."""
        raise NotImplementedError  # pragma: no cover

    def command(self) -> str:
        return self.openssl.format(self.bytes or 32)

    def example(self) -> str:
        """Counted bytes, which screens for weak keys know."""
        return self._written(bytes(number % 256 for number in range(self.bytes or 16)))

    def generate(self) -> str:
        import secrets  # it brings hashing along; only generators need it

        return self._written(secrets.token_bytes(self.bytes or 32))


class Hex(_Bytes, frozen=True, kw_only=True, tag="hex"):
    """Bytes in hex digits, two for each (RFC 4648, section 8)."""

    title = "hex digits"
    encoding = "hex"
    rules: ClassVar[tuple[Rule, ...]] = (
        HEX_PREFIX,
        HEX_ALPHABET,
        HEX_ODD,
        WRONG_LENGTH,
        WRONG_ENCODING,
    )
    openssl = "openssl rand -hex {}"

    def _damage(self, value: str) -> Violation:
        if value[:2] in ("0x", "0X", "\\x"):
            return HEX_PREFIX.violated()
        return (HEX_ODD if HEX.issuperset(value) else HEX_ALPHABET).violated()

    def _written(self, raw: Any) -> str:
        return str(raw.hex())

    def value_schema(self) -> dict[str, Any]:
        size = f"{{{self.bytes}}}" if self.bytes else "+"
        return {"pattern": f"^(?:[0-9A-Fa-f]{{2}}){size}$"}

    def screen(self) -> tuple[object, ...]:
        if self.bytes is not None:
            return ("chars", "0123456789abcdefABCDEF", 2 * self.bytes, 2 * self.bytes)
        return ("match", "(?:[0-9a-fA-F]{2}){1,256}")


class Base64(_Bytes, frozen=True, kw_only=True, tag="base64"):
    """Bytes in standard base64 with padding (RFC 4648, section 4)."""

    title = "base64"
    encoding = "base64"
    rules: ClassVar[tuple[Rule, ...]] = (
        *(BASE64_ALPHABET, BASE64_IS_URL, BASE64_PADDING, BASE64_LINES, BASE64_TRAILING),
        *(WRONG_LENGTH, WRONG_ENCODING),
    )
    openssl = "openssl rand -base64 {}"

    def _damage(self, value: str) -> Violation:
        body = value.rstrip("=")
        if any(map(str.isspace, value)):
            return BASE64_LINES.violated()
        if not STANDARD.issuperset(body):
            return (BASE64_IS_URL if URL_SAFE.issuperset(body) else BASE64_ALPHABET).violated()
        return (BASE64_PADDING if _ill_padded(value) else BASE64_TRAILING).violated()

    def _written(self, raw: Any) -> str:
        return base64.b64encode(raw).decode()

    def value_schema(self) -> dict[str, Any]:
        ends = ["", "[A-Za-z0-9+/]{2}==", "[A-Za-z0-9+/]{3}="]
        if not self.bytes:
            return {"pattern": f"^(?:[A-Za-z0-9+/]{{4}})*(?:{ends[1]}|{ends[2]})?$"}
        groups, rest = divmod(self.bytes, 3)
        return {"pattern": f"^(?:[A-Za-z0-9+/]{{4}}){{{groups}}}{ends[rest]}$"}

    def screen(self) -> tuple[object, ...]:
        return ("base64", self.bytes)


class Base64Url(_Bytes, frozen=True, kw_only=True, tag="base64url"):
    """Bytes in base64url (RFC 4648, section 5)."""

    title = "base64url"
    encoding = "base64url"
    rules: ClassVar[tuple[Rule, ...]] = (
        *(BASE64URL_ALPHABET, BASE64URL_IS_STANDARD, BASE64URL_PADDING, BASE64_LINES),
        *(BASE64_TRAILING, WRONG_LENGTH, WRONG_ENCODING),
    )
    openssl = "openssl rand -base64 {} | tr '+/' '-_' | tr -d '='"

    padding: Annotated[
        Presence, Meta(description="Whether = signs pad the text to a multiple of four characters.")
    ] = "allowed"

    def violations(self, value: str) -> Iterator[Violation]:
        found = next(super().violations(value), None)
        if found is not None:
            yield found
        elif self.padding == ("forbidden" if value.endswith("=") else "required") and (
            value.endswith("=") or len(value) % 4
        ):
            yield self._ill_padded()

    def _damage(self, value: str) -> Violation:
        body = value.rstrip("=")
        if any(map(str.isspace, value)):
            return BASE64_LINES.violated()
        if not URL_SAFE.issuperset(body):
            standard = STANDARD.issuperset(body)
            return (BASE64URL_IS_STANDARD if standard else BASE64URL_ALPHABET).violated()
        ill = len(body) % 4 == 1 or (body != value and _ill_padded(value))
        return self._ill_padded() if ill else BASE64_TRAILING.violated()

    def _ill_padded(self) -> Violation:
        words = {
            "allowed": "= signs up to a multiple of four characters, or no padding",
            "required": "= signs up to a multiple of four characters",
            "forbidden": "no = signs at the end",
        }
        return BASE64URL_PADDING.violated(expected=words[self.padding])

    def _written(self, raw: Any) -> str:
        text = base64.urlsafe_b64encode(raw).decode()
        return text if self.padding == "required" else text.rstrip("=")

    def value_schema(self) -> dict[str, Any]:
        size = f"{{{-(-self.bytes * 8 // 6)}}}" if self.bytes else "+"
        padding = "" if self.padding == "forbidden" else "={0,2}"
        return {"pattern": f"^[A-Za-z0-9_-]{size}{padding}$"}

    def screen(self) -> tuple[object, ...] | None:
        """Whole groups of four, which need no padding and leave no bits unused."""
        if self.bytes is None:
            return ("match", "(?:[A-Za-z0-9_-]{4}){1,64}")
        if self.bytes % 3:
            return None
        size = self.bytes // 3 * 4
        return ("chars", "".join(sorted(URL_SAFE)), size, size)


def _ill_padded(value: str) -> bool:
    """Whether no padded text has these numbers of digits and of = signs."""
    body = value.rstrip("=")
    return len(value) % 4 != 0 or len(body) % 4 == 1 or len(value) - len(body) > 2

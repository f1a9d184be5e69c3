"""Numbers, ports, and amounts of memory and storage."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from msgspec import Meta

from assay.formats.base import Format
from assay.formats.ranges import Ranged, out_of_range
from assay.model import Rule, Violation

if TYPE_CHECKING:
    from assay.hygiene.sounds import Sound

NOT_AN_INTEGER = Rule(
    code="integer-malformed",
    message="{name} is not an integer: expected digits only",
    remedy="Set {name} to digits only, with a leading minus if it is negative.",
    why="Most languages read such a value as zero or NaN, or stop at the first character that "
    "isn't a digit.",
    bad="MAX_CONNECTIONS=10k",
    good="MAX_CONNECTIONS=10000",
)
NOT_A_NUMBER = Rule(
    code="number-malformed",
    message="{name} is not a number: expected digits, with a point before the fraction",
    remedy="Set {name} to a decimal number such as 0.25, without a unit or separators.",
    why="With a decimal comma or a unit, most languages read NaN or only the first digits.",
    bad="SAMPLE_RATE=0,25",
    good="SAMPLE_RATE=0.25",
)
OUT_OF_RANGE = out_of_range("number", "number")
PORT = Rule(
    code="port-out-of-range",
    message="{name} is not a port number: expected 1 to 65535",
    remedy="Set {name} to the port that the service listens on, a number from 1 to 65535.",
    why="TCP and UDP ports have 16 bits (RFC 9293, RFC 768), so the program can't listen or "
    "connect.",
)


# Each part begins with what the one before cannot hold, so matching is linear.
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?")


class _Numeric(Ranged, frozen=True, kw_only=True):
    """What types of numbers share."""

    never_secret = True
    spans: ClassVar[tuple[str, str, str]] = ("of {0} or more", "of {1} or less", "from {0} to {1}")

    def _limits(self) -> tuple[Any, Any]:
        return self.minimum, self.maximum

    def interpret(self, value: str) -> object:
        return self.measure(value)


class Integer(_Numeric, frozen=True, kw_only=True, tag="integer"):
    """An integer in decimal digits."""

    title = "an integer"
    sample = "10"
    value_pattern = "^[+-]?[0-9]+$"
    read_as = "integer"
    rules: ClassVar[tuple[Rule, ...]] = (NOT_AN_INTEGER, OUT_OF_RANGE)
    cel = "int"

    minimum: Annotated[int | None, Meta(description="The smallest number allowed.")] = None
    maximum: Annotated[int | None, Meta(description="The largest number allowed.")] = None

    @property
    def left_to_names(self) -> frozenset[Sound]:
        """Secrets of digits: a `PIN`, and a password that happens to be one."""
        return frozenset(("number",))

    def measure(self, text: str) -> int | None:
        return _integer(text)

    def screen(self) -> tuple[object, ...]:
        return ("integer", self.minimum, self.maximum)


class Number(_Numeric, frozen=True, kw_only=True, tag="number"):
    """A decimal number, possibly with a fraction or an exponent."""

    title = "a number"
    sample = "0.5"
    value_pattern = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
    read_as = "number"
    rules: ClassVar[tuple[Rule, ...]] = (NOT_A_NUMBER, OUT_OF_RANGE)
    cel = "double"

    minimum: Annotated[float | None, Meta(description="The smallest number allowed.")] = None
    maximum: Annotated[float | None, Meta(description="The largest number allowed.")] = None

    def measure(self, text: str) -> float | None:
        """The form of JSON's numbers (RFC 8259), or with a plus; not more than a double holds."""
        number = float(text) if _NUMBER.fullmatch(text) else math.inf
        return None if math.isinf(number) else number

    def screen(self) -> tuple[object, ...]:
        low, high = self.minimum, self.maximum
        # Beyond 15 digits a double and the digits may differ.
        least = -(10**15) if low is None else max(math.ceil(low), -(10**15))
        most = 10**15 if high is None else min(math.floor(high), 10**15)
        return ("integer", least, most)


class Port(Format, frozen=True, kw_only=True, tag="port"):
    """A TCP or UDP port number."""

    title = "a port number"
    screened: ClassVar[tuple[object, ...] | None] = ("integer", 1, 65535)
    sample = "8080"
    value_pattern = (
        "^[+]?0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]"
        "|6553[0-5])$"
    )
    never_secret = True
    read_as = "integer"
    rules: ClassVar[tuple[Rule, ...]] = (PORT,)
    cel = "int"

    def violations(self, value: str) -> Iterator[Violation]:
        number = _integer(value)
        if number is None or not 1 <= number <= 65535:
            yield PORT.violated()

    def interpret(self, value: str) -> int:
        return int(value)


def _integer(value: str) -> int | None:
    digits = value[1:] if value[:1] in ("-", "+") else value
    # int() refuses more than 4300 digits; nothing that an application counts has 20.
    return int(value) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


SIZE_MALFORMED = Rule(
    code="bytes-size-malformed",
    message="{name} is not a size: expected a number and a unit such as 512KiB, 10MB or 1G",
    remedy="Set {name} to a number of bytes, or to a number and a unit.",
    why="Programs reject it, or read only the digits and limit uploads to a few bytes.",
    bad="MAX_UPLOAD=ten megabytes",
    good="MAX_UPLOAD=10MB",
)
SIZE_BITS = Rule(
    code="bytes-size-bits",
    message="{name} has a size in bits: expected bytes, with an upper-case B",
    remedy="Write the B of the unit in {name} in upper case.",
    why="Mb means a million bits to some programs and a million bytes to others.",
    bad="MAX_UPLOAD=10Mb",
    good="MAX_UPLOAD=10MB",
)
SIZE_RANGE = out_of_range("bytes-size", "size")

_SIZE = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,6}))? ?([A-Za-z]{0,3})")
_LETTERS = [(c, p) for p, letter in enumerate("kmgtpe", start=1) for c in (letter, letter.upper())]
_UNITS: dict[str, int] = {
    **dict.fromkeys(("", "B", "b"), 1),
    # one letter alone means the binary unit, as in Docker, nginx and PHP
    **{c + rest: 1024**p for c, p in _LETTERS for rest in ("", "i", "iB", "IB", "ib")},
    **{f"{c}B": 1000**p for c, p in _LETTERS},
    # Docker and npm write the decimal units in lower case
    **{f"{c}b": 1000**p for c, p in _LETTERS if c in "kmgt"},
}


class BytesSize(Ranged, frozen=True, kw_only=True, tag="bytes-size"):
    """A number of bytes, with a decimal (kB, MB) or binary (KiB, MiB) unit (IEC 80000-13)."""

    title = "a size in bytes"
    standard = True
    sample = "10MB"
    screened: ClassVar[tuple[object, ...] | None] = ("match", "[0-9]{1,12}(?:[KMGT]i?B?)?")
    limit = "a size: expected one such as 10MB"
    spans: ClassVar[tuple[str, str, str]] = (
        "of {0} or more",
        "of {1} or less",
        "of {0} or more and of {1} or less",
    )
    named_like = r"(?:^|_)(?:SIZE|LIMIT|MEMORY|QUOTA)$"
    begins_like = r"\d+(?:\.\d+)?\s*[kKMGT]"
    rules: ClassVar[tuple[Rule, ...]] = (SIZE_MALFORMED, SIZE_BITS, SIZE_RANGE)

    minimum: Annotated[
        str | int | None, Meta(description="The smallest size allowed.", examples=["64KiB"])
    ] = None
    maximum: Annotated[
        str | int | None, Meta(description="The greatest size allowed.", examples=["10MB"])
    ] = None

    def measure(self, text: str) -> int | None:
        return size_in_bytes(text)

    def malformed(self, value: str) -> Violation:
        """Bits are told apart."""
        bits = value.endswith("b") and size_in_bytes(value[:-1] + "B") is not None
        return (SIZE_BITS if bits else SIZE_MALFORMED).violated()


def size_in_bytes(text: str) -> int | None:
    """The number of bytes; None if the text isn't a size, or is one in bits (`10Mb`)."""
    found = _SIZE.fullmatch(text)
    if found is None or found[3] not in _UNITS:
        return None
    fraction = found[2] or ""
    return int(found[1] + fraction) * _UNITS[found[3]] // int(10 ** len(fraction))

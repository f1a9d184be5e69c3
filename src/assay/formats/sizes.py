"""Amounts of memory and storage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from assay.formats.base import Format
from assay.model import Rule, Violation

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
SIZE_RANGE = Rule(
    code="bytes-size-out-of-range",
    message="{name} is out of range: expected a size {expected}",
    remedy="Set {name} to a size {expected}.",
    why="The application works only with sizes in the declared range.",
)

_SIZE = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,6}))? ?([A-Za-z]{0,3})")
_POWERS: dict[str, int] = {letter: power for power, letter in enumerate("kmgtpe", start=1)}


class BytesSize(Format, frozen=True, kw_only=True, tag="bytes-size"):
    """A number of bytes, with a decimal (kB, MB) or binary (KiB, MiB) unit (IEC 80000-13)."""

    title = "a size in bytes"
    standard = True
    named_like = r"(?:^|_)(?:SIZE|LIMIT|MEMORY|QUOTA)$"
    begins_like = r"\d+(?:\.\d+)?\s*[kKMGT]"
    rules = (SIZE_MALFORMED, SIZE_BITS, SIZE_RANGE)

    minimum: Annotated[
        str | int | None, Meta(description="The smallest size allowed.", examples=["64KiB"])
    ] = None
    maximum: Annotated[
        str | int | None, Meta(description="The greatest size allowed.", examples=["10MB"])
    ] = None

    def problems(self) -> Iterator[tuple[str, str]]:
        """Limits that are not valid sizes, or that no size can satisfy."""
        low, high = self._limits()
        for field, given, limit in (
            ("minimum", self.minimum, low),
            ("maximum", self.maximum, high),
        ):
            if given is not None and limit is None:
                yield field, f"{field} is not a size: expected one such as 10MB"
        if low is not None and high is not None and low > high:
            yield (
                "minimum",
                (
                    f"minimum ({self.minimum}) is greater than maximum ({self.maximum}), "
                    "so no value is valid"
                ),
            )

    def violations(self, value: str) -> Iterator[Violation]:
        """The form, then the range."""
        size = size_in_bytes(value)
        if size is None:
            bits = value.endswith("b") and size_in_bytes(value[:-1] + "B") is not None
            yield (SIZE_BITS if bits else SIZE_MALFORMED).violated()
            return
        low, high = self._limits()
        if (low is not None and size < low) or (high is not None and size > high):
            limits = ((self.minimum, "or more"), (self.maximum, "or less"))
            expected = " and ".join(
                f"of {text} {side}" for text, side in limits if text is not None
            )
            yield SIZE_RANGE.violated(expected=expected)

    def _limits(self) -> tuple[int | None, int | None]:
        return size_in_bytes(str(self.minimum)), size_in_bytes(str(self.maximum))

    def example(self) -> str:
        """The smallest size allowed, else the greatest."""
        given = self.minimum if self.minimum is not None else self.maximum
        return "10MB" if given is None else str(given)

    def screen(self) -> tuple[object, ...] | None:
        """A number and a usual unit, if there are no limits."""
        if self.minimum is not None or self.maximum is not None:
            return None
        return ("match", "[0-9]{1,12}(?:[KMGT]i?B?)?")


def size_in_bytes(text: str) -> int | None:
    """The number of bytes; None if the text isn't a size, or is one in bits (`10Mb`).

    One letter alone means the binary unit, as in Docker, nginx and PHP.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        return None
    whole, fraction, unit = found[1], found[2] or "", found[3]
    factor = _factor(unit)
    if factor is None:
        return None
    scale: int = 10 ** len(fraction)
    return int(whole + fraction) * factor // scale


def _factor(unit: str) -> int | None:
    if unit in ("", "B", "b"):
        return 1
    power = _POWERS.get(unit[0].lower())
    if power is None:
        return None
    # Docker and npm write the decimal units in lower case.
    if unit[1:] == "B" or unit in ("kb", "mb", "gb", "tb"):
        return int(1000**power)
    return int(1024**power) if unit[1:] in ("", "i", "iB", "IB", "ib") else None

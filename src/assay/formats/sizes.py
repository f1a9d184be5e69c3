"""Amounts of memory and storage."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Meta

from assay.formats.ranges import Ranged, out_of_range
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
SIZE_RANGE = out_of_range("bytes-size", "size")

_SIZE = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,6}))? ?([A-Za-z]{0,3})")
_POWERS: dict[str, int] = {letter: power for power, letter in enumerate("kmgtpe", start=1)}


class BytesSize(Ranged, frozen=True, kw_only=True, tag="bytes-size"):
    """A number of bytes, with a decimal (kB, MB) or binary (KiB, MiB) unit (IEC 80000-13)."""

    title = "a size in bytes"
    standard = True
    sample = "10MB"
    screened = ("match", "[0-9]{1,12}(?:[KMGT]i?B?)?")
    limit = "a size: expected one such as 10MB"
    spans = ("of {0} or more", "of {1} or less", "of {0} or more and of {1} or less")
    named_like = r"(?:^|_)(?:SIZE|LIMIT|MEMORY|QUOTA)$"
    begins_like = r"\d+(?:\.\d+)?\s*[kKMGT]"
    rules = (SIZE_MALFORMED, SIZE_BITS, SIZE_RANGE)

    minimum: Annotated[
        str | int | None, Meta(description="The smallest size allowed.", examples=["64KiB"])
    ] = None
    maximum: Annotated[
        str | int | None, Meta(description="The greatest size allowed.", examples=["10MB"])
    ] = None

    def measure(self, text: str) -> int | None:
        """The bytes."""
        return size_in_bytes(text)

    def malformed(self, value: str) -> Violation:
        """Bits are told apart."""
        bits = value.endswith("b") and size_in_bytes(value[:-1] + "B") is not None
        return (SIZE_BITS if bits else SIZE_MALFORMED).violated()


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

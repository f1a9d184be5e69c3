"""Texts that a column cut off: they are exactly as long as columns are, and no row is longer.

Which length a column has is known only once all rows were seen, so a cause is noted with the length
that its row has, and settled at the end: as a column that is too narrow, or as it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from assay.crypto.autopsy.causes import Cause, CauseCode, Confidence, as_bytes
from assay.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.crypto.envelopes.base import Envelope

WIDTHS = frozenset(
    (
        *(32, 50, 64, 100, 128, 150, 191, 200, 250, 255, 256, 300, 400, 500, 512),
        *(1000, 1024, 2000, 2048, 4000, 4096, 65535),
    )
)
"""How long columns are made, in bytes or characters."""
_MARKS = b"\\{[\"'<"
_NOTED = "width"
_SHOWS = "shows"
"""Values of a cause that is not settled yet."""
_LACKS, _MAY_LACK, _OPAQUE = "end", "form", "population"
_UNIT = {True: "character", False: "byte"}
_HEX = re.compile(rb"[0-9A-Fa-f]+")
_HEX_IN_PARTS = re.compile(rb"(?:[0-9A-Fa-f]*(?:--|[:.|$*]))*[0-9A-Fa-f]*")
_TEXT = re.compile(rb"[A-Za-z0-9+/=_.:|$*-]+")
_LONGEST_NONCE = 34
"""Digits in hex, and a separator, after which a text in parts has at least one."""


class Lengths:
    """How long the longest of all rows is, and how many are as long."""

    def __init__(self) -> None:
        self.longest: int = 0
        self.count: int = 0

    def see(self, cells: Sequence[Any]) -> None:
        """Count a page of rows; what is neither bytes nor text counts for nothing."""
        sizes = [len(one) if one.__class__ is bytes else length(one) for one in cells]
        longest = max(sizes, default=0)
        if longest > self.longest:
            self.longest, self.count = longest, 0
        if longest == self.longest:
            self.count += sizes.count(longest)

    def look(self, data: bytes) -> tuple[bool, bytes, bool]:
        """Whether it is plain text, what that begins with where it may be wrapped in something.

        And whether a column may have cut it off.
        """
        plain = data.isascii()
        cut = len(data) >= self.longest and width(data) > 0
        return plain, data[:1] if plain and data[:1] in _MARKS else b"", cut


def length(cell: object) -> int:
    """How many characters a text has, and how many bytes anything else."""
    if isinstance(cell, str):
        return len(cell)
    return len(as_bytes(cell)) if isinstance(cell, bytes | bytearray | memoryview) else 0


def width(data: bytes) -> int:
    """The length of a column that a text would just fit into; 0 if there is no such column."""
    for size in (_characters(data), len(data)):
        if size in WIDTHS:
            return size
    return 0


def _characters(data: bytes) -> int:
    return len(data) if data.isascii() else len(data.decode(errors="replace"))


def noted(cause: Cause, envelope: Envelope, data: bytes, *, reads: bool) -> Cause:
    """The cause with the length that its row has, if a column that is too narrow explains it.

    `reads` says whether what little there is to decrypt reads as text.
    """
    size = width(data)
    shows = _shows(cause, envelope, data, reads=reads) if size else ""
    if not shows:
        return cause
    words = plural(size, _UNIT[len(data) != size or data.isascii()])
    values = {**cause.filled, _NOTED: words, _SHOWS: shows}
    return replace(cause, values=tuple(sorted(values.items())))


def _shows(cause: Cause, envelope: Envelope, data: bytes, *, reads: bool) -> str:
    """What shows that the end is missing: the text, or, with luck, the other rows."""
    proven = cause.confidence is Confidence.PROVEN
    match cause.code:
        case CauseCode.TRUNCATED:
            return _LACKS
        case CauseCode.TAG_DAMAGED if not proven and "truncated" in cause.case:
            return _MAY_LACK
        case CauseCode.MALFORMED if begins(envelope, data):
            return _MAY_LACK
        case CauseCode.KEY_UNKNOWN if not proven:
            return _MAY_LACK if reads else _OPAQUE
    return ""


def begins(envelope: Envelope, data: bytes) -> bool:
    """Whether a text that doesn't have the form of its envelope may be the beginning of one."""
    marks = (envelope.mark,) if isinstance(envelope.mark, bytes) else envelope.mark
    misfit = envelope.misfit(data)
    if misfit is None or misfit.code not in ("malformed", "truncated"):
        return False
    if misfit.code == "truncated" and not data.isascii():
        return True
    if (any(marks) and not data.startswith(marks)) or "JSON" in misfit.reason:
        return False
    if getattr(envelope, "encoding", "") == "hex":
        apart = _HEX.fullmatch(data) is None
        nonce = len(data) <= _LONGEST_NONCE
        parts = bool(getattr(envelope, "separator", ""))
        return _HEX_IN_PARTS.fullmatch(data) is not None and (apart is parts or nonce)
    return _TEXT.fullmatch(data) is not None and (any(marks) or _HEX.fullmatch(data) is None)


def measure(cause: Cause) -> str:
    """The length that is noted with a cause, in words; empty if none is."""
    return cause.filled.get(_NOTED, "") if _SHOWS in cause.filled else ""


def settled(cause: Cause, lengths: Lengths | None, alike: int = 1, opened: int = 0) -> Cause:
    """What a noted cause is once all rows were seen; None stands for a single text.

    `alike` rows have the same length and may have been cut, and `opened` rows can be decrypted.
    """
    size = measure(cause)
    if not size:
        return cause
    values = tuple(pair for pair in cause.values if pair[0] not in (_NOTED, _SHOWS))
    plain = replace(cause, values=values)
    narrow = lengths is None or lengths.longest == int(size.partition(" ")[0])
    if cause.filled[_SHOWS] == _MAY_LACK:  # a row of that length that opens speaks against it
        narrow = narrow and (lengths is None or lengths.count == alike)
    elif cause.filled[_SHOWS] == _OPAQUE:
        narrow = lengths is not None and narrow and opened > 0 and lengths.count == alike > 1
    if not narrow:
        return plain
    seen = f"it is exactly {size} long, as a column may be that cut it off"
    if lengths is not None and lengths.count > 1:
        seen = f"{lengths.count} rows are exactly {size} long, and no row is longer"
    was = plain.code is CauseCode.TRUNCATED and plain.confidence is Confidence.PROVEN
    sure = Confidence.PROVEN if was else Confidence.LIKELY
    evidence = plain.evidence if plain.code is not CauseCode.KEY_UNKNOWN else ()
    return Cause.of(CauseCode.TRUNCATED, sure, *evidence, seen, case="column", width=size)

"""Line breaks made alike before reading, as several loaders do, with the way back to offsets."""

from __future__ import annotations

from bisect import bisect_right


class Normalised:
    """A text whose carriage returns were replaced or removed, and where they were."""

    __slots__ = ("_cuts", "text")

    def __init__(self, text: str, cuts: list[int]) -> None:
        """Take the new text and the offsets in it before which one character is missing."""
        self.text: str = text
        self._cuts = cuts

    def original(self, offset: int) -> int:
        """Return the offset in the original text of an offset in the new one."""
        return offset + bisect_right(self._cuts, offset) if self._cuts else offset


def newlines_unified(text: str) -> Normalised:
    """Turn CR LF and a lone CR into LF, as several loaders do first of all."""
    if "\r" not in text:
        return Normalised(text, [])
    cuts: list[int] = []
    at = text.find("\r\n")
    while at != -1:
        # the LF that stays is found at the CR's place, what follows is one further on
        cuts.append(at + 1 - len(cuts))
        at = text.find("\r\n", at + 2)
    return Normalised(text.replace("\r\n", "\n").replace("\r", "\n"), cuts)


def returns_removed(text: str) -> Normalised:
    """Drop every CR, as Node's own parser does."""
    if "\r" not in text:
        return Normalised(text, [])
    cuts: list[int] = []
    at = text.find("\r")
    while at != -1:
        cuts.append(at - len(cuts))
        at = text.find("\r", at + 1)
    return Normalised(text.replace("\r", ""), cuts)

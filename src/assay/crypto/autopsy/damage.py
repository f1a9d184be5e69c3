"""What happened to a ciphertext whose key is at hand, told by what its stream gives without a tag.

Only arithmetic proves: a tag that is right once one thing is undone, or the better part of it. That
something reads as text proves nothing, and is said to be likely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.crypto.autopsy.causes import Cause, CauseCode, Confidence
from assay.crypto.autopsy.opened import NOTHING
from assay.crypto.autopsy.streams import LEAST, TAG, legible, readable_to
from assay.redacted import redacted
from assay.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assay.crypto.autopsy.splits import Split
    from assay.crypto.autopsy.streams import Stream

PROVEN, LIKELY, UNCERTAIN = Confidence
_AGREEING = 8
"""Bytes of a tag that agree: chance does it once in 10**15."""
_SHORTEST_END = 4
"""Bytes of a tag that was cut off; fewer may agree by chance."""
_BACK = 12
"""Bytes of noise may read as text by chance; more than so many in a row don't."""
_SHIFTS = 4
"""How many lost or added bytes are looked for."""
_SOME = 0.6
"""The share of readable bytes that noise does not have."""
_SHORTER = (1, 2, 3, 4)
"""Bytes: a type that takes a text without so many does not show that its end is there."""
_OR_MORE = "or-truncated-or-aad"
_LONGEST = 4096
"""Bytes of a body for which a lost byte is tried out."""


@redacted("words")
class Patient(NamedTuple):
    """One way to take one ciphertext apart, with a key that may be its own."""

    stream: Stream
    split: Split
    aad: bytes
    words: str
    """What the key is."""
    fits: Callable[[bytes], bool] | None = None

    def seen(self, contexts: Sequence[tuple[str, bytes]]) -> Cause | None:
        """What is seen at once: the tag, or a text that reads all or in part."""
        split, stream = self.split, self.stream
        if not stream.takes(split.nonce):
            return None
        plain = stream.peek(split.nonce, split.body)
        expected = stream.tag(split.nonce, plain, self.aad)
        if len(split.tag) == TAG and _agree(expected, split.tag):
            return self._found(CauseCode.TAG_DAMAGED, PROVEN, _TAG_AGREES)
        found = self._end() or self._tag()
        if found is not None:
            return found
        if _agree(expected, split.tag):  # a tag of a different size
            return self._found(CauseCode.TAG_DAMAGED, PROVEN, _TAG_AGREES)
        if len(plain) < LEAST:
            return None
        end = readable_to(plain)
        if end == len(plain) or (self.fits is not None and self.fits(plain)):
            return self._intact(plain, expected, contexts)
        return self._broken(plain, end, expected)

    def _found(
        self, code: CauseCode, confidence: Confidence, *evidence: str, **values: str
    ) -> Cause:
        return Cause.of(code, confidence, *evidence, f"the key is {self.words}", **values)

    def _end(self) -> Cause | None:
        """Whether the end of the text is missing, and with it some of the tag, or all of it."""
        split, stream = self.split, self.stream
        if not split.raw or split.order[-2:] != ("ciphertext", "tag"):
            return None
        rest = split.body + split.tag
        for left in range(TAG - 1, _SHORTEST_END - 1, -1):
            body, begun = rest[:-left], rest[-left:]
            plain = stream.peek(split.nonce, body)
            if stream.tag(split.nonce, plain, self.aad)[:left] == begun:
                place = "within its tag, which ends the text"
                return self._found(CauseCode.TRUNCATED, PROVEN, _TAG_BEGINS, place=place)
        if len(rest) < LEAST + TAG:
            return None
        plain = stream.peek(split.nonce, rest)
        if readable_to(plain) >= len(plain) - (_SHORTEST_END - 1):
            why = "it reads as text up to its end, where the tag should be"
            return self._found(CauseCode.TRUNCATED, LIKELY, why, place="before its tag")
        return None

    def _intact(
        self, plain: bytes, expected: bytes, contexts: Sequence[tuple[str, bytes]]
    ) -> Cause:
        """All of it reads as text, and the tag is another."""
        split, stream = self.split, self.stream
        for words, aad in contexts:
            if _agree(stream.tag(split.nonce, plain, aad), split.tag):
                why = f"the tag is right with {words} as additional data"
                case = "without" if words == NOTHING else ""
                return self._found(CauseCode.WRONG_AAD, PROVEN, why, case=case, found=words)
        found = self._solved(expected)
        if found is not None:
            return found
        if self.fits is not None and self.fits(plain):
            why = "the plaintext is well formed from end to end, but the tag does not match"
            whole = not any(self.fits(plain[:-short]) for short in _SHORTER)
            case = "or-aad" if whole else _OR_MORE
            return self._found(CauseCode.TAG_DAMAGED, LIKELY, why, case=case)
        why = (
            "everything that is there reads as text, but the tag does not match: the tag may be "
            "damaged, the end may be missing, bytes may have changed into others that read as "
            "text, or different additional data was used"
        )
        return self._found(CauseCode.TAG_DAMAGED, UNCERTAIN, why, case=_OR_MORE)

    def _solved(self, expected: bytes) -> Cause | None:
        """Whether changed bytes within one block account for the tag."""
        if len(self.split.tag) != TAG or len(self.split.body) > _LONGEST:
            return None
        difference = bytes(a ^ b for a, b in zip(expected, self.split.tag, strict=True))
        change = self.stream.changed(self.split.body, difference)
        if change is None:
            return None
        why = f"the tag is right once {'it is' if change[1] == 1 else 'they are'} undone"
        return self._found(CauseCode.BYTES_CHANGED, PROVEN, why, place=_at(*change))

    def _broken(self, plain: bytes, end: int, expected: bytes) -> Cause | None:
        """Some of it reads as text, and some does not."""
        share = legible(plain)
        if end >= LEAST or share >= _SOME:
            found = self._solved(expected)
            if found is not None:
                return found
        found = self._byte_undone(end) if end >= _BACK else None
        if found is not None:
            return found
        tail = plain[end:]
        island = len(tail) - _readable_from_end(tail)
        if share >= _SOME and len(tail) - island >= LEAST:
            why = "it reads as text except for a few bytes"
            return self._found(CauseCode.BYTES_CHANGED, LIKELY, why, place=_at(end, island))
        return self._shifted(end)

    def _shifted(self, end: int) -> Cause | None:
        """Readable, then noise: whether the rest reads once it is moved."""
        split, stream = self.split, self.stream
        body = split.body[: end + _LONGEST]
        for count in range(1, _SHIFTS + 1):
            filled = stream.peek(split.nonce, body[:end] + bytes(count) + body[end:])
            cut = (
                stream.peek(split.nonce, body[:start] + body[start + count :])
                for start in range(max(0, end - count), end + 1)
            )
            if _reads_on(filled[end + count :]):
                code = CauseCode.BYTES_LOST
            elif any(_reads_on(shorter[end:]) for shorter in cut):
                code = CauseCode.BYTES_ADDED
            else:
                continue
            amount = plural(count, "byte")
            likely = self._found(code, LIKELY, _SHIFTED, place=_at(end), amount=amount)
            return (self._byte_undone(end) if count == 1 else None) or likely
        if end < LEAST:
            return None
        why = (
            "it reads as text up to there, but not from there on: bytes were changed, lost or "
            "added there"
        )
        place = f"from byte {end + 1} of the encrypted text"
        case = "or-lost-or-added"
        return self._found(CauseCode.BYTES_CHANGED, UNCERTAIN, why, case=case, place=place)

    def _byte_undone(self, end: int) -> Cause | None:
        """Whether the tag is right once a byte near a place is put back, or taken out."""
        split, stream = self.split, self.stream
        if len(split.body) > _LONGEST or len(split.tag) != TAG:
            return None
        body, tag = split.body, split.tag
        places = range(max(0, end - _BACK), min(end + 1, len(body)) + 1)
        for by in (1, -1):
            for at, text in _edited(body, places, by):
                if stream.opens(split.nonce, text + tag, self.aad):
                    place = _at(at)
                    return self._found(_BY_SIZE[by], PROVEN, _UNDONE, place=place, amount="1 byte")
        return None

    def tried(self) -> Cause | None:
        """What is found only by trying out: a byte of the nonce, of the tag, or the last ones."""
        if len(self.split.body) > _LONGEST:
            return None
        found = self._nonce()
        if found is None and self.stream.takes(self.split.nonce):
            plain = self.stream.peek(self.split.nonce, self.split.body)
            short = len(plain) < LEAST  # too little to be read: nothing but the tag speaks of it
            if short:
                found = self._solved(self.stream.tag(self.split.nonce, plain, self.aad))
            if found is None and (short or readable_to(plain) >= min(len(plain), _BACK)):
                found = self._byte_undone(len(self.split.body))
        return found

    def _nonce(self) -> Cause | None:
        split, stream = self.split, self.stream
        for by, code in _BY_SIZE.items():
            one: Split | None = split
            if len(split.nonce) != split.wanted + by:
                one = split.resized("iv", by) if len(split.nonce) == split.wanted else None
            if one is None:
                continue
            sealed = one.body + one.tag
            places = range(len(one.nonce) + (by < 0))
            for at, nonce in _edited(one.nonce, places, by):
                if stream.takes(nonce) and stream.opens(nonce, sealed, self.aad):
                    place = f"in its nonce, at byte {at + 1}"
                    amount = "1 byte" if by else ""
                    return self._found(code, PROVEN, _UNDONE, place=place, amount=amount)
        return None

    def _tag(self) -> Cause | None:
        split, stream = self.split, self.stream
        for by in (-1, 1):
            one = split if len(split.tag) == TAG + by else split.resized("tag", by)
            if one is None or not stream.takes(one.nonce):
                continue
            plain = stream.peek(one.nonce, one.body)
            expected = stream.tag(one.nonce, plain, self.aad)
            longer, shorter = (expected, one.tag) if by < 0 else (one.tag, expected)
            if any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))):
                why = "the tag is that of the text except for one byte"
                return self._found(_BY_SIZE[by], PROVEN, why, place="in its tag", amount="1 byte")
        return None


_BY_SIZE = {0: CauseCode.BYTES_CHANGED, -1: CauseCode.BYTES_LOST, 1: CauseCode.BYTES_ADDED}
_TAG_AGREES = "most bytes of the tag are those that the text should have"
_TAG_BEGINS = "what is left of the tag is the beginning of the one that the text should have"
_UNDONE = "the tag is right once that is undone"
_SHIFTED = "it reads as text up to there, and so does the rest once it is shifted"


def glimpse(stream: Stream, split: Split) -> bool:
    """Whether the beginning, or what is around it, reads as text: a quick look."""
    if not stream.takes(split.nonce):
        return False
    plain = stream.peek(split.nonce, split.body[: 4 * LEAST])
    return readable_to(plain) >= _BACK or (len(plain) >= LEAST and legible(plain) >= 0.75)


def _agree(expected: bytes, tag: bytes) -> bool:
    same = sum(a == b for a, b in zip(expected, tag, strict=False))
    return same >= _AGREEING


def _at(first: int, count: int = 1) -> str:
    """Where, counted from 1 in the encrypted text."""
    if count <= 1:
        return f"at byte {first + 1} of the encrypted text"
    return f"at bytes {first + 1} to {first + count} of the encrypted text"


def _reads_on(rest: bytes) -> bool:
    return len(rest) >= LEAST and legible(rest) >= 0.95


def _readable_from_end(data: bytes) -> int:
    """How many bytes at the end read as text."""
    for start in range(len(data)):
        if readable_to(data[start:]) == len(data) - start:
            return len(data) - start
        if start > 4 * LEAST:
            break
    return 0


def _edited(data: bytes, places: range, by: int) -> Iterator[tuple[int, bytes]]:
    """Bytes of which one is changed, put back or taken out at one of these places, and where."""
    for at in places:
        before, after = data[:at], data[at + (by >= 0) :]
        if by > 0:
            yield at, before + after
        else:
            yield from ((at, before + bytes((value,)) + after) for value in range(256))

"""What happened to a ciphertext whose key is at hand, told by what its stream gives without a tag.

Only arithmetic proves: a tag that is right once one thing is undone, or the better part of it. That
something reads as text proves nothing, and is said to be likely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.autopsy.explanations import Confidence, Explanation
from assay.crypto.autopsy.reading import LEAST, legible, readable_to
from assay.crypto.autopsy.rules import damage as rules
from assay.crypto.autopsy.rules import form as form_rules
from assay.crypto.autopsy.streams import TAG
from assay.crypto.autopsy.telling import explained, right
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assay.crypto.autopsy.keyring import Candidate
    from assay.crypto.autopsy.splits import Split
    from assay.crypto.autopsy.streams import Stream
    from assay.model import Rule

PROVED, LIKELY = Confidence.PROVED, Confidence.LIKELY
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
_LONGEST = 4096
"""Bytes of a body for which a lost byte is tried out."""


@redacted("words")
class Patient:
    """One way to take one ciphertext apart, with a key that may be its own."""

    def __init__(
        self,
        stream: Stream,
        split: Split,
        aad: bytes,
        key: Candidate,
        fits: Callable[[bytes], bool] | None = None,
    ) -> None:
        self.stream, self.split, self.aad, self.key = stream, split, aad, key
        self._fits = fits

    def seen(self, contexts: Sequence[tuple[str, bytes]]) -> Explanation | None:
        """What is seen at once: the tag, or a text that reads all or in part."""
        split, stream = self.split, self.stream
        if not stream.takes(split.nonce):
            return None
        plain = stream.peek(split.nonce, split.body)
        expected = stream.tag(split.nonce, plain, self.aad)
        if len(split.tag) == TAG and _agree(expected, split.tag):
            return self._told(rules.TAG_DAMAGED, PROVED, _TAG_AGREES, **{"or": ""})
        found = self._end() or self._tag()
        if found is not None:
            return found
        if _agree(expected, split.tag):  # a tag of another size
            return self._told(rules.TAG_DAMAGED, PROVED, _TAG_AGREES, **{"or": ""})
        if len(plain) < LEAST:
            return None
        end = readable_to(plain)
        if end == len(plain) or (self._fits is not None and self._fits(plain)):
            return self._intact(plain, expected, contexts)
        return self._broken(plain, end, expected)

    def _told(
        self, rule: Rule, confidence: Confidence, *evidence: str, **values: str
    ) -> Explanation:
        if rule is rules.TAG_DAMAGED:
            values["key_right"] = "" if self.key.rule is None else right(self.key)
        elif rule is not form_rules.OTHER_CONTEXT:
            values["key_right"] = right(self.key)
        return explained(rule, confidence, *evidence, f"the key is {self.key.words}", **values)

    def _end(self) -> Explanation | None:
        """Whether the end of the text is missing, and with it some of the tag, or all of it."""
        split, stream = self.split, self.stream
        if not split.raw or not split.tag_last:
            return None
        rest = split.body + split.tag
        for left in range(TAG - 1, _SHORTEST_END - 1, -1):
            body, begun = rest[:-left], rest[-left:]
            plain = stream.peek(split.nonce, body)
            if stream.tag(split.nonce, plain, self.aad)[:left] == begun:
                where = " within its tag, which ends the text"
                why = (
                    "what is left of the tag is the beginning of the one that the text should have"
                )
                return self._told(rules.TRUNCATED, PROVED, why, where=where)
        if len(rest) < LEAST + TAG:
            return None
        plain = stream.peek(split.nonce, rest)
        if readable_to(plain) >= len(plain) - (_SHORTEST_END - 1):
            why = "it reads as text up to its end, where the tag should be"
            return self._told(rules.TRUNCATED, LIKELY, why, where=" before its tag")
        return None

    def _intact(
        self, plain: bytes, expected: bytes, contexts: Sequence[tuple[str, bytes]]
    ) -> Explanation:
        """All of it reads as text, and the tag is another."""
        split, stream = self.split, self.stream
        for words, aad in contexts:
            if _agree(stream.tag(split.nonce, plain, aad), split.tag):
                return self._told(
                    form_rules.OTHER_CONTEXT,
                    PROVED,
                    f"the tag is that of the text with {words} as additional data",
                    found=words,
                    declared="other data",
                )
        found = self._solved(expected)
        if found is not None:
            return found
        if self._fits is not None and self._fits(plain):
            why = "what is inside is well formed from end to end, and its tag is another"
            return self._told(
                rules.TAG_DAMAGED, LIKELY, why, **{"or": ", or sealed with other additional data"}
            )
        why = (
            "all that is there reads as text, and its tag is another: the tag may be damaged, the "
            "end may be missing, bytes may have become others that read as text, or it was "
            "sealed with other additional data"
        )
        unsure = ", cut short, or sealed with other additional data"
        return self._told(rules.TAG_DAMAGED, Confidence.CANNOT_TELL, why, **{"or": unsure})

    def _solved(self, expected: bytes) -> Explanation | None:
        """Whether changed bytes within one block account for the tag."""
        if len(self.split.tag) != TAG or len(self.split.body) > _LONGEST:
            return None
        difference = bytes(a ^ b for a, b in zip(expected, self.split.tag, strict=True))
        change = self.stream.changed(self.split.body, difference)
        if change is None:
            return None
        where = _at(change.first) if change.size == 1 else _at(change.first, change.size)
        why = f"the tag is right once {'it is' if change.size == 1 else 'they are'} undone"
        return self._told(rules.BYTES_CHANGED, PROVED, why, where=where)

    def _broken(self, plain: bytes, end: int, expected: bytes) -> Explanation | None:
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
            why = "it reads as text but for a few bytes"
            return self._told(rules.BYTES_CHANGED, LIKELY, why, where=_at(end, island))
        return self._shifted(end)

    def _shifted(self, end: int) -> Explanation | None:
        """Readable, then noise: whether the rest reads once it is moved."""
        split, stream = self.split, self.stream
        body = split.body[: end + _LONGEST]
        for count in range(1, _SHIFTS + 1):
            filled = stream.peek(split.nonce, body[:end] + bytes(count) + body[end:])
            if _reads_on(filled[end + count :]):
                likely = self._told(
                    rules.BYTES_LOST, LIKELY, _SHIFTED, where=_at(end), amount=_bytes(count)
                )
                return (self._byte_undone(end) if count == 1 else None) or likely
            for start in range(max(0, end - count), end + 1):
                cut = stream.peek(split.nonce, body[:start] + body[start + count :])
                if _reads_on(cut[end:]):
                    likely = self._told(
                        rules.BYTES_ADDED, LIKELY, _SHIFTED, where=_at(end), amount=_bytes(count)
                    )
                    return (self._byte_undone(end) if count == 1 else None) or likely
        if end >= LEAST:
            why = (
                "it reads as text up to there, and not from there on: bytes were changed, lost or "
                "added there"
            )
            where = f", lost or added from byte {end + 1} of the encrypted text on"
            return self._told(rules.BYTES_CHANGED, Confidence.CANNOT_TELL, why, where=where)
        return None

    def _byte_undone(self, end: int) -> Explanation | None:
        """Whether the tag is right once a byte near a place is put back, or taken out."""
        split, stream = self.split, self.stream
        if len(split.body) > _LONGEST or len(split.tag) != TAG:
            return None
        body, tag = split.body, split.tag
        places = range(max(0, end - _BACK), min(end + 1, len(body)) + 1)
        for at in places:
            if stream.opens(split.nonce, body[:at] + body[at + 1 :] + tag, self.aad):
                return self._told(
                    rules.BYTES_ADDED, PROVED, _UNDONE, where=_at(at), amount="a byte"
                )
        for at in places:
            before, after = body[:at], body[at:] + tag
            for value in range(256):
                if stream.opens(split.nonce, before + bytes((value,)) + after, self.aad):
                    return self._told(
                        rules.BYTES_LOST, PROVED, _UNDONE, where=_at(at), amount="a byte"
                    )
        return None

    def tried(self) -> Explanation | None:
        """What is found only by trying out: a byte of the nonce, of the tag, or the last ones."""
        if len(self.split.body) > _LONGEST:
            return None
        found = self._nonce()
        if found is not None:
            return found
        if self.stream.takes(self.split.nonce):
            plain = self.stream.peek(self.split.nonce, self.split.body)
            short = len(plain) < LEAST  # too little to be read: nothing but the tag speaks of it
            if short:
                found = self._solved(self.stream.tag(self.split.nonce, plain, self.aad))
            if found is None and (short or readable_to(plain) >= min(len(plain), _BACK)):
                found = self._byte_undone(len(self.split.body))
        return found

    def _nonce(self) -> Explanation | None:
        split, stream = self.split, self.stream
        for by, rule in ((0, rules.BYTES_CHANGED), (-1, rules.BYTES_LOST), (1, rules.BYTES_ADDED)):
            if len(split.nonce) == split.wanted + by:
                one: Split | None = split
            elif split.raw and len(split.nonce) == split.wanted:
                one = split.resized("iv", by)
            else:
                one = None
            if one is None:
                continue
            sealed = one.body + one.tag
            for at, nonce in _edited(one.nonce, by):
                if stream.takes(nonce) and stream.opens(nonce, sealed, self.aad):
                    where = f" in its nonce, at byte {at + 1}"
                    return self._told(rule, PROVED, _UNDONE, where=where, amount="a byte")
        return None

    def _tag(self) -> Explanation | None:
        split, stream = self.split, self.stream
        for by, rule in ((-1, rules.BYTES_LOST), (1, rules.BYTES_ADDED)):
            one = split if len(split.tag) == TAG + by else split.resized("tag", by)
            if one is None or not stream.takes(one.nonce):
                continue
            plain = stream.peek(one.nonce, one.body)
            expected = stream.tag(one.nonce, plain, self.aad)
            longer, shorter = (expected, one.tag) if by < 0 else (one.tag, expected)
            if any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))):
                why = "the tag is that of the text, but for one byte"
                return self._told(rule, PROVED, why, where=" in its tag", amount="a byte")
        return None


_TAG_AGREES = "most bytes of the tag are those that the text should have"
_UNDONE = "the tag is right once that is undone"
_SHIFTED = "it reads as text up to there, and so does the rest when it is moved"


def glimpse(stream: Stream, split: Split) -> bool:
    """Whether the beginning, or what is around it, reads as text: a quick look."""
    if not stream.takes(split.nonce):
        return False
    plain = stream.peek(split.nonce, split.body[: 4 * LEAST])
    return readable_to(plain) >= _BACK or (len(plain) >= LEAST and legible(plain) >= 0.75)


def _agree(expected: bytes, tag: bytes) -> bool:
    same = sum(a == b for a, b in zip(expected, tag, strict=False))
    return same >= _AGREEING


def _bytes(count: int) -> str:
    return "a byte" if count == 1 else f"{count} bytes"


def _at(first: int, count: int = 1) -> str:
    """Where, counted from 1 in the encrypted text."""
    if count <= 1:
        return f" at byte {first + 1} of the encrypted text"
    return f" at bytes {first + 1} to {first + count} of the encrypted text"


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


def _edited(nonce: bytes, by: int) -> Iterator[tuple[int, bytes]]:
    """A nonce with one byte changed, put back or taken out, and where."""
    if by > 0:
        yield from ((at, nonce[:at] + nonce[at + 1 :]) for at in range(len(nonce)))
        return
    for at in range(len(nonce) if by == 0 else len(nonce) + 1):
        before, after = nonce[:at], nonce[at + (by == 0) :]
        yield from ((at, before + bytes((value,)) + after) for value in range(256))

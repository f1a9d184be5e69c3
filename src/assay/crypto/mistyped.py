"""Typing errors: the keys that are one slip of a hand or an eye away from what a variable holds.

They are thousands, so each is tested before anything is made of it. Its words tell a place, and
never the right character. Whether it is the key is for a tag or a check value to say.
"""

from __future__ import annotations

import base64
import binascii
import string
from collections.abc import Callable, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from assay.crypto.ciphers import NEEDS, TEXTS
from assay.crypto.deriving import DerivingProblem, stretched
from assay.crypto.recipes import Derivation, Pbkdf2, Scrypt
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.crypto.recipes import Recipe

    Decoder: TypeAlias = Callable[[str], bytes]

_LONGEST = 128
"""Characters of a key that is decoded; of a passphrase, which has more neighbours, half as many."""
_LOOKALIKES = str.maketrans("OoQDIil|!ZzSsGgq", "0000111112255699")
"""Letters that are taken for digits, and those digits; none of the letters is a digit of hex."""
_HEX = "0123456789abcdef"
_BYTE = 2
"""Characters of hex for one byte."""
_Slips: TypeAlias = "Iterator[tuple[str, str]]"


class _Spelling(NamedTuple):
    """How keys are written in an encoding."""

    alphabet: str
    decode: Decoder
    length: Callable[[int], int]
    """How many characters so many bytes take."""


def _from_base64(text: str) -> bytes:
    return binascii.a2b_base64(text + "=" * (-len(text) % 4))


def _from_base64url(text: str) -> bytes:
    return _from_base64(text.translate(_TO_STANDARD))


_TO_STANDARD = str.maketrans("-_", "+/")
_LETTERS = string.ascii_letters + string.digits
_SPELLINGS = {
    "hex": _Spelling(_HEX, binascii.unhexlify, lambda size: 2 * size),
    "base64": _Spelling(f"{_LETTERS}+/", _from_base64, lambda size: -(-4 * size // 3)),
    "base64url": _Spelling(f"{_LETTERS}-_", _from_base64url, lambda size: -(-4 * size // 3)),
    "utf8": _Spelling(f"{_LETTERS}{string.punctuation} ", str.encode, lambda size: size),
}


@redacted("words")
class Mistyping(NamedTuple):
    """A typing error, and what the variable would hold without it. It never shows that."""

    words: str
    """To follow the variable's name: `with its 32nd character different`."""
    text: str


def slips(
    recipe: Recipe, text: str, salts: Mapping[str, str | None], fits: Callable[[bytes], bool]
) -> Iterator[Mistyping]:
    """The typing errors without which a text makes a key that fits, the likeliest first.

    None in a key that takes long to derive, or that a text with a structure holds.
    """
    spelling = _SPELLINGS.get(recipe.encoding)
    need = NEEDS.get(recipe.cipher)
    if spelling is None or need is None or recipe.cipher in TEXTS or _slow(recipe):
        return
    prefix = recipe.prefix if text.startswith(recipe.prefix) else ""
    typed = text[len(prefix) :]
    if recipe.encoding == "hex":
        typed = typed.lower()
    elif recipe.encoding != "utf8":
        typed = typed.rstrip("=")
    longest = _LONGEST // 2 if recipe.encoding == "utf8" else _LONGEST
    if not typed.isascii() or not 0 < len(typed) <= longest:
        return
    plain = recipe.derive == "none"
    size = spelling.length(need.least) if plain and need.exact else None
    for words, meant in _slips(typed, spelling.alphabet, size, len(prefix)):
        try:
            raw = spelling.decode(meant)
        except ValueError:  # half a byte
            continue
        key = raw if plain else stretched(recipe, raw, salts)
        if isinstance(key, DerivingProblem) or not need.fits(len(key)):
            continue
        if fits(key):
            yield Mistyping(words, prefix + _spelled(recipe.encoding, raw, meant))


def _slow(recipe: Recipe) -> bool:
    derive = recipe.derive
    return isinstance(derive, Derivation) and isinstance(derive.chosen, Scrypt | Pbkdf2)


def _spelled(encoding: str, raw: bytes, text: str) -> str:
    """The text as a strict decoder takes it."""
    if encoding == "base64":
        return base64.b64encode(raw).decode()
    return base64.urlsafe_b64encode(raw).decode() if encoding == "base64url" else text


def _slips(text: str, alphabet: str, size: int | None, before: int) -> _Slips:
    """The texts that may have been meant, of `size` characters if that is known.

    `before` is how many characters stand before the text in its variable.
    """
    foreign = [at for at, char in enumerate(text) if char not in alphabet]
    if alphabet == _HEX and foreign:
        yield _unlike(text, foreign, before)
    if len(foreign) > 1:
        return
    places = foreign or range(len(text))
    for missing, slip in _IN_ORDER if not foreign else _OF_ONE:
        if abs(missing) < _BYTE if size is None else missing == size - len(text):
            yield from slip(text, alphabet, places, before)


def _unlike(text: str, foreign: Sequence[int], before: int) -> tuple[str, str]:
    words = "with digits instead of the characters that look like them"
    if len(foreign) == 1:
        words = f"with its {_nth(before + foreign[0])} character different"
    return words, "".join(c if c in _HEX else c.translate(_LOOKALIKES) for c in text)


def _swapped(text: str, _alphabet: str, places: Sequence[int], before: int) -> _Slips:
    for at in places[:-1]:
        if text[at] != text[at + 1]:
            words = f"with its {_nth(before + at)} and {_nth(before + at + 1)} characters swapped"
            yield words, f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"


def _shortened(text: str, _alphabet: str, places: Sequence[int], before: int) -> _Slips:
    for at in places:
        yield f"without its {_nth(before + at)} character", text[:at] + text[at + 1 :]


def _changed(text: str, alphabet: str, places: Sequence[int], before: int) -> _Slips:
    for at in places:
        words = f"with its {_nth(before + at)} character different"
        start, own, end = text[:at], text[at], text[at + 1 :]
        for char in alphabet:
            if char != own:
                yield words, f"{start}{char}{end}"


def _lengthened(text: str, alphabet: str, places: Sequence[int], before: int) -> _Slips:
    for char in alphabet:
        yield "with one more character at its end", text + char
    for at in places:
        words = f"with one more character before its {_nth(before + at)}"
        start, end = text[:at], text[at:]
        for char in alphabet:
            yield words, f"{start}{char}{end}"


def _shortened_by_two(text: str, _alphabet: str, places: Sequence[int], before: int) -> _Slips:
    for at in places[:-1]:
        words = f"without its {_nth(before + at)} and {_nth(before + at + 1)} characters"
        yield words, text[:at] + text[at + _BYTE :]


def _byte_added(text: str, alphabet: str, _places: Sequence[int], _before: int) -> _Slips:
    if alphabet == _HEX:
        for pair in map("".join, product(alphabet, repeat=_BYTE)):
            yield "with two more characters at its end", text + pair
            yield "with two more characters at its beginning", pair + text


_IN_ORDER: tuple[tuple[int, Callable[[str, str, Sequence[int], int], _Slips]], ...] = (
    *((0, _swapped), (-1, _shortened), (0, _changed), (1, _lengthened)),
    *((-_BYTE, _shortened_by_two), (_BYTE, _byte_added)),
)
"""How many characters were lost, and what may have been meant; the likeliest first."""
_OF_ONE = ((-1, _shortened), (0, _changed))
"""What a character that doesn't belong there may have come of."""


def _nth(at: int) -> str:
    """The ordinal of a place, counted from 0: `1st`, `12th`, `33rd`."""
    number = at + 1
    ending = "th" if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


_ENDINGS = {1: "st", 2: "nd", 3: "rd"}

"""Other keys that the same text may stand for: what else could have sealed what it does not open.

Every reading, derivation and damage that deployments are known for. Whether one of them is right is
for a check value or a sealed text to say; then it is proof, and its words name the fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import msgspec
from msgspec.structs import replace

from assay.crypto.ciphers import NEEDS, STRUCTURED, TEXTS
from assay.crypto.deriving import Problem, derived, stretched
from assay.crypto.recipes import Derivation, Derive, Encoding, Fit, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WORDS = {
    "hex": "read as hex",
    "base64": "read as base64",
    "base64url": "read as base64url",
    "utf8": "used as text, not decoded",
    "latin1": "used as text in Latin-1, not decoded",
}
DERIVED = {
    "none": "without any derivation",
    "sha256": "hashed with SHA-256",
    "md5-hex": "hashed with MD5, as hex digits",
    "evp-md5": "through OpenSSL's EVP_BytesToKey with MD5",
}
LITERALS = ("undefined", "null", "None", "")


class Variation(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe and a text that make another key. It never shows them."""

    words: str
    """To stand behind the variable's name, or alone where `alone`."""
    recipe: Recipe
    text: str
    alone: bool = False

    def __repr__(self) -> str:
        return f"Variation({self.words})"

    def of(self, name: str) -> str:
        """What makes the key, in words: `KEY read as base64`."""
        return self.words if self.alone else f"{name} {self.words}"


def variations(recipe: Recipe, text: str) -> Iterator[Variation]:
    """What the text may stand for beside the declared reading, the likeliest first."""
    if recipe.cipher not in NEEDS or recipe.encoding in STRUCTURED:
        return
    for encoding, words in WORDS.items():
        if encoding != recipe.encoding:
            other = _with_encoding(recipe, encoding)
            yield Variation(words=words, recipe=other, text=text)
    for encoding in ("hex", "base64"):
        lenient = replace(_with_encoding(recipe, encoding), decoder="node")
        words = f"read by Node's lenient decoder for {encoding}"
        yield Variation(words=words, recipe=lenient, text=text)
    yield from _damaged(recipe, text)
    if recipe.cipher not in TEXTS:
        yield from _derivations(recipe, text)
    for literal in LITERALS:
        plain = replace(recipe, encoding="utf8", prefix="")
        words = f'the text "{literal}"' if literal else "an empty text"
        yield Variation(words=words, recipe=plain, text=literal, alone=True)
        if recipe.derive == "none" and recipe.cipher not in TEXTS:
            for derive in ("sha256", "md5-hex", "evp-md5"):
                made = replace(plain, derive=derive)
                words_made = f"{words}, {DERIVED[derive]}"
                yield Variation(words=words_made, recipe=made, text=literal, alone=True)


def keys_of(
    varied: Iterator[Variation], salts: Mapping[str, str | None]
) -> Iterator[tuple[Variation, bytes]]:
    """Each variation that makes a key, with it; every key once."""
    seen: set[bytes] = set()
    for one in varied:
        empty = one.alone and not one.text  # of `process.env.KEY || ''`, which is no key otherwise
        key = stretched(one.recipe, b"", salts) if empty else derived(one.recipe, one.text, salts)
        if not isinstance(key, Problem) and key not in seen:
            seen.add(key)
            yield one, key


def _with_encoding(recipe: Recipe, encoding: str) -> Recipe:
    known: Encoding = next(e for e in get_args(Encoding) if e == encoding)
    return replace(recipe, encoding=known)


def _damaged(recipe: Recipe, text: str) -> Iterator[Variation]:
    """What may have been part of the value when something was sealed with it."""
    for words, other in (
        ("with a line end behind it", text + "\n"),
        ("with a carriage return and a line end behind it", text + "\r\n"),
        ("with a blank behind it", text + " "),
        ("in double quotes", f'"{text}"'),
        ("in single quotes", f"'{text}'"),
        ("in double quotes and with a line end", f'"{text}"\n'),
        ("in capitals", text.upper()),
        ("in small letters", text.lower()),
        ("without white space", "".join(text.split())),
    ):
        yield Variation(words=words, recipe=recipe, text=other)
        if recipe.encoding != "utf8":
            plain = replace(recipe, encoding="utf8")
            yield Variation(words=f"used as text, {words}", recipe=plain, text=other)


def _derivations(recipe: Recipe, text: str) -> Iterator[Variation]:
    size = NEEDS[recipe.cipher].least
    plain = replace(recipe, encoding="utf8")
    for fill, words in (
        ("", f"used as text and cut to {size} characters"),
        ("0", f"used as text and filled up to {size} characters with 0"),
        (" ", f"used as text and filled up to {size} characters with blanks"),
        ("\0", f"used as text and filled up to {size} characters with zero bytes"),
    ):
        fit = Derivation(fit=Fit(fill=fill))
        yield Variation(words=words, recipe=replace(plain, derive=fit), text=text)
    chosen: Derive
    for chosen in get_args(Derive):
        for base, how in ((recipe, ""), (plain, "used as text, ")):
            if chosen != recipe.derive or base is not recipe:
                words = how + DERIVED[chosen]
                yield Variation(words=words, recipe=replace(base, derive=chosen), text=text)

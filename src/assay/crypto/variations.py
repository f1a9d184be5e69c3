"""Other keys that the same text may stand for: what else could have sealed what it does not open.

Every reading, derivation and damage that deployments are known for. Whether one of them is right is
for a check value or a sealed text to say; then it is proof, and its words name the fault.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import msgspec
from msgspec.structs import replace

from assay.crypto.ciphers import NEEDS, STRUCTURED, TEXTS
from assay.crypto.decodings import LONGEST, PREFIXES, readings
from assay.crypto.deriving import DerivingProblem, derived, stretched
from assay.crypto.node import from_base64
from assay.crypto.public_keys import PUBLIC, of_variable
from assay.crypto.recipes import Derivation, Derive, Fit, Pbkdf2, Recipe, Scrypt
from assay.crypto.rederived import rederived
from assay.crypto.spoiled import cleaned, spoils
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
    "md5-hex": "hashed with MD5 as hex digits",
    "evp-md5": "through OpenSSL's EVP_BytesToKey with MD5",
}
_FILLS = {"0": "0", " ": "spaces", "\0": "zero bytes"}
_BYTES = {"encoding": "hex", "decoder": "strict", "prefix": "", "derive": "none"}
"""How hex digits are read as the bytes of a key that no recipe makes."""
_SALTS = ("salt", "")
"""Of the examples in Node's documentation, https://nodejs.org/api/crypto.html, and none at all."""
_Digest: TypeAlias = Literal["sha1", "sha256", "sha512"]
_ROUNDS: tuple[tuple[_Digest, int], ...] = (
    *(("sha512", 100_000), ("sha256", 100_000)),
    *(("sha1", 1000), ("sha256", 1000)),
)
"""Of Node's documentation, and of older answers that were copied; cheap ones last."""


@redacted("words")
class Variation(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe and a text that make another key. It never shows them."""

    words: str
    """To follow the variable's name, or alone where `alone`."""
    recipe: Recipe
    text: str
    alone: bool = False
    altered: bool = False
    """Whether the text is another one than the variable holds, not only read in a different way."""

    def of(self, name: str) -> str:
        """What makes the key, in words: `KEY read as base64`."""
        return self.words if self.alone else f"{name} {self.words}"


def variations(recipe: Recipe, text: str, name: str = "") -> Iterator[Variation]:
    """What the text of a variable may stand for beside the declared reading, likeliest first."""
    if recipe.cipher not in NEEDS or recipe.encoding in STRUCTURED:
        return
    if recipe.cipher in TEXTS:
        yield from _of_text(recipe, text, name)
        return
    yield from _encodings(recipe, text)
    yield from _rederived(recipe, text)
    yield from _damaged(recipe, text)
    yield from _lenient(recipe, text)
    yield from _derivations(recipe, text)
    yield from literals(recipe, name)
    if NEEDS[recipe.cipher].exact:
        yield from _unusual(recipe, text)


def _of_text(recipe: Recipe, text: str, name: str) -> Iterator[Variation]:
    """Of a text that opens as it is; trying one may take long, so the likeliest are first."""
    yield from _damaged(recipe, text)
    yield from literals(recipe, name)
    yield from _encodings(recipe, text)


def _varied(words: str, text: str, recipe: Recipe, **changes: Any) -> Variation:
    return Variation(words=words, recipe=replace(recipe, **changes), text=text)


def _literal(words: str, text: str, recipe: Recipe, **changes: Any) -> Variation:
    return Variation(words=words, recipe=replace(recipe, **changes), text=text, alone=True)


def _encodings(recipe: Recipe, text: str) -> Iterator[Variation]:
    for encoding, words in WORDS.items():
        if encoding != recipe.encoding:
            yield _varied(words, text, recipe, encoding=encoding)


def _rederived(recipe: Recipe, text: str) -> Iterator[Variation]:
    for words, derive in rederived(recipe):
        yield _varied(words, text, recipe, derive=derive)


def _lenient(recipe: Recipe, text: str) -> Iterator[Variation]:
    for encoding in ("hex", "base64"):
        words = f"read by Node's lenient decoder for {encoding}"
        yield _varied(words, text, recipe, encoding=encoding, decoder="node")


def literals(recipe: Recipe, name: str = "") -> Iterator[Variation]:
    """The keys that programs make of a variable that is not set, or of a public default."""
    if recipe.cipher not in NEEDS or recipe.encoding in STRUCTURED:
        return
    plain = replace(recipe, encoding="utf8", prefix="")
    for literal in ("", *of_variable(name), *PUBLIC):
        about = f", {PUBLIC[literal]}" if literal in PUBLIC else ""
        bare = f'the text "{literal}"' if literal else "an empty text"
        words = f"{bare}{about}"
        yield _literal(words, literal, plain)
        if recipe.cipher in TEXTS:
            continue
        size = NEEDS[recipe.cipher].least
        if literal:
            for fill, how in _FILLS.items():
                fit = Derivation(fit=Fit(fill=fill))
                filled = f"{bare} padded to {size} characters with {how}"
                yield _literal(filled, literal, plain, derive=fit)
        else:
            yield _literal("a key of zero bytes", bytes(size).hex(), recipe, **_BYTES)
        if recipe.derive == "none":
            for derive in ("sha256", "md5-hex", "evp-md5"):
                yield _literal(f"{bare} {DERIVED[derive]}", literal, plain, derive=derive)


def costly(recipe: Recipe, text: str, salts: Iterable[str] = ()) -> Iterator[Variation]:
    """What applications derive slowly on purpose; `salts` are those that the spec knows of.

    Trying all takes some tenths of a second, so it is for what nothing else explains.
    """
    if recipe.cipher not in NEEDS or recipe.cipher in TEXTS or recipe.encoding in STRUCTURED:
        return
    plain = replace(recipe, encoding="utf8", prefix="")
    for salt in dict.fromkeys((*salts, *_SALTS)):
        if derivation(recipe) == "scrypt" or salt:
            words = f"used as text, through scrypt with {_salt_words(salt)}"
            yield _varied(words, text, plain, derive=Derivation(scrypt=Scrypt(salt=salt)))
    for salt in dict.fromkeys((*salts, _SALTS[0])):
        for name, rounds in _ROUNDS:
            words = f"used as text, through PBKDF2 with {name}, {rounds} rounds and "
            chosen = Derivation(pbkdf2=Pbkdf2(salt=salt, iterations=rounds, hash=name))
            yield _varied(words + _salt_words(salt), text, plain, derive=chosen)


def derivation(recipe: Recipe) -> str:
    """The name of what derives the key: `none`, `sha256`, `scrypt`."""
    if isinstance(recipe.derive, Derivation):
        return type(recipe.derive.chosen).__name__.lower()
    return recipe.derive


def rounds(recipe: Recipe) -> int:
    """Those of PBKDF2; 0 if the key is derived in a different way."""
    chosen = recipe.derive.pbkdf2 if isinstance(recipe.derive, Derivation) else None
    return chosen.iterations if chosen is not None else 0


def _salt_words(salt: str) -> str:
    if salt == _SALTS[0]:
        return 'the salt "salt" of Node\'s examples'
    return "the declared salt" if salt else "an empty salt"


def keys_of(
    varied: Iterator[Variation], salts: Mapping[str, str | None]
) -> Iterator[tuple[Variation, bytes]]:
    """Each variation that makes a key, with it; every key once."""
    seen: set[bytes] = set()
    for one in varied:
        empty = one.alone and not one.text  # `process.env.KEY || ''`, which isn't a key otherwise
        key = stretched(one.recipe, b"", salts) if empty else derived(one.recipe, one.text, salts)
        if not isinstance(key, DerivingProblem) and key not in seen:
            seen.add(key)
            yield one, key


def _damaged(recipe: Recipe, text: str) -> Iterator[Variation]:
    """What the value may have been before it was damaged, or may have been made into then."""
    if recipe.prefix and not text.startswith(recipe.prefix):
        yield _altered(f"with the prefix {recipe.prefix} before it", recipe.prefix + text, recipe)
    unprefixed = ("without its prefix", _unprefixed(recipe, text))
    for words, other in (*cleaned(text), unprefixed, *spoils(text)):
        if other == text or not other:
            continue
        yield _altered(words, other, recipe)
        if recipe.encoding != "utf8":
            yield _altered(f"used as text, {words}", other, replace(recipe, encoding="utf8"))
        if recipe.prefix and not other.startswith(recipe.prefix):
            yield _altered(words, other, replace(recipe, prefix=""))
            yield _altered(
                f"{words} and with the prefix {recipe.prefix} before it",
                recipe.prefix + other,
                recipe,
            )


def _altered(words: str, text: str, recipe: Recipe) -> Variation:
    return Variation(words=words, recipe=recipe, text=text, altered=True)


def _unprefixed(recipe: Recipe, text: str) -> str:
    for prefix in (recipe.prefix, *PREFIXES, "0x"):
        if prefix and text.startswith(prefix):
            return text[len(prefix) :]
    return text


def _unusual(recipe: Recipe, text: str) -> Iterator[Variation]:
    """Keys that applications make in ways which no spec can say."""
    if len(text) <= LONGEST:
        size = NEEDS[recipe.cipher].least
        for words, key in _read_unusually(recipe, text, size):
            yield _varied(words, key.hex(), recipe, **_BYTES)
        for words, key in _hashed(text, size):
            yield _varied(words, key[:size].hex(), recipe, **_BYTES)


def _read_unusually(recipe: Recipe, text: str, size: int) -> Iterator[tuple[str, bytes]]:
    for found in readings(text):
        words, raw = f"read as {found.words}", found.raw
        if not found.encoding or found.prefix:
            yield words, raw
        if len(raw) > size and found.encoding != "utf8":
            yield f"{words} and cut to {size} bytes", raw[:size]
        if raw and len(raw) < size:
            filled = f"to {size} bytes"
            yield f"{words} and repeated {filled}", (raw * size)[:size]
            yield f"{words} and padded with zero bytes {filled}", raw.ljust(size, b"\0")
            yield f"{words} and padded with x {filled}", raw.ljust(size, b"x")
        if found.encoding != "utf8":
            once = hashlib.sha256(raw).digest()
            if found.encoding != recipe.encoding:
                yield f"{words}, hashed with SHA-256", once[:size]
            yield f"{words}, hashed with SHA-256 twice", hashlib.sha256(once).digest()[:size]


def _hashed(text: str, size: int) -> Iterator[tuple[str, bytes]]:
    raw = text.encode(errors="surrogatepass")
    digest = hashlib.sha256(raw)
    weak = hashlib.md5(raw, usedforsecurity=False).digest()
    sha1 = hashlib.sha1(raw, usedforsecurity=False).digest()
    first = "hashed with SHA-256, of which the first"
    yield f"{first} hex digits are used as text", digest.hexdigest().encode()
    yield f"{first} characters in base64 are used as text", base64.b64encode(digest.digest())
    yield "hashed with SHA-256 twice", hashlib.sha256(digest.digest()).digest()
    again = hashlib.sha256(digest.hexdigest().encode())
    yield "hashed with SHA-256 twice, the second time its hex digits", again.digest()
    longer = hashlib.sha512(raw)
    yield "hashed with SHA-512 and cut", longer.digest()
    first = "hashed with SHA-512, of which the first"
    yield f"{first} hex digits are used as text", longer.hexdigest().encode()
    yield f"{first} characters in base64 are used as text", base64.b64encode(longer.digest())
    yield "hashed with MD5", weak
    yield "hashed with MD5, twice over", weak * 2
    yield "hashed with SHA-1 and padded with zero bytes", sha1.ljust(32, b"\0")
    left = text[:size].rjust(size, "0")
    yield "padded on the left with 0", left.encode(errors="surrogatepass")
    yield "read as base64 and cut", from_base64(text)


def _derivations(recipe: Recipe, text: str) -> Iterator[Variation]:
    size = NEEDS[recipe.cipher].least
    plain = replace(recipe, encoding="utf8")
    cut = Derivation(fit=Fit(fill=""))
    yield _varied(f"used as text and cut to {size} characters", text, plain, derive=cut)
    for fill, how in _FILLS.items():
        words = f"used as text and padded to {size} characters with {how}"
        yield _varied(words, text, plain, derive=Derivation(fit=Fit(fill=fill)))
    if recipe.derive != "none":
        for encoding in ("hex", "base64", "base64url"):
            words = f"read as {encoding}, {DERIVED['none']}"
            yield _varied(words, text, recipe, encoding=encoding, derive="none")
    for chosen in get_args(Derive):
        for base, how in ((recipe, ""), (plain, "used as text, ")):
            if chosen != recipe.derive or base is not recipe:
                yield _varied(how + DERIVED[chosen], text, base, derive=chosen)

"""Every key that may have sealed a text, the likeliest first, and what it would show."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import replace

from assay.crypto.autopsy.causes import CauseCode
from assay.crypto.ciphers import NEEDS, TEXTS
from assay.crypto.deriving import DerivingProblem, stretched
from assay.crypto.envelopes.base import RARE, Envelope, Material, Misfit, Opener
from assay.crypto.recipes import Derivation, Fit, Recipe
from assay.crypto.variations import WORDS, Variation, costly, derivation, literals, variations
from assay.lazily import made_once
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assay.crypto.autopsy.causes import Case

SLOW = frozenset(("scrypt", "pbkdf2"))
AES_SIZES = (256, 128, 192)
"""Bits of the keys of AES, the likeliest first."""
_DERIVED = {
    "sha256": "hashed with SHA-256",
    "md5-hex": "hashed with MD5",
    "evp-md5": "put through EVP_BytesToKey",
    "scrypt": "put through scrypt",
    "pbkdf2": "put through PBKDF2",
    "hkdf": "put through HKDF",
    "fit": "cut or padded",
}


@redacted("words")
class KeyCandidate(msgspec.Struct, frozen=True, kw_only=True):
    """A key that may have sealed a text. It never shows it."""

    recipe: Recipe
    text: str
    words: str
    """What it is, as a sentence begins: `KEY read as base64`."""
    cause: CauseCode | None = None
    """What it shows when it opens something; None for the declared key."""
    case: str = ""
    values: tuple[tuple[str, str], ...] = ()


@redacted("candidate.words")
class Opening(NamedTuple):
    """An envelope and a key, ready to open texts."""

    candidate: KeyCandidate
    envelope: Envelope
    cipher: str
    open: Opener


class Keyring:
    """The keys of a case, made when they are asked for, and each of them once."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._others = (
            *((CauseCode.PREVIOUS_KEY, *other) for other in case.previous.items()),
            *((CauseCode.WRONG_KEY, *other) for other in case.suspects.items()),
        )
        self._made: dict[tuple[int, str, str], Material | DerivingProblem] = {}

    @property
    def cipher(self) -> str:
        """The cipher that the spec says."""
        return self._case.recipe.cipher

    @made_once
    def declared(self) -> KeyCandidate:
        """The key as the spec has it."""
        case = self._case
        words = f"{case.variable} {read_in_words(case.recipe)}"
        return KeyCandidate(recipe=case.recipe, text=case.text, words=words)

    @made_once
    def named(self) -> tuple[KeyCandidate, ...]:
        """The keys of other variables, read as the declared one."""
        recipe = self._case.recipe
        return tuple(
            KeyCandidate(
                recipe=recipe, text=text, words=other, cause=cause, values=(("other", other),)
            )
            for cause, other, text in self._others
        )

    @made_once
    def guesses(self) -> tuple[KeyCandidate, ...]:
        """Other readings of all texts, and what is used instead of a key; quick ones."""
        case = self._case
        unset = {(one.recipe, one.text) for one in literals(case.recipe, case.variable)}
        misread = (
            _candidate(
                one,
                f"{other} {one.words}",
                cause,
                case="misread",
                values=(("found", one.words), ("other", other)),
            )
            for cause, other, text in self._others
            for one in variations(case.recipe, text)
            if derivation(one.recipe) not in SLOW and (one.recipe, one.text) not in unset
        )
        return (*self._varied(slow=False), *misread)

    @made_once
    def resized(self) -> tuple[KeyCandidate, ...]:
        """The declared key for AES with keys of other sizes: as it is, and its first bytes."""
        recipe = self._case.recipe
        size, _, mode = recipe.cipher.removeprefix("aes-").partition("-")
        if mode not in ("gcm", "cbc") or derivation(recipe) in SLOW:
            return ()
        made = []
        for other in AES_SIZES:
            cipher: Any = f"aes-{other}-{mode}"
            if str(other) == size:
                continue
            plain, cut = replace(recipe, cipher=cipher), Derivation(fit=Fit(fill=""))
            words = f"{self._case.variable} {read_in_words(recipe)}"
            made.append(KeyCandidate(recipe=plain, text=self._case.text, words=words))
            if recipe.derive == "none":
                first = f"cut to its first {other // 8} bytes, as {cipher} needs it"
                one = Variation(
                    words=first, recipe=replace(plain, derive=cut), text=self._case.text
                )
                made.append(self._otherwise(one))
        return tuple(made)

    @made_once
    def slow(self) -> tuple[KeyCandidate, ...]:
        """Those that take long to make."""
        case = self._case
        salts = [salt for salt in case.salts.values() if salt]
        made = map(self._otherwise, costly(case.recipe, case.text, salts))
        return (*self._varied(slow=True), *made)

    def _varied(self, *, slow: bool) -> Iterator[KeyCandidate]:
        for one in variations(self._case.recipe, self._case.text, self._case.variable):
            if (derivation(one.recipe) in SLOW) is slow:
                yield self._otherwise(one)

    def _otherwise(self, one: Variation) -> KeyCandidate:
        found = ("found", one.words)
        if one.alone:
            return _candidate(one, one.words, CauseCode.UNSET_KEY, values=(found,))
        return _candidate(
            one,
            f"{self._case.variable} {one.words}",
            CauseCode.KEY_MISREAD,
            case="altered" if one.altered else "",
            values=(("declared", read_in_words(self._case.recipe)), found),
        )

    def material(
        self, candidate: KeyCandidate, envelope: Envelope, cipher: str
    ) -> Material | DerivingProblem:
        """What an envelope is opened with; made once for each candidate."""
        own = "" if type(envelope).material_of is Envelope.material_of else envelope.tag()
        place = (id(candidate), cipher, f"{envelope.material} {own}")
        found = self._made.get(place)
        if found is None:
            recipe = candidate.recipe
            if recipe.cipher != cipher:
                recipe = replace(recipe, cipher=cipher)
            if candidate.text or envelope.material == "text":
                found = envelope.material_of(recipe, candidate.text, self._case.salts)
            else:  # of `process.env.KEY || ''`, which isn't a key otherwise
                key = stretched(recipe, b"", self._case.salts)
                found = key if isinstance(key, DerivingProblem) else Material(key=key, text=b"")
            self._made[place] = found
        return found

    def openings(
        self, envelope: Envelope, cipher: str, candidates: Iterable[KeyCandidate]
    ) -> Iterator[Opening]:
        """The keys that suit an envelope, each of them once, ready to open."""
        seen: set[bytes] = set()
        for candidate in candidates:
            material = self.material(candidate, envelope, cipher)
            if isinstance(material, DerivingProblem):
                continue
            own = material.text if envelope.material == "text" else material.key
            if own in seen:
                continue
            seen.add(own)
            with suppress(Misfit):  # the envelope does not take the key
                yield Opening(candidate, envelope, cipher, envelope.opener(material, cipher))


def _candidate(one: Variation, words: str, cause: CauseCode, **more: Any) -> KeyCandidate:
    return KeyCandidate(recipe=one.recipe, text=one.text, words=words, cause=cause, **more)


def same_size(cipher: str) -> Sequence[str]:
    """The ciphers that take keys of the same size, the given one first."""
    need = NEEDS.get(cipher)
    if need is None or cipher in TEXTS or not need.exact:
        return (cipher,)
    others = (
        name
        for name, other in NEEDS.items()
        if other.exact and other.least == need.least and name not in {cipher, *TEXTS, *RARE}
    )
    return (cipher, *others)


def read_in_words(recipe: Recipe) -> str:
    """How the spec makes a key: `read as hex`, `used as text and hashed with SHA-256`."""
    first = "used as text" if recipe.encoding == "utf8" else WORDS.get(recipe.encoding, "")
    first = first.removesuffix(", not decoded") or f"read as {recipe.encoding}"
    derived = _DERIVED.get(derivation(recipe), "")
    return f"{first} and {derived}" if derived else first

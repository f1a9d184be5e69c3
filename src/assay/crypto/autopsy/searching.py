"""Searches for what opens a ciphertext: layers, keys, layouts, ciphers and envelopes.

What opens an authenticated envelope is proof. Of an unauthenticated one it is worth what the text
says: a wrong key passes its padding once in 256 tries.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING

from msgspec.structs import replace

from assay.crypto.autopsy import modes
from assay.crypto.autopsy.causes import Confidence
from assay.crypto.autopsy.keyring import Keyring, Opening, same_size
from assay.crypto.autopsy.mistyping import mistyped
from assay.crypto.autopsy.opened import DECLARED, SealingContext, contexts
from assay.crypto.autopsy.recognizing import others, recognizes
from assay.crypto.autopsy.streams import AEADS, SURE, Stream, convinces, padded
from assay.crypto.autopsy.ways import Hit, Specimen, Way, attempt
from assay.crypto.deriving import DerivingProblem
from assay.crypto.envelopes.base import AES_CTR, AES_GCM, Misfit, Parts
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.modes import padded_to
from assay.crypto.envelopes.opening import DECODERS
from assay.crypto.envelopes.search import layouts, made
from assay.crypto.variations import derivation, rounds
from assay.lazily import made_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assay.crypto.autopsy.causes import Case
    from assay.crypto.autopsy.keyring import KeyCandidate
    from assay.crypto.autopsy.transports import Payload
    from assay.crypto.envelopes.base import Envelope

_SHORT_TAGS = (12, 8)
"""Bytes; what programs choose of what NIST SP 800-38D allows beside 16. A tag that ends the text is
not looked for: it may as well have been cut off, which `damage` shows."""
_FEW = 10_000
_LAID_OUT = 12
"""Payloads for which other layouts are tried."""
COSTLY = 5000.0
"""Milliseconds in which guesses are tried for all rows of a column, where each try takes long."""
SLOW_TRY = 1.0
"""Milliseconds; where one try takes longer, the column decides how often it is done."""
MISTYPED = 4
"""Ciphertexts of a column that are searched for a typing error of the key, if none finds one."""
LEARNED = 4
"""Keys and forms that opened rows, with which damaged ones are looked into."""
ALTERATIONS = 128_000
"""Changes that are undone in all rows of a column."""
LONG = 2**15
"""Bytes; of longer texts, which are hardly credentials, only known keys are tried."""


def sealed_again(search: Search, opening: Opening, plain: bytes, aad: bytes) -> bool:
    """Whether what an opening gives is a ciphertext that it opens once more."""
    if not plain or opening.envelope.misfit(plain) is not None:
        return False
    again = attempt(opening, plain, aad)
    if again is None or opening.envelope.proves(opening.cipher):
        return again is not None
    return search.case.vouches(again) or convinces(again)


class Search:
    """Looks for ways to open the ciphertexts of one case; what it made of keys is kept."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.keys: Keyring = Keyring(case)
        self._made: dict[str, tuple[tuple[KeyCandidate, Stream], ...]] = {}
        self._left = COSTLY
        self._mistyped = MISTYPED
        self.learned: tuple[Opening, ...] = ()
        """What has opened rows that the declared key does not: what damaged rows need too."""
        self.alterations = ALTERATIONS
        """How many more may be undone."""
        self._seen: tuple[int, tuple[tuple[KeyCandidate, Stream], ...]] = (-1, ())

    @made_once
    def problem(self) -> DerivingProblem | Misfit | None:
        """Why the declared key can't be used; None if it can."""
        case = self.case
        material = self.keys.material(self.keys.declared, case.envelope, case.recipe.cipher)
        if isinstance(material, DerivingProblem):
            return material
        try:
            case.envelope.opener(material, case.recipe.cipher)
        except Misfit as misfit:
            return misfit
        return None

    @made_once
    def declared(self) -> Opening | None:
        """The declared envelope with the declared key; None if they don't go together."""
        return next(self._openings([self.keys.declared]), None)

    @made_once
    def named(self) -> tuple[Opening, ...]:
        """The declared envelope with the keys of other variables."""
        return tuple(self._openings(self.keys.named))

    @made_once
    def guessed(self) -> tuple[Opening, ...]:
        """The declared envelope with every other key that is made quickly."""
        return tuple(self._openings(self.keys.guesses))

    @made_once
    def _slow(self) -> tuple[Opening, ...]:
        return tuple(self._openings(self.keys.slow))

    @made_once
    def _likely_slow(self) -> tuple[Opening, ...]:
        """Without the slowest, which are for passphrases, if the declared key can't be used."""
        if self.problem is not None or derivation(self.case.recipe) != "none":
            return self._slow
        return tuple(self._openings(one for one in self.keys.slow if rounds(one.recipe) <= _FEW))

    @made_once
    def quick(self) -> tuple[KeyCandidate, ...]:
        """Every key that is made quickly, the declared one first."""
        return (self.keys.declared, *self.keys.named, *self.keys.guesses)

    def affordable(self, data: bytes) -> Iterator[Opening]:
        """The guesses; where each takes long, no more of them than the column may cost."""
        envelope = self.case.envelope
        each = envelope.milliseconds
        if each < SLOW_TRY:
            yield from self.guessed
        elif envelope.misfit(data) is None:
            for opening in self.guessed:
                if self._left <= 0:
                    return
                self._left -= each
                yield opening

    @property
    def tried(self) -> int:
        """How many keys were tried that are made quickly."""
        affordable = int(COSTLY / self.case.envelope.milliseconds)
        guessed = min(len(self.guessed), affordable)
        return (self.declared is not None) + len(self.named) + guessed

    @property
    def known(self) -> tuple[KeyCandidate, ...]:
        """The keys that somebody declared, and those that opened rows."""
        learned = (one.candidate for one in self.learned)
        return tuple(dict.fromkeys((self.keys.declared, *self.keys.named, *learned)))

    @property
    def openings(self) -> tuple[Opening, ...]:
        """What opened rows, and the declared envelope with its key."""
        return (*self.learned, *(() if self.declared is None else (self.declared,)))

    def learn(self, opening: Opening) -> None:
        """Take what opened a row, and proved it, for what other rows of the column need."""
        held = any(one[:3] == opening[:3] for one in self.openings)
        if not held and len(self.learned) < LEARNED and opening.envelope.proves(opening.cipher):
            self.learned = (*self.learned, opening)

    @property
    def streams(self) -> tuple[tuple[KeyCandidate, Stream], ...]:
        """Those of them that a text can be looked at with, without its tag."""
        envelope, cipher = self.case.envelope, self.case.recipe.cipher
        if envelope.material != "key" or cipher not in AEADS:
            return ()
        if self._seen[0] != len(self.learned):
            self._seen = len(self.learned), tuple(self._streams(self.known, envelope, cipher))
        return self._seen[1]

    def _streams(
        self, candidates: Iterable[KeyCandidate], envelope: Envelope, cipher: str
    ) -> Iterator[tuple[KeyCandidate, Stream]]:
        seen: set[bytes] = set()
        for candidate in candidates:
            material = self.keys.material(candidate, envelope, cipher)
            if not isinstance(material, DerivingProblem) and material.key not in seen:
                seen.add(material.key)
                with suppress(ValueError):
                    yield candidate, Stream(cipher, material.key)

    def _openings(self, candidates: Iterable[KeyCandidate]) -> Iterator[Opening]:
        case = self.case
        return self.keys.openings(case.envelope, case.recipe.cipher, candidates)

    def hit(self, specimen: Specimen, *, wide: bool = True) -> Hit | None:
        """The likeliest way that opens one of the payloads; every layout only if `wide`."""
        return self._best(self._ways(specimen, wide=wide), specimen)

    def slow_hit(self, specimen: Specimen, *, every: bool = True) -> Hit | None:
        """The same with keys that take long to make, in the declared envelope."""
        if self.case.envelope.costly:
            return None
        made = self._slow if every else self._likely_slow
        return self._best(_each(specimen.payloads, lambda _: made), specimen)

    def mistyped_hit(self, specimen: Specimen) -> Hit | None:
        """The same with keys that are a typing error away, until a few rows have found none."""
        if not self._mistyped:
            return None
        formed = [one for one in specimen.payloads if self.case.envelope.misfit(one.data) is None]
        for payload in formed[:2]:
            for opening in mistyped(self.case, payload.data, specimen.aad):
                found = self._best([(payload, opening, DECLARED)], specimen)
                if found is not None and (
                    found.confidence is Confidence.PROVEN or convinces(found.plain, bits=SURE)
                ):
                    return found
        self._mistyped -= bool(formed)
        return None

    def rare_hit(self, specimen: Specimen) -> Hit | None:
        """A mode, an iv or a nesting of encodings that is looked for when nothing else opens it."""
        few = specimen.payloads[: modes.PAYLOADS]
        ways = _each(few, lambda data: modes.openings(self.keys, self.known, data))
        return self._rare(ways, specimen)

    def headless_hit(self, hit: Hit, specimen: Specimen) -> Hit | None:
        """What opens a text whose first block isn't its iv, though a way took it for one."""
        opening = hit.way.opening
        if not modes.takes_head(opening.envelope, opening.cipher):
            return None
        openings = modes.headless(self.keys, opening, hit.payload.data)
        return self._rare(_each([hit.payload], lambda _: openings), specimen)

    def _rare(
        self, ways: Iterable[tuple[Payload, Opening, SealingContext]], specimen: Specimen
    ) -> Hit | None:
        untyped: Hit | None = None
        for payload, opening, context in ways:
            plain = attempt(opening, payload.data, specimen.aad)
            if plain is None:
                continue
            way = Way(payload.path, opening, context)
            if opening.envelope.proves(opening.cipher):
                return Hit(way, plain, Confidence.PROVEN, payload)
            if untyped is None and modes.reads(self.case, opening.cipher, plain):
                hit = Hit(way, plain, Confidence.LIKELY, payload)
                if self.case.well_formed(plain):
                    return hit
                untyped = hit
        return untyped

    def _best(
        self, ways: Iterable[tuple[Payload, Opening, SealingContext]], specimen: Specimen
    ) -> Hit | None:
        doubtful: Hit | None = None
        untyped: Hit | None = None
        for payload, opening, context in ways:
            bound = context.make(specimen.aad, specimen.identity)
            plain = None if bound is None else attempt(opening, payload.data, bound)
            if plain is None:
                continue
            way = Way(payload.path, opening, context)
            if opening.envelope.proves(opening.cipher):
                return Hit(way, plain, Confidence.PROVEN, payload)
            cipher = opening.cipher
            own = opening is self.declared and not payload.path
            if doubtful is None and self.plausible(plain, cipher, own=own):
                doubtful = Hit(way, plain, Confidence.LIKELY, payload)
                if opening is self.declared:
                    break
            elif untyped is None and _convincing(plain, cipher, own=own):
                untyped = Hit(way, plain, Confidence.LIKELY, payload)
        return doubtful or untyped

    def plausible(self, plain: bytes, cipher: str, *, own: bool = False) -> bool:
        """Whether something unauthenticated opened to more than noise.

        `own` says whether all of it was opened, in its declared form, with the declared key. Then a
        stream has nothing but its text to show, however short that is.
        """
        if self.case.vouches(plain):
            return True
        return _convincing(plain, cipher, own=own) and self.case.well_formed(plain)

    def _ways(
        self, specimen: Specimen, *, wide: bool
    ) -> Iterator[tuple[Payload, Opening, SealingContext]]:
        payloads, aad, identity = specimen
        declared = () if self.declared is None else (self.declared,)
        yield from _each(payloads, lambda _: (*declared, *self.named, *self.learned))
        if self.case.envelope.bindable:
            for context in contexts(self.case, identity):
                yield from _each(payloads, lambda _: declared, context)
        short = [payload for payload in payloads if len(payload.data) <= LONG]
        yield from _each(short, self.affordable)
        if wide:
            yield from _each(payloads, lambda _: self._resized)
            yield from _each(payloads, self._recast)
            yield from _each(payloads, lambda _: self._respelled)
        keys = self.quick if wide else self.known
        likely = payloads[:_LAID_OUT] if wide else payloads[:2]
        yield from _each(likely, lambda data: self._laid_out(data, aad, keys))
        if wide:
            yield from _each(payloads, self._foreign)

    def _laid_out(self, data: bytes, aad: bytes, keys: Sequence[KeyCandidate]) -> Iterator[Opening]:
        """Other layouts that fit, and other ciphers with keys of the same size."""
        for cipher in same_size(self.case.recipe.cipher):
            for layout in layouts(data, cipher) if cipher in Layout.ciphers else ():
                fitting: Iterable[KeyCandidate] = keys
                if cipher in AEADS:
                    parts = layout.parts(data) or Parts()
                    fitting = self._accepted(parts, cipher, aad, len(keys))
                yield from self.keys.openings(layout, cipher, fitting)
            sizes = _SHORT_TAGS if cipher in AES_GCM else ()
            for size, nonce in product(sizes, ("iv:12", "iv:16")):
                short = made(cipher, (nonce, f"tag:{size}", "ciphertext"), "raw", "")
                if short.misfit(data) is None:
                    yield from self.keys.openings(short, cipher, self.known)

    def _accepted(self, parts: Parts, cipher: str, aad: bytes, most: int) -> Iterator[KeyCandidate]:
        """Of the first keys that are made quickly, those that the tag is right with."""
        if cipher not in self._made:
            plain = made(cipher, ("iv:12", "ciphertext", "tag:16"), "raw", "")
            self._made[cipher] = tuple(self._streams(self.quick, plain, cipher))
        for candidate, stream in self._made[cipher][:most]:
            if stream.opens(parts.nonce, parts.body + parts.tag, aad):
                yield candidate

    @made_once
    def _respelled(self) -> tuple[Opening, ...]:
        """The declared envelope in other encodings, if it has parameters for them."""
        declared, cipher = self.case.envelope, self.case.recipe.cipher
        own = getattr(declared, "encoding", None)
        if own is None or "encoding" not in declared.__struct_fields__ or declared.covered:
            return ()
        spelled = (replace(declared, encoding=one) for one in DECODERS if one != own)
        return tuple(
            opening
            for envelope in spelled
            if not any(envelope.problems())
            for opening in self.keys.openings(envelope, cipher, self.known)
        )

    @made_once
    def _resized(self) -> tuple[Opening, ...]:
        """The declared envelope with the declared key, for AES with keys of other sizes."""
        declared = self.case.envelope
        made: list[Opening] = []
        for candidate in self.keys.resized:
            cipher = candidate.recipe.cipher
            envelope = declared
            if isinstance(declared, Layout):
                envelope = replace(declared, cipher=cipher)
            elif cipher not in declared.ciphers:
                continue
            made += self.keys.openings(envelope, cipher, [candidate])
        return tuple(made)

    def _recast(self, data: bytes) -> Iterator[Opening]:
        """Other ciphers in the declared envelope, where it shows by itself what it is."""
        own, declared = self.case.recipe.cipher, self.case.envelope
        if recognizes(declared, data):
            named = declared.as_written(data)
            if named is not None:
                yield from self.keys.openings(named, own, self.known)
            for cipher in same_size(own):
                if cipher in declared.ciphers - {own}:
                    yield from self.keys.openings(declared, cipher, self.known)

    def _foreign(self, data: bytes) -> Iterator[Opening]:
        """Other envelopes that recognise the text."""
        own, declared = self.case.recipe.cipher, self.case.envelope
        for envelope in others(declared):
            if not recognizes(envelope, data):
                continue
            ciphers = [c for c in same_size(own) if c in envelope.ciphers]
            if not ciphers and envelope.material == "text":
                ciphers = sorted(envelope.ciphers)[:1]
            for cipher in ciphers:
                keys = self.known if envelope.costly else self.quick
                yield from self.keys.openings(envelope, cipher, keys)


def _convincing(plain: bytes, cipher: str, *, own: bool) -> bool:
    """Whether what an unauthenticated cipher gave is more than chance."""
    block = padded_to(cipher)
    bits = 0 if own and cipher in AES_CTR else 30
    return convinces(plain, block, bits=bits) or bool(own and block and padded(plain, block))


def _each(
    payloads: Sequence[Payload],
    openings: Callable[[bytes], Iterable[Opening]],
    context: SealingContext = DECLARED,
) -> Iterator[tuple[Payload, Opening, SealingContext]]:
    for payload in payloads:
        for opening in openings(payload.data):
            yield payload, opening, context

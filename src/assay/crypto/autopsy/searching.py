"""Searches for what opens a ciphertext: layers, keys, layouts, ciphers and envelopes.

What opens an authenticated envelope is proof. Of an unauthenticated one it is worth what the text
says: a wrong key passes its padding once in 256 tries.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from assay.crypto.autopsy.causes import Confidence
from assay.crypto.autopsy.keyring import Keyring, Opening, same_size
from assay.crypto.autopsy.opened import DECLARED, SealingContext, contexts
from assay.crypto.autopsy.streams import AEADS, Stream, convinces
from assay.crypto.autopsy.transports import Layer, Payload, without
from assay.crypto.deriving import DerivingProblem
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import AES_CBC, AES_GCM, Misfit, Parts
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.opening import DECODERS
from assay.crypto.envelopes.search import layouts, made
from assay.crypto.variations import derivation, rounds
from assay.lazily import made_once
from assay.redacted import redacted
from assay.registry import cached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assay.crypto.autopsy.causes import Case
    from assay.crypto.autopsy.keyring import KeyCandidate
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
LONG = 2**15
"""Bytes; of longer texts, which are hardly credentials, only known keys are tried."""


class Way(NamedTuple):
    """Something that opens a ciphertext: what is taken off, then an envelope, a key and data."""

    path: tuple[Layer, ...]
    opening: Opening
    context: SealingContext = DECLARED

    def opens(self, data: bytes, aad: bytes, identity: Sequence[str]) -> bytes | None:
        """What it opens to; None if it does not."""
        rest = without(self.path, data) if self.path else data
        bound = aad if self.context is DECLARED else self.context.make(aad, identity)
        if rest is None or bound is None:
            return None
        return attempt(self.opening, rest, bound)


@redacted()
class Specimen(NamedTuple):
    """One ciphertext, with what may be wrapped around it taken off, and the row that it is from."""

    payloads: Sequence[Payload]
    aad: bytes
    identity: Sequence[str]


@redacted("way.opening.candidate.words")
class Hit(NamedTuple):
    """A way that opened a ciphertext, and how sure it is that it should."""

    way: Way
    plain: bytes
    confidence: Confidence
    payload: Payload


def attempt(opening: Opening, data: bytes, aad: bytes) -> bytes | None:
    """What an opening makes of a text; None if it refuses it."""
    try:
        return opening.open(data, aad)
    except Exception:  # noqa: BLE001 - no text, however odd, may end an examination
        return None


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
        """The keys that somebody declared."""
        return (self.keys.declared, *self.keys.named)

    @made_once
    def streams(self) -> tuple[tuple[KeyCandidate, Stream], ...]:
        """Those of them that a text can be looked at with, without its tag."""
        envelope, cipher = self.case.envelope, self.case.recipe.cipher
        if envelope.material != "key" or cipher not in AEADS:
            return ()
        return tuple(self._streams(self.known, envelope, cipher))

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
            if doubtful is None and self.plausible(plain):
                doubtful = Hit(way, plain, Confidence.LIKELY, payload)
                if opening is self.declared:
                    break
            elif untyped is None and convinces(plain):
                untyped = Hit(way, plain, Confidence.LIKELY, payload)
        return doubtful or untyped

    def plausible(self, plain: bytes) -> bool:
        """Whether something unauthenticated opened to more than noise."""
        if self.case.vouches(plain):
            return True
        return convinces(plain) and self.case.well_formed(plain)

    def _ways(
        self, specimen: Specimen, *, wide: bool
    ) -> Iterator[tuple[Payload, Opening, SealingContext]]:
        payloads, aad, identity = specimen
        declared = () if self.declared is None else (self.declared,)
        yield from _each(payloads, lambda _: (*declared, *self.named))
        if self.case.envelope.bindable:
            for context in contexts(self.case, identity):
                yield from _each(payloads, lambda _: declared, context)
        short = [payload for payload in payloads if len(payload.data) <= LONG]
        yield from _each(short, self.affordable)
        if wide:
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
                if cipher not in AES_CBC:
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
        """The declared envelope in other encodings, where it has parameters for them."""
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

    def _recast(self, data: bytes) -> Iterator[Opening]:
        """Other ciphers in the declared envelope, where it shows by itself what it is."""
        own, declared = self.case.recipe.cipher, self.case.envelope
        if _recognizes(declared, data):
            for cipher in same_size(own):
                if cipher in declared.ciphers - {own}:
                    yield from self.keys.openings(declared, cipher, self.known)

    def _foreign(self, data: bytes) -> Iterator[Opening]:
        """Other envelopes that recognise the text."""
        own, declared = self.case.recipe.cipher, self.case.envelope
        for envelope in others(declared):
            if not _recognizes(envelope, data):
                continue
            ciphers = [c for c in same_size(own) if c in envelope.ciphers]
            if not ciphers and envelope.material == "text":
                ciphers = sorted(envelope.ciphers)[:1]
            for cipher in ciphers:
                keys = self.known if envelope.costly else self.quick
                yield from self.keys.openings(envelope, cipher, keys)


def _each(
    payloads: Sequence[Payload],
    openings: Callable[[bytes], Iterable[Opening]],
    context: SealingContext = DECLARED,
) -> Iterator[tuple[Payload, Opening, SealingContext]]:
    for payload in payloads:
        for opening in openings(payload.data):
            yield payload, opening, context


def others(declared: Envelope) -> Iterator[Envelope]:
    """The envelopes beside the declared one, as they are where nothing more is said of them."""
    yield from (one for one in _plain_envelopes() if one.tag() != declared.tag())


def _recognizes(envelope: Envelope, data: bytes) -> bool:
    try:
        return envelope.recognizes(data)
    except Exception:  # noqa: BLE001 - as in `attempt`
        return False


def recognized(declared: Envelope, payloads: Sequence[Payload]) -> tuple[Envelope, Payload] | None:
    """An envelope with a mark of its own that a payload bears, if the declared one lacks one."""
    for payload in payloads:
        if declared.marked and _recognizes(declared, payload.data):
            return None
        for envelope in others(declared):
            if envelope.marked and _recognizes(envelope, payload.data):
                return envelope, payload
    return None


@cached
def _plain_envelopes() -> tuple[Envelope, ...]:
    made = []
    for kind in ENVELOPES.values():
        if kind is not Layout and not hasattr(kind, "forms"):  # every layout is tried anyway
            try:
                made.append(kind())
            except TypeError:  # it can't be made without parameters
                continue
    return tuple(made)

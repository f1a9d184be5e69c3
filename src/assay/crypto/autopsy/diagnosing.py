"""One ciphertext at a time: looks for every known cause, and gives the likeliest."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from assay.crypto.autopsy import alterations, forms, repairing, widths
from assay.crypto.autopsy.causes import LARGEST, Case, Cause, CauseCode, Confidence, as_bytes
from assay.crypto.autopsy.damage import Patient, glimpse
from assay.crypto.autopsy.opened import (
    as_buffer,
    causes_of,
    contexts,
    encrypted_twice,
    written,
)
from assay.crypto.autopsy.searching import LONG, Search, sealed_again
from assay.crypto.autopsy.splits import exactly, splits
from assay.crypto.autopsy.streams import LEAST, readable_to
from assay.crypto.autopsy.transports import Payload, unwrapped
from assay.crypto.autopsy.ways import Hit, Specimen, Way
from assay.crypto.deriving import DerivingProblem
from assay.crypto.envelopes.base import AES_CBC, Closed, Misfit
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.crypto.autopsy.keyring import Opening

_LOOKED_INTO = 8
"""Payloads that are taken apart; no damaged text has more layers that matter."""
_TAKEN_APART = 4
_ALTERED = 64_000
"""Alterations of one text that are undone."""
_LITTLE = 2
"""Bytes; one alone reads as text by chance."""


class Effort(NamedTuple):
    """How much is tried."""

    slow: bool = True
    """Whether keys are derived that take tenths of a second."""
    deep: bool = True
    """Whether lost bytes are tried out, thousands of them."""
    every: bool = True
    """Whether the slowest of them are derived too."""
    wide: bool = True
    """Whether every key is tried in every layout."""
    known: bool = False
    """Whether the declared key has opened other texts."""


BRIEF = Effort(slow=False, deep=False, every=False, wide=False)


class Diagnosis(NamedTuple):
    """What was found out about one ciphertext."""

    causes: tuple[Cause, ...]
    way: Way | None = None
    """What decrypts it, if anything does."""


def autopsy(
    case: Case, data: bytes | str, aad: bytes = b"", identity: Sequence[str] = ()
) -> tuple[Cause, ...]:
    """Why one ciphertext can't be decrypted: all that holds, what matters most first; or nothing.

    `data` is what the column holds, `aad` the additional authenticated data that is declared for
    it, `identity` the values that name its row. Nothing is raised, whatever the bytes are.
    """
    found = examined(Search(case), as_bytes(data), aad, tuple(identity), Effort()).causes
    return tuple(widths.settled(one, None) for one in found)


def examined(
    search: Search, data: bytes, aad: bytes, identity: tuple[str, ...], effort: Effort
) -> Diagnosis:
    """What is found out about one ciphertext, with so much effort."""
    found = forms.nothing(data)
    if found is None and len(data) > LARGEST:
        found = Cause.of(CauseCode.TOO_LARGE, Confidence.PROVEN)
    found = found or _out_of_reach(search)
    if found is not None:
        return Diagnosis((found,))
    payloads = list(unwrapped(data))
    if len(data) > LONG:
        payloads, effort = payloads[:_LOOKED_INTO], BRIEF
    return _Autopsy(search, Specimen(payloads, aad, identity), effort).diagnosis()


def glimpsed(search: Search, data: bytes) -> bool:
    """Whether a text that does not open gives something readable under a key that is known."""
    if not search.streams:
        return False
    apart = exactly(data, search.case.envelope)
    return any(glimpse(stream, split) for _, stream in search.streams for split in apart)


def damaged(
    search: Search, data: bytes, aad: bytes, identity: tuple[str, ...]
) -> tuple[Cause, ...]:
    """What the bytes alone tell, under a key that is known."""
    specimen = Specimen(list(unwrapped(data)), aad, identity)
    looking = _Autopsy(search, specimen, Effort())
    found = looking.damaged()
    return () if found is None else (looking.noted(found), *as_buffer(specimen.payloads))


def _out_of_reach(search: Search) -> Cause | None:
    """Whether it can't be opened here at all."""
    case, problem = search.case, search.problem
    if case.envelope.remote:
        how = written(case.envelope)
        return Cause.of(CauseCode.REMOTE, Confidence.PROVEN, found=how, needs=case.envelope.remote)
    if isinstance(problem, Misfit) and problem.code == "missing-library":
        reason, _, _ = problem.reason.partition(": ")
        command = f"pip install 'assay[{case.envelope.extra}]'"
        return Cause.of(
            CauseCode.LIBRARY_MISSING, Confidence.PROVEN, reason=reason, command=command
        )
    return None


@redacted()
class _Autopsy:
    """One ciphertext, and all that is known of its keys."""

    def __init__(self, search: Search, specimen: Specimen, effort: Effort) -> None:
        self.search = search
        self.case = search.case
        self.specimen = specimen
        self.payloads = specimen.payloads
        self.effort = effort
        self.proves = self.case.envelope.proves(self.case.recipe.cipher)

    def diagnosis(self) -> Diagnosis:
        search, specimen, effort = self.search, self.specimen, self.effort
        hit = search.hit(specimen, wide=effort.wide)
        if hit is None:
            hit = search.rare_hit(specimen)
        else:
            hit = search.headless_hit(hit, specimen) or hit
        if hit is not None:
            return self._opened(hit)
        found = forms.lost(self.payloads) or forms.cut(self.payloads) or self._answered()
        found = found or self.damaged()
        if found is None and effort.slow:
            hit = search.mistyped_hit(specimen) or search.slow_hit(specimen, every=effort.every)
            if hit is not None:
                return self._opened(hit)
        if found is None and effort.deep:
            found = self._tried()
        found = self.noted(found or self._unopened())
        return Diagnosis((found, *as_buffer(self.payloads)))

    def noted(self, cause: Cause) -> Cause:
        """The cause, with the length of a column that may have cut the text off."""
        return widths.noted(
            cause, self.case.envelope, self.payloads[0].data, reads=self._little_reads()
        )

    def _little_reads(self) -> bool:
        """Whether what there is to decrypt is so little that nobody encrypts it, and reads."""
        for patient in self._patients(self.payloads[:1]):
            split, stream = patient.split, patient.stream
            if _LITTLE <= len(split.body) < LEAST and stream.takes(split.nonce):
                plain = stream.peek(split.nonce, split.body)
                if readable_to(plain) == len(plain):
                    return True
        return False

    def _added(self, hit: Hit) -> tuple[Cause, ...]:
        """A row's own damage, where a few bytes around it would pass for another layout."""
        opening, case = hit.way.opening, self.case
        if hit.confidence is not Confidence.PROVEN or opening.envelope is case.envelope:
            return ()
        stored, inner = self.payloads[0].data, hit.payload.data
        if not repairing.padded(case.envelope, opening.envelope, stored, inner):
            return ()
        why, key = "the tag is right once they are removed", f"the key is {opening.candidate.words}"
        place = "around the ciphertext"
        damage = Cause.of(CauseCode.BYTES_ADDED, hit.confidence, why, key, place=place)
        others = (one for one in causes_of(case, hit) if one.code is not CauseCode.WRONG_LAYOUT)
        return (damage, *others)

    def _opened(self, hit: Hit) -> Diagnosis:
        found = self._added(hit) or causes_of(self.case, hit)
        if not sealed_again(self.search, hit.way.opening, hit.plain, self.specimen.aad):
            return Diagnosis(found, hit.way)
        others = (one for one in found if one.code is not CauseCode.WRONG_PLAINTEXT)
        return Diagnosis((encrypted_twice(self.case, hit), *others), hit.way)

    def _refusals(self) -> Iterator[Closed | Misfit]:
        """What the declared envelope says itself of each payload."""
        if self.search.declared is None:
            return
        for payload in self.payloads:
            try:
                self.search.declared.open(payload.data, self.specimen.aad)
            except (Closed, Misfit) as refused:
                yield refused
            except Exception:  # noqa: BLE001, S112 - what it raises is not about the text
                continue

    def _answered(self) -> Cause | None:
        """What the declared envelope says of a text whose key it has proved to be right."""
        for refused in self._refusals():
            code = refused.code if isinstance(refused, Misfit) else ""
            if code == "expired":
                return Cause.of(CauseCode.EXPIRED, Confidence.PROVEN, reason=refused.reason)
            if code == "damaged":
                why = f"the key is right, but it {refused.reason}"
                return Cause.of(CauseCode.BYTES_CHANGED, Confidence.PROVEN, why)
        return None

    def damaged(self) -> Cause | None:
        """What the bytes tell under a key that is known."""
        case, best = self.case, None
        for opening in self.search.openings if self.proves and not case.envelope.costly else ():
            for payload in self.payloads[:_TAKEN_APART]:
                found = repairing.trimmed(opening, payload.data, self.specimen.aad)
                found = found or repairing.without_pluses(opening, payload.data, self.specimen.aad)
                if found is not None:
                    return found
        bound = self._bound() if self.effort.deep else []
        for patient in self._patients(self.payloads):
            found = patient.seen(bound)
            if found is None:
                continue
            if found.confidence is Confidence.PROVEN:
                return found
            if best is None or _RANK[found.confidence] < _RANK[best.confidence]:
                best = found
        return best or self._blocks()

    def _bound(self) -> list[tuple[str, bytes]]:
        if not self.case.envelope.bindable:
            return []
        _, aad, identity = self.specimen
        made = ((one.words, one.make(aad, identity)) for one in contexts(self.case, identity))
        return [(words, data) for words, data in made if data is not None]

    def _patients(self, payloads: Sequence[Payload]) -> Iterator[Patient]:
        case = self.case
        if not self.search.streams:
            return
        fits = None if case.fits is None else case.vouches
        written = dict.fromkeys((case.envelope, *(one.envelope for one in self.search.learned)))
        apart = [
            split
            for payload in payloads[:_LOOKED_INTO]
            for envelope in written
            for split in splits(payload.data, envelope)
        ]
        for candidate, stream in self.search.streams:
            for split in apart:
                yield Patient(stream, split, self.specimen.aad, candidate.words, fits)

    def _tried(self) -> Cause | None:
        """What thousands of tries find."""
        if not self.proves or self.case.envelope.costly:
            return None
        for patient in islice(self._patients(self.payloads), _TAKEN_APART):
            found = patient.tried()
            if found is not None:
                return found
        for opening in self.search.openings:
            for payload in self.payloads[:2]:
                found = repairing.respelled(opening, payload.data, self.specimen.aad)
                found = found or self._altered(opening, payload)
                if found is not None:
                    return found
        return None

    def _altered(self, opening: Opening, payload: Payload) -> Cause | None:
        """Small damage to what can't be looked into; one column takes only so many tries."""
        search = self.search
        misfit = opening.envelope.misfit(payload.data)
        formed = misfit is None or misfit.code == "truncated"
        if search.streams or search.alterations <= 0 or not formed:
            return None
        known = self.effort.known or opening is not search.declared
        most = min(search.alterations, _ALTERED) if known else _ALTERED
        found = alterations.altered(
            opening, payload.data, self.specimen.aad, most=most, known=known
        )
        search.alterations -= most if known and found is None else 0
        return found

    def _blocks(self) -> Cause | None:
        envelope, cipher = self.case.envelope, self.case.recipe.cipher
        if cipher not in AES_CBC or envelope.material != "key":
            return None
        for candidate in self.search.known:
            material = self.search.keys.material(candidate, envelope, cipher)
            if isinstance(material, DerivingProblem):
                continue
            for payload in self.payloads[:_LOOKED_INTO]:
                parts = envelope.parts(payload.data)
                found = repairing.examined(cipher, material.key, parts, candidate)
                if found is not None:
                    return found
        return None

    def _unopened(self) -> Cause:
        """What is said of a text that nothing opens."""
        case, payloads = self.case, self.payloads
        found = forms.foreign(case, payloads) or forms.plain(case, payloads)
        if found is not None:
            return found
        if self.search.problem is not None:
            reason = self.search.problem.reason
            why = f"{case.variable} {reason}"
            return Cause.of(CauseCode.KEY_UNUSABLE, Confidence.PROVEN, why, reason=reason)
        formed = next((one for one in payloads if forms.has_form(case.envelope, one.data)), None)
        if formed is None:
            return forms.misshapen(case, payloads)
        closed = (one for one in self._refusals() if isinstance(one, Closed))
        reason = next((one.reason for one in closed if one.reason), "")
        if reason:
            return Cause.of(CauseCode.KEY_UNKNOWN, Confidence.PROVEN, f"it {reason}")
        case_of, why = "", self._noise()
        if formed.path and not formed.path[0].buffer:
            case_of, form = "doubtful", formed.words
            why = f"it fits its envelope only as {form}, so it may not be a ciphertext at all"
        elif self.proves and not (self.search.streams or case.envelope.separable):
            case_of, why = "or-damaged", "what this cipher encrypts can't be read without its tag"
        unsure = Confidence.UNCERTAIN
        return Cause.of(CauseCode.KEY_UNKNOWN, unsure, self._tries(), why, case=case_of)

    def _tries(self) -> str:
        """Which keys were tried, in a sentence."""
        search = self.search
        if len(self.payloads[0].data) > LONG:
            one = len(search.known) == 1
            known = "the declared key was" if one else "the keys that the spec names were"
            return f"it is so long that only {known} tried"
        if self.case.envelope.costly:
            return f"none of the {search.tried} likeliest keys is accepted; each takes long to try"
        return f"none of {search.tried} keys and ways to read a key is accepted"

    def _noise(self) -> str:
        """What a look without the tag says, in a sentence."""
        sizes = [len(patient.split.body) for patient in self._patients(self.payloads[:1])]
        if not sizes:
            return ""
        if max(sizes) < LEAST:
            return "it is too short to tell noise from text without its tag"
        return (
            "decrypted without its tag it is noise: the key is a different one, its nonce is "
            "damaged, or the plaintext is not text"
        )


_RANK = {Confidence.PROVEN: 0, Confidence.LIKELY: 1, Confidence.UNCERTAIN: 2}

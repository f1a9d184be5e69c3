"""One ciphertext at a time: looks for every known cause, and gives the likeliest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.crypto.autopsy import blocks, forms, repairing
from assay.crypto.autopsy.case import LARGEST, Case, as_bytes
from assay.crypto.autopsy.causes import Cause, CauseCode, Confidence
from assay.crypto.autopsy.contexts import contexts
from assay.crypto.autopsy.damage import Patient, glimpse
from assay.crypto.autopsy.opened import (
    as_buffer,
    causes_of,
    encrypted_twice,
    key_unusable,
    written,
)
from assay.crypto.autopsy.reading import LEAST
from assay.crypto.autopsy.searching import LONG, Hit, Search, Way, attempt
from assay.crypto.autopsy.splits import exactly, splits
from assay.crypto.autopsy.transports import Payload, unwrapped
from assay.crypto.deriving import DerivingProblem
from assay.crypto.envelopes.base import AES_CBC, Closed, Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LOOKED_INTO = 8
"""Payloads that are taken apart; no damaged text has more layers that matter."""
_TAKEN_APART = 4


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
    return examined(Search(case), as_bytes(data), aad, tuple(identity), Effort()).causes


def examined(
    search: Search, data: bytes, aad: bytes, identity: tuple[str, ...], effort: Effort
) -> Diagnosis:
    """What is found out about one ciphertext, with so much effort."""
    found = forms.nothing(data)
    if found is not None:
        return Diagnosis((found,))
    if len(data) > LARGEST:
        return Diagnosis((Cause.of(CauseCode.TOO_LARGE, Confidence.PROVEN),))
    found = _out_of_reach(search)
    if found is not None:
        return Diagnosis((found,))
    payloads = list(unwrapped(data))
    if len(data) > LONG:
        payloads, effort = payloads[:_LOOKED_INTO], BRIEF
    hit = search.hit(payloads, aad, identity, wide=effort.wide)
    if hit is not None:
        return _opened(search, hit, aad)
    found = forms.lost(payloads) or forms.cut(payloads) or _answered(search, payloads, aad)
    if found is None:
        found = _damaged(search, payloads, aad, identity, effort)
    if found is None and effort.slow:
        hit = search.slow_hit(payloads, aad, identity, every=effort.every)
        if hit is not None:
            return _opened(search, hit, aad)
    if found is None and effort.deep:
        found = _tried(search, payloads, aad)
    return Diagnosis((found or _unopened(search, payloads, aad), *as_buffer(payloads)))


def _opened(search: Search, hit: Hit, aad: bytes) -> Diagnosis:
    case = search.case
    if not case.well_formed(hit.plain) and search.declared is not None:
        again = attempt(search.declared, hit.plain, aad)
        if again is not None and case.envelope.proves(case.recipe.cipher):
            return Diagnosis((encrypted_twice(case, hit),), hit.way)
    return Diagnosis(causes_of(case, hit), hit.way)


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


def _answered(search: Search, payloads: Sequence[Payload], aad: bytes) -> Cause | None:
    """What the declared envelope says itself, of a text whose key it has proved to be right."""
    if search.declared is None:
        return None
    for payload in payloads:
        try:
            search.declared.open(payload.data, aad)
        except Misfit as misfit:
            if misfit.code == "expired":
                return Cause.of(CauseCode.EXPIRED, Confidence.PROVEN, reason=misfit.reason)
            if misfit.code == "damaged":
                why = f"the key is right, but it {misfit.reason}"
                return Cause.of(CauseCode.BYTES_CHANGED, Confidence.PROVEN, why)
        except Exception:  # noqa: BLE001, S112 - what it raises is not about the text
            continue
    return None


def _damaged(
    search: Search,
    payloads: Sequence[Payload],
    aad: bytes,
    identity: tuple[str, ...],
    effort: Effort,
) -> Cause | None:
    """What the bytes tell under a key that is known."""
    case, best = search.case, None
    proves = case.envelope.proves(case.recipe.cipher)
    if search.declared is not None and proves and not case.envelope.costly:
        for payload in payloads[:_TAKEN_APART]:
            found = repairing.trimmed(search.declared, payload.data, aad)
            if found is not None:
                return found
    bound = _bound(case, aad, identity) if effort.deep else []
    for patient in _patients(search, payloads, aad):
        found = patient.seen(bound)
        if found is not None and found.confidence is Confidence.PROVEN:
            return found
        best = _better(best, found)
    return best or _blocks(search, payloads)


def _better(one: Cause | None, other: Cause | None) -> Cause | None:
    if one is None or other is None:
        return one or other
    return other if _RANK[other.confidence] < _RANK[one.confidence] else one


_RANK = {Confidence.PROVEN: 0, Confidence.LIKELY: 1, Confidence.UNCERTAIN: 2}


def _bound(case: Case, aad: bytes, identity: tuple[str, ...]) -> list[tuple[str, bytes]]:
    if not case.envelope.bindable:
        return []
    made = ((one.words, one.make(aad, identity)) for one in contexts(case.identity, identity))
    return [(words, data) for words, data in made if data is not None]


def _patients(search: Search, payloads: Sequence[Payload], aad: bytes) -> Iterator[Patient]:
    case = search.case
    if not search.streams:
        return
    fits = None if case.fits is None else case.vouches
    apart = [
        split
        for payload in payloads[:_LOOKED_INTO]
        for split in splits(payload.data, case.envelope)
    ]
    for candidate, stream in search.streams:
        for split in apart:
            yield Patient(stream, split, aad, candidate, fits)


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
    payloads = list(unwrapped(data))
    found = _damaged(search, payloads, aad, identity, Effort())
    return () if found is None else (found, *as_buffer(payloads))


def _tried(search: Search, payloads: Sequence[Payload], aad: bytes) -> Cause | None:
    """What thousands of tries find."""
    case = search.case
    if not case.envelope.proves(case.recipe.cipher) or case.envelope.costly:
        return None
    patients = list(_patients(search, payloads, aad))
    for patient in patients[:_TAKEN_APART]:
        found = patient.tried()
        if found is not None:
            return found
    if search.declared is None:
        return None
    for payload in payloads[:2]:
        found = repairing.respelled(search.declared, payload.data, aad)
        if found is not None:
            return found
    return None


def _blocks(search: Search, payloads: Sequence[Payload]) -> Cause | None:
    case = search.case
    if case.recipe.cipher not in AES_CBC or case.envelope.material != "key":
        return None
    for candidate in search.known:
        material = search.keys.material(candidate, case.envelope, case.recipe.cipher)
        if isinstance(material, DerivingProblem):
            continue
        for payload in payloads[:_LOOKED_INTO]:
            parts = case.envelope.parts(payload.data)
            if parts is None:
                continue
            found = blocks.examined(case.recipe.cipher, material.key, parts, candidate)
            if found is not None:
                return found
    return None


def _unopened(search: Search, payloads: Sequence[Payload], aad: bytes) -> Cause:
    """What is said of a text that nothing opens."""
    case = search.case
    found = forms.foreign(case, payloads) or forms.plain(case, payloads)
    if found is not None:
        return found
    if isinstance(search.problem, DerivingProblem | Misfit):
        return key_unusable(case, search.problem.reason)
    formed = next((one for one in payloads if forms.has_form(case.envelope, one.data)), None)
    if formed is None:
        return forms.misshapen(case, payloads)
    reason = _refusal(search, payloads, aad)
    if reason:
        return Cause.of(CauseCode.KEY_UNKNOWN, Confidence.PROVEN, f"it {reason}")
    unsure = Confidence.UNCERTAIN
    tries = _tries(search, payloads)
    if formed.path and not formed.path[0].buffer:
        form = formed.words
        why = f"it fits its envelope only as {form}, so it may not be a ciphertext at all"
        return Cause.of(CauseCode.KEY_UNKNOWN, unsure, tries, why, case="doubtful")
    return Cause.of(CauseCode.KEY_UNKNOWN, unsure, tries, _noise(search, payloads))


def _tries(search: Search, payloads: Sequence[Payload]) -> str:
    """Which keys were tried, in a sentence."""
    if len(payloads[0].data) > LONG:
        known = "the declared key" if len(search.known) == 1 else "the keys that the spec names"
        return (
            f"it is so long that only {known} {'was' if len(search.known) == 1 else 'were'} tried"
        )
    if search.case.envelope.costly:
        return f"none of the {search.tried} likeliest keys is accepted; each takes long to try"
    return f"none of {search.tried} keys and ways to read a key is accepted"


def _refusal(search: Search, payloads: Sequence[Payload], aad: bytes) -> str:
    """What shows that the key is another one, in the words of the envelope."""
    if search.declared is not None:
        for payload in payloads:
            try:
                search.declared.open(payload.data, aad)
            except Closed as closed:
                if closed.reason:
                    return closed.reason
            except Exception:  # noqa: BLE001, S112 - as above
                continue
    return ""


def _noise(search: Search, payloads: Sequence[Payload]) -> str:
    """What a look without the tag says, in a sentence."""
    sizes = [len(patient.split.body) for patient in _patients(search, payloads[:1], b"")]
    if not sizes:
        return ""
    if max(sizes) < LEAST:
        return "it is too short to tell noise from text without its tag"
    return (
        "decrypted without its tag it is noise: the key is a different one, its nonce is damaged, "
        "or the plaintext is not text"
    )

"""Whether a key is the right one: by its check value, and by the texts that it must open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto import DerivingProblem, derived
from assay.crypto.ciphers import BARE, STRUCTURED
from assay.crypto.envelopes.base import Misfit
from assay.crypto.sealing import OpeningResult, opened
from assay.crypto.strength import compared_value, of_key
from assay.crypto.variations import keys_of, variations
from assay.facts import Unobservable, Unobserved
from assay.kinds.key import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from assay.crypto.variations import Variation
    from assay.kinds.key.spec import Key, Sealed
    from assay.model import Violation

    Texts = Mapping[str, str | None]


def proved(  # noqa: PLR0913 - a key, and what is known of it
    key: Key, name: str, text: str, made: bytes, *, environment: str, others: Texts, salts: Texts
) -> Iterator[Violation]:
    """What contradicts that this key is the one that is needed; `others` may hold it instead."""
    wanted = key.check_value_in(environment)
    own = None if wanted is None else compared_value(key, text, salts)
    if wanted is not None and own is not None and own != wanted:
        yield _mismatch(key, name, text, wanted, own, others, salts)
        return
    for number, sealed in enumerate(key.sealed, 1):
        if not sealed.only_in or environment in sealed.only_in:
            try:
                found = _unsealed(key, name, text, made, (number, sealed), others, salts)
            except Misfit as misfit:
                raise _unopenable(misfit) from None
            if found is not None:
                yield found
                return


def _unopenable(missing: Misfit) -> Unobserved:
    """That a library is missing, and what installs it."""
    reason, _, step = missing.reason.partition(": ")
    remedy = f"{step[:1].upper()}{step[1:]}."
    return Unobserved(Unobservable(reason=f"its sealed text {reason}", remedy=remedy))


def _mismatch(  # noqa: PLR0913, PLR0917 - as above
    key: Key, name: str, text: str, wanted: str, own: str, others: Texts, salts: Texts
) -> Violation:
    for other, held in others.items():
        if held is not None and compared_value(key, held, salts) == wanted:
            return rules.ELSEWHERE.violated(other=other)
    if key.encoding in BARE | STRUCTURED:  # each guess at a passphrase takes long
        found = _varied(key, text, salts, lambda _, made: of_key(key, made) == wanted)
        if found is not None:
            return _misread(found, name)
    values = key.check_value if isinstance(key.check_value, dict) else {}
    whose = next((e for e, value in values.items() if value == own), "")
    return rules.MISMATCH.violated(case="of-other-environment" if whose else "", other=whose)


def _unsealed(  # noqa: PLR0913, PLR0917 - as above
    key: Key,
    name: str,
    text: str,
    made: bytes,
    numbered: tuple[int, Sealed],
    others: Texts,
    salts: Texts,
) -> Violation | None:
    number, sealed = numbered
    proof = "the sealed text" if len(key.sealed) == 1 else f"sealed text {number}"
    answer = opened(key, text, made, sealed)
    if answer is OpeningResult.RIGHT:
        return None
    if answer is OpeningResult.OTHER:
        return rules.WRONG_PLAINTEXT.violated(proof=proof)
    for other, held in others.items():
        again = None if held is None else derived(key, held, salts)
        if held is None or again is None or isinstance(again, DerivingProblem):
            continue
        if opened(key, held, again, sealed) is not OpeningResult.CLOSED:
            return rules.ELSEWHERE.violated(other=other)

    def opens(one: Variation, key_made: bytes) -> bool:
        return opened(one.recipe, one.text, key_made, sealed) is not OpeningResult.CLOSED

    found = _varied(key, text, salts, opens)
    if found is not None:
        return _misread(found, name, proof)
    return rules.UNOPENED.violated(proof=proof)


def _varied(
    key: Key, text: str, salts: Texts, fits: Callable[[Variation, bytes], bool]
) -> Variation | None:
    for one, made in keys_of(variations(key, text), salts):
        if fits(one, made):
            return one
    return None


def _misread(found: Variation, name: str, proof: str = "") -> Violation:
    """That another reading of the text is the right key, as a sealed text or check value shows."""
    case, advice = "" if proof else "check-value", "unset" if found.alone else ""
    return rules.MISREAD.violated(case=case, advice=advice, proof=proof, reading=found.of(name))

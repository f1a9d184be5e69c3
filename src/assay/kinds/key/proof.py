"""Whether a key is the right one: by its check value, and by the texts that it must open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.crypto import DerivingProblem, derived
from assay.crypto.accepting import acceptance
from assay.crypto.ciphers import BARE, STRUCTURED
from assay.crypto.envelopes.base import Misfit
from assay.crypto.mistyped import slips
from assay.crypto.sealing import OpeningResult, candidates, opened
from assay.crypto.strength import compared_value, of_key
from assay.crypto.variations import keys_of, variations
from assay.facts import Unobservable, Unobserved
from assay.kinds.key import rules
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from assay.crypto.variations import Variation
    from assay.kinds.key.spec import Key, Sealed
    from assay.model import Violation


@redacted("name", "environment")
class Proof(NamedTuple):
    """A key in an environment, and what is known of it."""

    key: Key
    name: str
    text: str
    made: bytes
    environment: str
    others: Mapping[str, str | None]
    """Other variables, which may hold the right key instead."""
    salts: Mapping[str, str | None]

    def faults(self) -> Iterator[Violation]:
        """What contradicts that this key is the one that is needed."""
        key = self.key
        wanted = key.check_value_in(self.environment)
        own = None if wanted is None else compared_value(key, self.text, self.salts)
        if wanted is not None and own is not None and own != wanted:
            yield self._mismatch(wanted, own)
            return
        for number, sealed in self._known():
            try:
                found = self._unsealed(number, sealed)
            except Misfit as missing:  # a library, and what installs it
                reason, _, step = missing.reason.partition(": ")
                remedy = f"{step[:1].upper()}{step[1:]}."
                why = Unobservable(reason=f"its sealed text {reason}", remedy=remedy)
                raise Unobserved(why) from None
            if found is not None:
                yield found
                return

    def _known(self) -> Iterator[tuple[int, Sealed]]:
        """The known answers for this environment, and their numbers."""
        for number, sealed in enumerate(self.key.sealed, 1):
            if not sealed.only_in or self.environment in sealed.only_in:
                yield number, sealed

    def mistyped(self) -> Violation | None:
        """That the right key is a typing error away, as a check value or a known answer shows."""
        wanted = self.key.check_value_in(self.environment)
        if wanted is not None:
            return self._mistyped_for_value(wanted)
        return next(filter(None, (self._mistyped_for(*known) for known in self._known())), None)

    def _mistyped_for_value(self, wanted: str) -> Violation | None:
        if self.key.encoding not in BARE:  # what people make up is not to be guessed at
            return None
        fits = slips(self.key, self.text, self.salts, lambda made: of_key(self.key, made) == wanted)
        found = next(fits, None)
        if found is None:
            return None
        return rules.MISTYPED.violated(proof="the check value in the spec", found=found.words)

    def _mistyped_for(self, number: int, sealed: Sealed) -> Violation | None:
        key = self.key
        if key.encoding not in BARE:
            return None
        aad = sealed.aad.encode()
        offered = candidates(key.cipher, sealed)
        made = (acceptance(one.envelope, key.cipher, one.data, aad) for one in offered)
        accepts = [one for one in made if one is not None]
        for slip in slips(key, self.text, self.salts, lambda made: any(f(made) for f in accepts)):
            again = derived(key, slip.text, self.salts)
            if isinstance(again, DerivingProblem):
                continue
            if opened(key, slip.text, again, sealed) is not OpeningResult.CLOSED:
                return rules.MISTYPED.violated(proof=self._numbered(number), found=slip.words)
        return None

    def _numbered(self, number: int) -> str:
        return "the sealed text" if len(self.key.sealed) == 1 else f"sealed text {number}"

    def _mismatch(self, wanted: str, own: str) -> Violation:
        key = self.key
        for other, held in self.others.items():
            if held is not None and compared_value(key, held, self.salts) == wanted:
                return rules.ELSEWHERE.violated(other=other)
        if key.encoding in BARE | STRUCTURED:  # each guess at a passphrase takes long
            misread = self._misread(lambda _, made: of_key(key, made) == wanted)
            misread = misread or self._mistyped_for_value(wanted)
            if misread is not None:
                return misread
        values = key.check_value if isinstance(key.check_value, dict) else {}
        whose = next((e for e, value in values.items() if value == own), "")
        return rules.MISMATCH.violated(case="of-other-environment" if whose else "", other=whose)

    def _unsealed(self, number: int, sealed: Sealed) -> Violation | None:
        key = self.key
        proof = self._numbered(number)
        answer = opened(key, self.text, self.made, sealed)
        if answer is OpeningResult.RIGHT:
            return None
        if answer is OpeningResult.OTHER:
            return rules.WRONG_PLAINTEXT.violated(proof=proof)
        for other, held in self.others.items():
            again = None if held is None else derived(key, held, self.salts)
            if held is None or again is None or isinstance(again, DerivingProblem):
                continue
            if opened(key, held, again, sealed) is not OpeningResult.CLOSED:
                return rules.ELSEWHERE.violated(other=other)

        def opens(one: Variation, made: bytes) -> bool:
            return opened(one.recipe, one.text, made, sealed) is not OpeningResult.CLOSED

        found = self._misread(opens, proof) or self._mistyped_for(number, sealed)
        return found or rules.UNOPENED.violated(proof=proof)

    def _misread(
        self, fits: Callable[[Variation, bytes], bool], proof: str = ""
    ) -> Violation | None:
        """That another reading of the text is the right key, as a sealed or check value shows."""
        tried = keys_of(variations(self.key, self.text), self.salts)
        found = next((one for one, made in tried if fits(one, made)), None)
        if found is None:
            return None
        case, advice = "" if proof else "check-value", "unset" if found.alone else ""
        return rules.MISREAD.violated(
            case=case, advice=advice, proof=proof, reading=found.of(self.name)
        )

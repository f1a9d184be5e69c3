"""Every envelope is examined as every other: what real producers sealed, under what may happen."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.crypto.autopsy.sealed import LAYOUTS, sealed
from tests.crypto.envelopes.produced import vectors

from assay.crypto.autopsy import Case, Confidence, Examiner, autopsy
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Envelope, Misfit
from assay.crypto.recipes import Recipe

pytestmark = pytest.mark.usefixtures("quick_keys")
QUICK = [one for one in vectors() if not one.envelope.costly and "scrypt" not in repr(one.recipe)]
ALL = [pytest.param(one, id=f"{one.producer}: {one.name}") for one in QUICK]
ONE_EACH = [
    pytest.param(one, id=tag)
    for tag, one in {one.envelope.tag(): one for one in QUICK if one.plaintext}.items()
]


def case(one, **changes):
    given = {
        "envelope": one.envelope,
        "recipe": one.recipe,
        "variable": "KEY",
        "text": one.secret,
        "fits": lambda plain: plain == one.plaintext,
    }
    return Case(**{**given, **changes})


@pytest.mark.parametrize("one", ALL)
def test_what_was_sealed_opens(one):
    assert autopsy(case(one), one.stored, one.aad) == ()


@pytest.mark.parametrize("one", ONE_EACH)
def test_what_is_wrapped_around_it_is_named(one):
    (first, *_) = autopsy(case(one), "\\x" + one.stored.hex(), one.aad)
    assert first.code == "wrapped"
    proves = one.envelope.proves(one.recipe.cipher)
    assert first.confidence is (Confidence.PROVEN if proves else Confidence.LIKELY)


@pytest.mark.parametrize("one", ONE_EACH)
def test_rows_of_it_are_counted(one):
    examiner = Examiner(case(one), "secret")
    examiner.add(
        [one.stored] * 3 + [one.stored[:-3]], [(str(at),) for at in range(4)], [one.aad] * 4
    )
    census = examiner.census()
    assert census.opened == 3
    assert sum(cluster.count for cluster in census.clusters) == 1


@pytest.mark.parametrize("one", ONE_EACH)
@pytest.mark.parametrize("damage", ["cut", "changed", "lost"])
def test_no_damage_to_it_raises_or_proves_a_key(one, damage):
    middle = len(one.stored) // 2
    stored = {
        "cut": one.stored[:middle],
        "changed": one.stored[:middle]
        + bytes((one.stored[middle] ^ 1,))
        + one.stored[middle + 1 :],
        "lost": one.stored[:middle] + one.stored[middle + 1 :],
    }[damage]
    for found in autopsy(case(one), stored, one.aad):
        if found.confidence is Confidence.PROVEN:
            assert not found.code.startswith(("sealed-", "key-")), found


@pytest.mark.parametrize(
    "name",
    [name for name in ENVELOPES if ENVELOPES[name].remote and ENVELOPES[name].marked],
)
def test_what_is_opened_elsewhere_says_where(name):
    envelope = ENVELOPES[name]()
    asked = Case(
        envelope=envelope,
        recipe=Recipe(cipher="aes-256-gcm", encoding="hex"),
        variable="KEY",
        text="00" * 32,
    )
    (found,) = autopsy(asked, "whatever it holds")
    assert found.code == "remote"
    assert found.filled["needs"] == envelope.remote


class Odd(Envelope, frozen=True, kw_only=True, tag="odd"):
    """An envelope that answers as it is told."""

    title = "an odd envelope"
    ciphers = frozenset(("aes-256-gcm",))
    extra = "envelopes"

    answer: str = ""

    def misfit(self, _data):
        return None

    def opener(self, _material, _cipher):
        if self.answer == "missing":
            raise Misfit("missing-library", "needs a library that is not installed")
        answers = {
            "closed": Closed("names a different key by its label"),
            "expired": Misfit("expired", "opens, but has expired"),
            "damaged": Misfit("damaged", "was changed behind its header"),
            "odd": RuntimeError("CANARY"),
        }

        def opened(data, aad):
            raise answers[self.answer]

        return opened


@pytest.mark.parametrize(
    ("answer", "code", "confidence"),
    [
        ("closed", "key-unknown", Confidence.PROVEN),
        ("expired", "expired", Confidence.PROVEN),
        ("damaged", "bytes-changed", Confidence.PROVEN),
        ("missing", "library-missing", Confidence.PROVEN),
        ("odd", "key-unknown", Confidence.UNCERTAIN),
    ],
)
def test_what_an_envelope_says_itself_is_told(answer, code, confidence):
    asked = Case(
        envelope=Odd(answer=answer),
        recipe=Recipe(cipher="aes-256-gcm", encoding="hex"),
        variable="KEY",
        text="00" * 32,
    )
    stored = b"\x01" * 60
    (found,) = autopsy(asked, stored)
    assert (found.code, found.confidence) == (code, confidence)
    assert "CANARY" not in repr(found)
    examiner = Examiner(asked)
    examiner.add([stored] * 5, [()] * 5)
    (cluster,) = examiner.census().clusters
    assert (cluster.cause.code, cluster.count) == (code, 5)


def test_layouts_of_another_size_of_key_are_not_looked_for():
    asked = Case(
        envelope=ENVELOPES.parse("node-gcm-hex"),
        recipe=Recipe(cipher="aes-128-gcm", encoding="hex"),
        variable="KEY",
        text="00" * 16,
    )
    (found,) = autopsy(asked, LAYOUTS["hex"].write(sealed()))
    assert found.code == "key-unknown"
    assert replace(found) == found

"""What real producers sealed is recognised, and opened by the right key and no other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.crypto.envelopes.produced import FOLDER, Vector, opened, vectors

from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Misfit

ALL = [pytest.param(one, id=f"{one.producer}: {one.name}") for one in vectors()]
FORMS = sorted({type(one.envelope) for one in vectors()}, key=lambda form: form.tag())


def test_every_producer_has_made_its_vectors() -> None:
    made = {path.stem for path in FOLDER.glob("*.json")}
    assert made == {path.stem for path in (FOLDER / "producers").iterdir() if path.is_file()}


def test_every_envelope_that_opens_has_vectors() -> None:
    made = {one.envelope.tag() for one in vectors()}
    assert made == {name for name in ENVELOPES if not ENVELOPES[name].remote}


@pytest.mark.parametrize("one", ALL)
def test_the_right_key_opens_it(one: Vector) -> None:
    assert list(one.envelope.problems()) == []
    assert one.envelope.recognizes(one.stored)
    assert one.envelope.misfit(one.stored) is None
    assert opened(one, one.material) == one.plaintext


@pytest.mark.parametrize("one", ALL)
def test_another_key_does_not(one: Vector) -> None:
    found = opened(one, one.wrong)
    if one.envelope.proves(one.recipe.cipher):
        assert found is None
    else:
        assert found != one.plaintext


@pytest.mark.parametrize("one", ALL)
def test_no_other_envelope_with_a_mark_recognises_it(one: Vector) -> None:
    own = one.envelope.tag()
    marked = {name for name in ENVELOPES if ENVELOPES[name].marked} - {own}
    found = {name for name in marked if ENVELOPES[name]().recognizes(one.stored)}
    assert found <= ALIKE.get(own, set())


ALIKE: dict[str, set[str]] = {
    "cryptojs": {"openssl"},  # it imitates it
    "openssl": {"cryptojs"},
}


@pytest.mark.parametrize("one", ALL)
def test_nothing_shows_what_it_holds(one: Vector) -> None:
    shown = [repr(one.envelope), repr(one.material), str(one.envelope.misfit(one.stored[:-5]))]
    answers: list[Exception] = []
    for wrong in (one.wrong, one.material):
        try:
            one.envelope.opener(wrong, one.recipe.cipher)(one.stored[:-3], one.aad)
        except (Closed, Misfit) as told:
            answers.append(told)
    assert all(told.__suppress_context__ or told.__context__ is None for told in answers)
    shown += map(repr, answers)
    for text in shown:
        assert one.secret not in text
        if len(one.plaintext) > 4:
            assert one.plaintext.decode(errors="replace")[:5] not in text
        assert one.stored.decode("latin-1")[-12:] not in text


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.tag())
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_is_stored_gives_a_text_or_an_answer(form: type, data: st.DataObject) -> None:
    """Damage of all sorts never raises anything else, and never opens what a tag or MAC proves."""
    one = data.draw(st.sampled_from([v for v in vectors() if type(v.envelope) is form]))
    mauled = data.draw(damaged(one.stored))
    one.envelope.recognizes(mauled)
    one.envelope.misfit(mauled)
    one.envelope.parts(mauled)
    found = opened(one, one.material, mauled)
    if one.envelope.proves(one.recipe.cipher):
        assert found in (None, one.plaintext)


@st.composite
def damaged(draw: st.DrawFn, stored: bytes) -> bytes:
    how = draw(st.sampled_from(["cut", "flip", "insert", "any", "swap", "case", "head"]))
    at = draw(st.integers(0, max(0, len(stored) - 1)))
    match how:
        case "cut":
            return stored[:at]
        case "head":
            return stored[at:]
        case "flip":
            byte = stored[at] ^ draw(st.integers(1, 255)) if stored else 0
            return stored[:at] + bytes((byte,)) + stored[at + 1 :]
        case "insert":
            return stored[:at] + draw(st.binary(max_size=8)) + stored[at:]
        case "swap":
            return stored[at:] + stored[:at]
        case "case":
            return stored.swapcase()
        case _:
            return draw(st.binary(max_size=200))

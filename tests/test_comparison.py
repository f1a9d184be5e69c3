"""Relations between environments: symmetric, honest about what is hidden, true to the values."""

from __future__ import annotations

import hashlib
import hmac
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.comparison import Cell, Demand, Pepper, alike, different, groups, judge, same
from assay.facts import State

PEPPER = Pepper(b"p" * 32, "p")
STATES = st.sampled_from(list(State))
VALUES = st.one_of(st.none(), st.text(max_size=3))


def cell(state: State, value: str | None = None, pepper: Pepper = PEPPER) -> Cell:
    digest = "" if value is None else pepper.digest("variable", "A", value.encode())
    return Cell(state=state, digest=digest, under=pepper.name if digest else "")


A, B = cell(State.READABLE, "a"), cell(State.READABLE, "b")
MISSING, EMPTY = cell(State.MISSING), cell(State.EMPTY)
DEFAULT, ALLOWED = cell(State.MISSING, "a"), cell(State.EMPTY, "")
HIDDEN, DENIED = cell(State.UNREADABLE), cell(State.DENIED)
OTHER = cell(State.READABLE, "a", Pepper(b"q" * 32, "q"))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        # same, different, shape
        (A, A, (True, False, True)),
        (A, B, (False, True, True)),
        (A, MISSING, (False, True, False)),
        (A, EMPTY, (False, True, False)),
        (A, DEFAULT, (True, False, False)),
        (A, HIDDEN, (None, None, True)),
        (A, DENIED, (None, None, None)),
        (A, OTHER, (None, None, True)),
        (A, ALLOWED, (False, True, True)),
        (MISSING, MISSING, (True, True, True)),
        (MISSING, EMPTY, (True, True, False)),
        (MISSING, DEFAULT, (False, True, True)),
        (MISSING, HIDDEN, (False, True, False)),
        (MISSING, DENIED, (None, True, None)),
        (EMPTY, EMPTY, (True, True, True)),
        (EMPTY, HIDDEN, (None, True, None)),
        (EMPTY, DENIED, (None, True, None)),
        (HIDDEN, HIDDEN, (None, None, True)),
        (DEFAULT, HIDDEN, (None, None, False)),
        (ALLOWED, ALLOWED, (True, False, True)),
    ],
)
def test_what_two_cells_come_to(left, right, expected):
    assert (same(left, right), different(left, right), alike(left, right)) == expected


CELLS = st.builds(
    cell,
    STATES,
    VALUES,
    st.sampled_from([PEPPER, Pepper(b"q" * 32, "q")]),
)


@given(CELLS, CELLS)
def test_every_relation_is_symmetric(left, right):
    for relation in (same, different, alike):
        assert relation(left, right) is relation(right, left)


@given(st.text(max_size=4), st.text(max_size=4))
def test_values_are_called_equal_exactly_when_they_are(left, right):
    cells = cell(State.READABLE, left), cell(State.READABLE, right)
    assert same(*cells) is (left == right)
    assert different(*cells) is (left != right)


WORDS = st.sampled_from(["same", "different", "shape", "any"])


@given(st.permutations(["a", "b", "c", "d"]), st.lists(CELLS, min_size=4, max_size=4), WORDS)
def test_the_order_of_environments_does_not_matter(order, cells, word):
    found = dict(zip("abcd", cells, strict=True))
    pairs = list(itertools.combinations("abcd", 2))
    there = judge(Demand(word), found, pairs)
    back = judge(Demand(word), {n: found[n] for n in order}, itertools.combinations(order, 2))
    assert {frozenset(p) for p in there.broken} == {frozenset(p) for p in back.broken}
    assert there.holds is back.holds
    assert {frozenset(g) for g in groups(found)} == {
        frozenset(g) for g in groups({n: found[n] for n in order})
    }


@given(st.lists(CELLS, min_size=2, max_size=2))
def test_what_is_asked_to_be_anything_is_never_broken(cells):
    found = dict(zip("ab", cells, strict=True))
    assert judge(Demand("any"), found, [("a", "b")]).holds is True


@pytest.mark.parametrize(
    ("elsewhere", "holds"),
    [(MISSING, True), (DEFAULT, True), (EMPTY, False), (A, False), (HIDDEN, False), (DENIED, None)],
)
def test_what_belongs_in_one_environment_is_unset_in_the_others(elsewhere, holds):
    demand = Demand("only-in", ("a",))
    assert judge(demand, {"a": A, "b": elsewhere}, [("a", "b")]).holds is holds
    assert judge(demand, {"b": elsewhere, "a": HIDDEN}, [("b", "a")]).holds is holds


@given(st.text(), st.text(), st.text(), st.text())
def test_a_digest_belongs_to_one_name_and_one_value(name, value, other, another):
    left = PEPPER.digest("variable", name, value.encode())
    right = PEPPER.digest("variable", other, another.encode())
    assert (left == right) == ((name, value) == (other, another))
    assert left != PEPPER.digest("key", name, value.encode())


def test_a_digest_is_worth_nothing_without_its_pepper():
    digest = PEPPER.digest("variable", "A", b"secret")
    guesses = {
        hashlib.new(algorithm, text).hexdigest()
        for algorithm in ("sha256", "sha3_256", "sha512_256", "blake2s")
        for text in (b"secret", b"Asecret", b"A\0secret", b"assay variable 1\x001\x00Asecret")
    }
    guesses |= {
        hmac.digest(key, text, "sha256").hex()
        for key in (b"", b"A", b"assay", b"\0" * 32)
        for text in (b"secret", b"assay variable 1\x001\x00Asecret")
    }
    assert digest not in guesses
    assert digest != Pepper.of_run().digest("variable", "A", b"secret")
    assert "secret" not in repr(PEPPER)
    assert "ppp" not in f"{PEPPER!r} {PEPPER}"

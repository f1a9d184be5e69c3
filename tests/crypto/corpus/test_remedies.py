"""No remedy makes a row unreadable that is readable now, and most make rows readable."""

from __future__ import annotations

import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from tests.crypto.corpus.carrying_out import DEEDS, Deed, Done, State, carried_out
from tests.crypto.corpus.scoring import cells, corpus, declared

from assay.crypto import Recipe
from assay.crypto.autopsy import Case, CauseCode, Cluster
from assay.crypto.envelopes import ENVELOPES
from assay.kinds.credential.rules import BY_CAUSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EVERY = 16
"""One case of so many is carried out here; this module as a program does all."""
COSTLY = ("iron", "argon", "scrypt", "pbkdf2", "cryptr")
SAMPLE = [
    made
    for made in corpus()[::EVERY]
    if not any(word in str((made["envelope"], made["recipe"])) for word in COSTLY)
]
MENDING = frozenset((Deed.SET, Deed.MOVE, Deed.SET_OR_MOVE, Deed.UNDO))
NONCES = count(1)
KEY, OLD = bytes(range(32)), bytes(range(32, 64))
ORDER = {"cipher": "aes-256-gcm", "layout": ["iv:12", "ciphertext", "tag:16"], "encoding": "base64"}


@pytest.fixture(autouse=True)
def every_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cluster, "KEPT", 20_000)


def of_corpus(made: dict[str, Any]) -> State:
    rows, case = tuple(cells(made)), declared(made)
    bound = case.envelope.aad.encode()
    places = tuple((str(at),) for at in range(len(rows)))
    return State(case, rows, (bound,) * len(rows), places)


def harmed(done: Iterable[Done]) -> list[tuple[str, str, int]]:
    return [
        (one.cause.code.value, one.remedy, len(one.before - one.after))
        for one in done
        if one.before - one.after
    ]


@pytest.mark.parametrize("made", SAMPLE, ids=[made["name"] for made in SAMPLE])
def test_no_remedy_for_a_case_of_the_corpus_makes_a_row_unreadable(made):
    assert harmed(carried_out(of_corpus(made))) == []


def test_what_every_remedy_asks_for_is_known():
    remedies = {
        (code, name)
        for code, rule in BY_CAUSE.items()
        for name in ("", *rule.remedies)
        if name or not {"all", "some"} <= set(rule.remedies) or (code, "") in DEEDS
    }
    assert remedies == set(DEEDS)


@pytest.mark.parametrize(("code", "name"), DEEDS)
def test_a_remedy_that_leaves_something_says_how_much_depends_on_it(code, name):
    rule = BY_CAUSE[code]
    text = rule.remedies.get(name, rule.remedy)
    if name.rpartition("-")[2] == "some":
        assert "because" in text
        assert "{healthy}" in text
    deed = DEEDS[code, name]
    if deed in (Deed.SET_OR_MOVE, Deed.SET_OR_ENTER):
        assert "other row" in text or "all rows" in text
    if deed is Deed.MOVE:
        assert "ecrypt" in text
        assert "encrypt" in text


def case_of(**more: Any) -> Case:
    given = {
        "envelope": ENVELOPES.parse(ORDER),
        "recipe": Recipe(cipher="aes-256-gcm", encoding="hex"),
        "variable": "APP_KEY",
        "text": KEY.hex(),
        "identity": ("id",),
        **more,
    }
    return Case(**given)


def sealed(key: bytes = KEY, *, cipher: type[Any] = AESGCM, aad: bytes | None = None) -> bytes:
    nonce = next(NONCES).to_bytes(12)
    plain = b"credential " + nonce.hex().encode()
    return b64encode(nonce + cipher(key).encrypt(nonce, plain, aad))


def reordered(cell: bytes) -> bytes:
    data = b64decode(cell)
    return b64encode(data[-16:] + data[:-16])


def state_of(rows: Sequence[bytes], **more: Any) -> State:
    identities = tuple((str(at),) for at in range(len(rows)))
    return State(case_of(**more), tuple(rows), (b"",) * len(rows), identities)


ODD = {
    "key": sealed(KEY.hex().encode()[:32]),
    "previous": sealed(OLD),
    "layout": reordered(sealed()),
    "cipher": sealed(cipher=ChaCha20Poly1305),
    "aad": sealed(aad=b"0"),
    "lost key": sealed(bytes(range(64, 96))),
    "undefined": sealed(b"undefined".ljust(32, b"0")),
    "wrapped": sealed().hex().encode(),
    "malformed": b"!!!!",
    "vault": b"vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w==",
    "buffer": b'{"type":"Buffer","data":[%s]}' % b",".join(b"%d" % n for n in sealed()),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("alone", [False, True])
def test_a_remedy_for_a_few_rows_keeps_the_many(odd, alone):
    state = state_of([odd] * 3 + [sealed() for _ in range(120)], previous={"OLD": OLD.hex()})
    done = carried_out(state, alone=alone)
    assert done
    assert harmed(done) == []
    for one in done:
        if DEEDS[one.cause.code, one.remedy] in MENDING and one.cause.code is not CauseCode.REMOTE:
            assert one.rows <= one.after, one


@pytest.mark.parametrize("which", ["key", "layout", "cipher", "lost key", "malformed"])
def test_a_remedy_for_all_rows_makes_them_readable_and_keeps_those_of_an_earlier_key(which):
    changed = ODD[which]
    for rows in ([changed] * 9, [changed] * 9 + [ODD["previous"]] * 3):
        done = carried_out(state_of(rows, previous={"OLD": OLD.hex()}))
        assert harmed(done) == []
        assert done[0].rows <= done[0].after or which in ("lost key", "malformed")


def test_seven_thousand_rows_of_a_key_with_its_newline_do_not_break_the_others():
    recipe = Recipe(cipher="aes-256-gcm", encoding="utf8", derive="sha256")
    text = "correct horse battery staple"
    now, then = (sha256(one.encode()).digest() for one in (text, f"{text}\n"))
    rows = [sealed(then) for _ in range(7_000)] + [sealed(now) for _ in range(2_714)]
    (done,) = carried_out(state_of(rows, recipe=recipe, text=text))
    assert done.remedy == "altered-some"
    assert "because it decrypts 2,714 rows today" in done.told
    assert len(done.before) == 2_714
    assert len(done.after) == 9_714


def test_one_odd_row_of_ten_thousand_does_not_break_the_others():
    rows = [reordered(sealed()), *(sealed() for _ in range(9_999))]
    (done,) = carried_out(state_of(rows))
    assert (done.remedy, len(done.before), len(done.after)) == ("some", 9_999, 10_000)
    assert "because 9,999 rows can be decrypted" in done.told


def test_of_three_clusters_none_is_given_up_for_another():
    text = KEY.hex()
    rows = [
        *(sealed(text.encode()[:32]) for _ in range(700)),
        *(sealed(OLD) for _ in range(300)),
        *(reordered(sealed()) for _ in range(200)),
    ]
    done = carried_out(state_of(rows, previous={"OLD": OLD.hex()}))
    assert len(done) == 3
    assert harmed(done) == []
    assert all(one.rows <= one.after for one in done)


def main() -> None:
    """Carry out the remedies of all cases."""
    Cluster.KEPT = 20_000
    for made in corpus():
        for one in harmed(carried_out(of_corpus(made))):
            sys.stdout.write(f"{made['name']}: {one}\n")


if __name__ == "__main__":
    main()

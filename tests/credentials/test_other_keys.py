"""What earlier keys open, and a key that is replaced while threads use it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from tests.credentials.sealing import OLD, OTHER, PLAIN, TEXT, loaded, opener, sealed

import assay
from assay import credentials
from assay.credentials import Recipe
from assay.credentials import opening as module
from assay.crypto.autopsy import Case
from assay.crypto.envelopes import ENVELOPES
from assay.errors import CredentialError, FormatFault, KeyFault, UsageError

LAYOUT = {"cipher": "aes-128-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]}
HEX = Recipe(cipher="aes-128-gcm", encoding="hex")


def test_an_earlier_key_opens_only_if_it_may(project):
    spec = loaded(project)
    with pytest.raises(KeyFault, match="encrypted with KEY_OLD, an earlier key"):
        opener(spec).open(sealed(OLD))
    assert opener(spec, accept_previous=True).open(sealed(OLD)) == PLAIN


def test_whoever_asks_hears_of_each_row_that_an_earlier_key_opened(project):
    heard: list[object] = []
    made = opener(loaded(project), accept_previous=True, on_previous=heard.append)
    made.open(sealed(), {"id": 1, "tenant": "a"})
    assert heard == []
    made.open(sealed(OLD), {"id": 2, "tenant": "b", "secret": b"x"})
    made.open(sealed(OLD), {"id": 3})
    made.open(sealed(OLD))
    assert heard == [{"id": 2, "tenant": "b"}, {"id": 3}, {}]
    with pytest.raises(KeyFault):
        made.open(sealed(OTHER), {"id": 4})
    assert len(heard) == 3


def test_what_the_listener_raises_reaches_the_caller(project):
    def refuse(identity: object) -> None:
        raise LookupError("the queue is full")

    made = opener(loaded(project), accept_previous=True, on_previous=refuse)
    with pytest.raises(LookupError, match="the queue is full"):
        made.open(sealed(OLD))


def test_earlier_keys_may_be_given_without_a_spec():
    how: Any = {"key": HEX, "text": TEXT, "envelope": LAYOUT, "previous": {"OLD": OLD}}
    assert credentials.opener(**how, accept_previous=True).open(sealed(OLD)) == PLAIN


def test_what_an_earlier_key_opens_is_of_the_declared_type_too(project):
    made = opener(loaded(project), accept_previous=True)
    with pytest.raises(FormatFault):
        made.open(sealed(OLD, b"no consumer key"))


def test_a_key_that_became_an_earlier_one_in_the_meantime_is_accepted(project):
    heard: list[object] = []
    spec = loaded(project, f"KEY={OLD}\n")
    made = opener(spec, accept_previous=True, on_previous=heard.append)
    assert made.open(sealed(OLD)) == PLAIN
    project.env(f"KEY={TEXT}\nKEY_OLD={OLD}\n")
    assert made.open(sealed()) == PLAIN
    assert heard == []
    assert made.open(sealed(OLD)) == PLAIN
    assert heard == [{}]
    project.env(f"KEY={TEXT}\nKEY_OLD={OTHER}\n")
    assert made.open(sealed(OTHER)) == PLAIN
    assert heard == [{}, {}]


def test_what_the_new_key_does_not_open_either_is_explained_with_it(project):
    made = opener(loaded(project, f"KEY={TEXT}\n"), explain="brief")
    project.env(f"KEY={OTHER}\nKEY_OLD={OLD}\n")
    with pytest.raises(KeyFault, match="encrypted with KEY_OLD, an earlier key") as caught:
        made.open(sealed(OLD))
    assert "KEY_OLD decrypts it: the authentication tag matches" in caught.value.evidence
    assert made.open(sealed(OTHER)) == PLAIN


def cbc(key: str, plain: bytes) -> str:
    padder = padding.PKCS7(128).padder()
    cipher = Cipher(algorithms.AES(bytes.fromhex(key)), modes.CBC(bytes(16))).encryptor()
    body = cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
    return f"{bytes(16).hex()}:{body.hex()}"


CBC = """
environments:
  production: {values: [{dotenv: .env}]}
variables: {KEY: {secret: true}, KEY_OLD: {secret: true, required: false}}
keys:
  secrets: {variable: KEY, cipher: aes-128-cbc, encoding: hex, previous: [KEY_OLD]}
databases: {main: {sqlite: {path: app.db}}}
tables: {secrets: {columns: {id: {type: integer, primary-key: true}, secret: text, any: text}}}
credentials:
  mpesa:
    table: secrets
    key: secrets
    columns:
      secret: {envelope: node-cbc-hex, plaintext: {type: text, pattern: '[A-Za-z0-9]{32}'}}
      any: node-cbc-hex
"""


def test_without_authentication_an_earlier_key_opens_what_the_type_vouches_for(project):
    project.spec(CBC)
    project.env(f"KEY={TEXT}\nKEY_OLD={OLD}\n")
    spec = assay.load(project.folder / "specs")
    made = opener(spec, accept_previous=True, explain="none")
    assert made.open(cbc(OLD, PLAIN)) == PLAIN
    for n in range(600):  # chance gets the padding right once in 256 times
        with pytest.raises(CredentialError):
            made.open(cbc(OTHER, PLAIN + str(n).encode()))


def test_without_authentication_and_a_type_no_earlier_key_can_be_accepted(project):
    project.spec(CBC)
    project.env(f"KEY={TEXT}\nKEY_OLD={OLD}\n")
    spec = assay.load(project.folder / "specs")
    with pytest.raises(UsageError) as caught:
        opener(spec, "any", accept_previous=True)
    assert caught.value.message == (
        "accept_previous needs a plaintext type for mpesa.any: "
        "aes-128-cbc doesn't show which key is right"
    )
    assert "plaintext" in caught.value.remedy


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"accept_previous": 1}, "accept_previous must be True or False, not int"),
        ({"on_previous": print}, "on_previous is never called without accept_previous"),
        (
            {"accept_previous": True, "on_previous": "print"},
            "on_previous must be a function, not str",
        ),
    ],
)
def test_options_that_make_no_sense_are_usage_errors(project, options, said):
    with pytest.raises(UsageError) as caught:
        opener(loaded(project), **options)
    assert caught.value.message == said
    assert caught.value.remedy


def case(key: str, aad: str) -> Case:
    envelope = ENVELOPES.parse({**LAYOUT, "aad": aad})
    return Case(envelope=envelope, recipe=HEX, variable="KEY", text=key)


def test_a_thread_never_sees_an_opener_half_made(monkeypatch):
    """Key and additional data are replaced at once, however long that takes a thread."""
    read = iter([case(OLD, "old {id}"), case(TEXT, "new {id}")])
    made = credentials.Opener("secrets.bound", lambda *_: next(read))
    began, go, real = Event(), Event(), module._opening

    def slow(case: Case) -> Any:
        began.set()
        assert go.wait(10)
        return real(case)

    monkeypatch.setattr(module, "_opening", slow)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(made.open, sealed(TEXT, aad=b"old 9"), {"id": 9})
        assert began.wait(10)
        try:
            assert made.open(sealed(OLD, aad=b"old 7"), {"id": 7}) == PLAIN
        finally:
            go.set()
        assert waiting.result(10) == PLAIN
    assert made.open(sealed(TEXT, aad=b"new 7"), {"id": 7}) == PLAIN

"""`assay.credentials.open`: the plaintext, or an error that is safe to show and says what to do."""

from __future__ import annotations

import json
import os
import pickle
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from tests.credentials.sealing import OLD, PLAIN, TEXT, sealed
from tests.properties import canaries

import assay
from assay import credentials
from assay.crypto import Recipe
from assay.errors import CredentialError, UsageError

if TYPE_CHECKING:
    from tests.project import Project

LAYOUT = {"cipher": "aes-128-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]}
HEX = Recipe(cipher="aes-128-gcm", encoding="hex")
SPEC = """
environments:
  production: {values: [{dotenv: .env}]}
  ci: {values: [process]}
variables:
  KEY: {secret: true}
  KEY_OLD: {secret: true, required: false}
keys:
  secrets: {variable: KEY, cipher: aes-128-gcm, encoding: hex, previous: [KEY_OLD]}
databases:
  main: {sqlite: {path: app.db}}
tables:
  secrets: {columns: {id: {type: integer, primary-key: true}, secret: blob, bound: blob}}
credentials:
  mpesa:
    table: secrets
    key: secrets
    columns:
      secret:
        envelope: {cipher: aes-128-gcm, layout: ['iv:12', 'tag:16', ciphertext]}
        plaintext: {type: text, pattern: '[A-Za-z0-9]{32}'}
      bound:
        envelope: {cipher: aes-128-gcm, layout: ['iv:12', 'tag:16', ciphertext], aad: 'row {id}'}
"""


@pytest.fixture
def spec(project: Project) -> assay.Spec:
    project.spec(SPEC)
    project.env(f"KEY={TEXT}\nKEY_OLD={OLD}\n")
    return assay.load(str(project.folder / "specs"))


def opened(spec: assay.Spec, data: Any, column: str = "secret", **more: Any) -> bytes:
    how = {"environment": "production", "credential": "mpesa", **more}
    return credentials.open(data, spec=spec, column=column, **how)


def fault(spec: assay.Spec, data: Any, column: str = "secret", **more: Any) -> CredentialError:
    with pytest.raises(CredentialError) as caught:
        opened(spec, data, column, **more)
    return caught.value


@pytest.mark.parametrize(
    "form",
    [bytes, bytearray, memoryview, lambda data: f"\\x{data.hex()}"],
    ids=["bytes", "bytearray", "memoryview", "as data APIs hand it out"],
)
def test_what_drivers_hand_out_is_opened(spec, form):
    assert opened(spec, form(sealed())) == PLAIN


def test_a_spec_may_be_named_by_its_path(spec, project):
    folder = project.folder / "specs"
    for path in (folder, str(folder)):
        plain = credentials.open(
            sealed(), spec=path, environment="production", credential="mpesa", column="secret"
        )
        assert plain == PLAIN


def test_a_process_may_hold_the_key(spec):
    assert opened(spec, sealed(OLD), environment="ci", process={"KEY": OLD}) == PLAIN


def test_additional_data_comes_from_the_row(spec):
    data = sealed(aad=b"row 9")
    assert opened(spec, data, "bound", row={"id": 9}) == PLAIN
    assert opened(spec, data, "bound", row={"id": 7}, aad=b"row 9") == PLAIN
    error = fault(spec, data, "bound", row={"id": 7})
    assert isinstance(error, credentials.FormatFault | credentials.AlgorithmFault)
    assert error.message.startswith("mpesa.bound, row 7: ")


def test_another_key_is_a_key_fault(spec):
    error = fault(spec, sealed(OLD), row={"id": 3})
    assert type(error) is credentials.KeyFault
    assert error.message == "mpesa.secret, row 3: encrypted with KEY_OLD, an earlier key"
    assert error.remedy.startswith("Keep KEY_OLD until every row is re-encrypted")
    assert (error.rule, error.confidence) == ("credential-previous-key", "proven")
    assert error.evidence == (
        "KEY read as hex does not decrypt it",
        "KEY_OLD decrypts it: the authentication tag matches",
    )


def test_a_json_buffer_is_a_format_fault(spec):
    buffer = json.dumps({"type": "Buffer", "data": list(sealed())})
    for given in (buffer, buffer.encode()):
        error = fault(spec, given)
        assert type(error) is credentials.FormatFault
        assert error.message == "mpesa.secret: stored as a JSON Buffer; the ciphertext is intact"


def test_a_text_of_another_type_is_a_format_fault(spec):
    error = fault(spec, sealed(plain=b"no consumer key"))
    assert type(error) is credentials.FormatFault
    assert error.rule == "credential-wrong-plaintext"


def test_another_cipher_is_an_algorithm_fault(spec):
    key = Recipe(cipher="aes-256-gcm", encoding="utf8")
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = b"made up once"
    made = ChaCha20Poly1305(TEXT.encode()).encrypt(nonce, PLAIN, b"")
    layout = {"cipher": "aes-256-gcm", "layout": ["iv:12", "ciphertext", "tag:16"]}
    with pytest.raises(credentials.AlgorithmFault) as caught:
        credentials.open(nonce + made, key=key, text=TEXT, envelope=layout, variable="KEY")
    assert "encrypted with chacha20-poly1305, but the spec says aes-256-gcm" in caught.value.message


@pytest.mark.parametrize(
    ("data", "column", "said"),
    [
        (None, "secret", "mpesa.secret, row 3: NULL, but a ciphertext is expected"),
        (sealed(), "bound", "the row lacks id, which the ciphertext is bound to"),
        (17, "secret", "a ciphertext is bytes or text, not int"),
    ],
)
def test_a_row_with_nothing_to_open_is_a_database_fault(spec, data, column, said):
    row = {} if column == "bound" else {"id": 3}
    error = fault(spec, data, column, row=row)
    assert type(error) is credentials.DatabaseFault
    assert said in error.message
    assert error.remedy


def test_a_key_that_is_not_set_is_a_key_fault(spec, project):
    project.env("")
    error = fault(spec, sealed())
    assert type(error) is credentials.KeyFault
    assert error.message == "KEY is not set, or empty in production"
    assert error.rule == "variable-missing"


def test_a_key_that_makes_no_key_says_what_would_have_opened(spec, project):
    project.env(f"KEY='\"{TEXT}\"'\n")
    error = fault(spec, sealed())
    assert type(error) is credentials.KeyFault
    assert "the ciphertext needs it without the quotes around it" in error.message


def test_a_text_with_two_causes_tells_both(spec, project):
    project.env(f"KEY={OLD}\nKEY_OLD={TEXT}\n")
    error = fault(spec, json.dumps({"type": "Buffer", "data": list(sealed())}))
    assert type(error) is credentials.KeyFault
    assert "encrypted with KEY_OLD, an earlier key; also: stored as a JSON Buffer" in error.message
    assert "Decode what these rows contain (a JSON Buffer)" in error.remedy


def test_a_key_that_was_fixed_in_the_meantime_is_taken(spec, project):
    project.env(f"KEY={OLD}\n")
    assert isinstance(fault(spec, sealed()), credentials.KeyFault)
    project.env(f"KEY={TEXT}\n")
    assert opened(spec, sealed()) == PLAIN
    assert isinstance(fault(spec, sealed(OLD)), credentials.KeyFault)


def test_threads_share_an_opener_while_its_key_is_fixed(spec, project):
    project.env(f"KEY={OLD}\n")
    assert isinstance(fault(spec, sealed()), credentials.KeyFault)
    project.env(f"KEY={TEXT}\n")
    cells = [sealed()] * 200
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda cell: opened(spec, cell), cells)) == {PLAIN}


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"environment": "prod"}, "prod is not an environment"),
        ({"credential": "mpsa"}, "mpsa is not a credential of the spec: did you mean mpesa?"),
        ({"column": "secrt"}, "secrt is not a column of mpesa of the spec: did you mean secret?"),
    ],
)
def test_names_that_are_not_there_are_usage_errors(spec, how, said):
    with pytest.raises(UsageError, match="is not a") as caught:
        opened(spec, sealed(), **{"column": "secret", **how})
    assert said in caught.value.message


def test_all_may_be_given_without_a_spec():
    assert credentials.open(sealed(), key=HEX, text=TEXT, envelope=LAYOUT) == PLAIN
    assert credentials.open(sealed(), key=HEX, text=assay.Secret(TEXT), envelope=LAYOUT) == PLAIN
    bound = sealed(aad=b"9")
    assert credentials.open(bound, key=HEX, text=TEXT, envelope=LAYOUT, aad=b"9") == PLAIN


def test_what_is_given_without_a_spec_is_explained_too():
    with pytest.raises(credentials.KeyFault) as caught:
        credentials.open(sealed(OLD), key=HEX, text=TEXT, envelope=LAYOUT, previous={"OLD": OLD})
    assert caught.value.message == "encrypted with OLD, an earlier key"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"envelope": "nope"}, "there is no such envelope"),
        ({"envelope": {"cipher": "nope"}}, "there is no such envelope"),
        ({"key": "aes-128-gcm"}, "key says how a key is made: expected a Recipe, not str"),
        ({"text": TEXT.encode()}, "text is the text of a variable, not bytes"),
        ({"aad": "row 9"}, "aad is bytes, not str"),
    ],
)
def test_an_argument_that_is_none_is_a_usage_error(how, said):
    given: Any = {"key": HEX, "text": TEXT, "envelope": LAYOUT, **how}
    with pytest.raises(UsageError) as caught:
        credentials.open(sealed(), **given)
    assert caught.value.message == said
    assert caught.value.remedy
    assert caught.value.__context__ is None


def test_a_text_that_the_process_does_not_have_is_a_key_fault():
    given: Any = {"text": os.environ.get("NO_SUCH_VARIABLE_OF_OURS"), "variable": "KMS_KEY"}
    with pytest.raises(credentials.KeyFault) as caught:
        credentials.opener(key=HEX, envelope=LAYOUT, **given)
    assert caught.value.message == "KMS_KEY is not set"


def test_what_needs_a_library_that_is_missing_is_an_algorithm_fault(monkeypatch):
    monkeypatch.setitem(sys.modules, "nacl", None)
    monkeypatch.setitem(sys.modules, "nacl.bindings", None)
    recipe = Recipe(cipher="secretbox", encoding="utf8")
    with pytest.raises(credentials.AlgorithmFault) as caught:
        credentials.open(bytes(60), key=recipe, text=TEXT, envelope="secretbox")
    assert caught.value.remedy == "Run `pip install 'assay[envelopes]'`, then check again."
    assert caught.value.__context__ is None


def test_type_checkers_refuse_what_openers_do_not_take():
    with pytest.raises(TypeError, match="environmnt"):
        credentials.opener(environmnt="x", credential="mpesa", column="secret")  # type: ignore[call-overload]


def test_an_opener_is_made_once_and_shows_nothing():
    key = Fernet.generate_key().decode()
    recipe = Recipe(cipher="fernet", encoding="base64url")
    made = credentials.opener(key=recipe, text=key, envelope="fernet")
    assert made.open(Fernet(key).encrypt(PLAIN)) == PLAIN
    assert key not in repr(made)
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(made)


def test_open_makes_its_opener_once(spec, monkeypatch):
    opened(spec, sealed())
    monkeypatch.setattr("assay.credentials.openers.prepared", None)
    assert opened(spec, sealed()) == PLAIN


def outright(data: Any) -> CredentialError:
    previous = {"OLD": OLD}
    with pytest.raises(CredentialError) as caught:
        credentials.open(data, key=HEX, text=TEXT[:-2] + "00", envelope=LAYOUT, previous=previous)
    return caught.value


def test_an_error_and_its_traceback_hold_no_secret(spec):
    secret = b"9fK2mQ7xT4vL8wR3pZ6y9fK2mQ7xT4vL"
    cases = [
        sealed(OLD, secret),
        sealed(plain=b"short " + secret),
        secret,
        sealed(plain=secret)[:-3],
        sealed(plain=secret).hex(),
    ]
    for data, given in [(data, given) for data in cases for given in (False, True)]:
        error = outright(data) if given else fault(spec, data)
        assert error.__cause__ is None
        assert error.__context__ is None
        trace = traceback.TracebackException.from_exception(error, capture_locals=True)
        own = [
            f"{name}={value}"
            for frame in trace.stack
            if "/src/assay/" in frame.filename
            for name, value in (frame.locals or {}).items()
        ]
        said = "\n".join([str(error), repr(error.args), error.remedy, *error.evidence, *own])
        assert canaries.found([TEXT[:-2], OLD, secret.decode()], said) == []
        assert repr(data) not in said

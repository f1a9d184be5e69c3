"""A key with a typing error in it is found by what the ciphertexts accept, in every envelope."""

from __future__ import annotations

import base64
import hashlib
import os

import pytest
from tests.crypto.autopsy.sealed import KEY, LAYOUTS, PLAIN, TEXT, Written, case, sealed
from tests.crypto.autopsy.test_causes import CBC, FERNET, cbc, cbc_hex, fernet, message

from assay.crypto.accepting import acceptance
from assay.crypto.autopsy import CauseCode, Confidence, Examiner, autopsy, searching
from assay.crypto.autopsy.searching import MISTYPED, Search
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.recipes import Recipe

RAW = LAYOUTS["joined"]
TYPED = TEXT[:20] + "0" + TEXT[21:]
LOST = TEXT[:20] + TEXT[21:]


def secretbox():
    from nacl.secret import SecretBox

    return base64.b64encode(SecretBox(KEY).encrypt(PLAIN))


def jwe():
    import warnings

    from joserfc import jwe as jose
    from joserfc.jwk import OctKey

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        header = {"alg": "dir", "enc": "A256GCM"}
        return jose.encrypt_compact(header, PLAIN, OctKey.import_key(KEY))


def made(written):
    return lambda: written.write(sealed(cipher=written.cipher))


SEALED = {
    **{name: (written, made(written)) for name, written in LAYOUTS.items()},
    "cbc": (CBC, lambda: cbc_hex(*cbc())),
    "secretbox": (
        Written({"format": "secretbox", "encoding": "base64"}, RAW.write, "secretbox"),
        secretbox,
    ),
    "jwe": (Written("jwe", RAW.write), jwe),
}


@pytest.mark.parametrize("text", [TYPED, LOST], ids=["wrong", "lost"])
@pytest.mark.parametrize("name", SEALED)
def test_a_typing_error_is_told_in_every_envelope(name, text):
    written, make = SEALED[name]
    found = autopsy(case(written, text=text), make())
    assert [(one.code, one.case) for one in found] == [(CauseCode.KEY_MISREAD, "mistyped")]
    proven = name != "cbc"
    assert found[0].confidence is (Confidence.PROVEN if proven else Confidence.LIKELY)
    said = " ".join(message(found[0]))
    assert "21st" in said
    assert "one typing error away" in said
    assert "copy the full value of APP_KEY again" in said


def test_a_typing_error_in_a_fernet_key():
    text = base64.urlsafe_b64encode(KEY).decode()
    recipe = Recipe(cipher="fernet", encoding="base64url")
    found = autopsy(case(FERNET, recipe=recipe, text=f"{text[:4]}Q{text[5:]}"), fernet())
    assert found[0].filled["found"] == "with its 5th character different"
    assert found[0].confidence is Confidence.PROVEN


def test_a_typing_error_in_a_passphrase():
    recipe = Recipe(cipher="aes-256-gcm", encoding="utf8", derive="sha256")
    key = hashlib.sha256(b"correct horse battery").digest()
    asked = case(RAW, recipe=recipe, text="correct horse batteri")
    found = autopsy(asked, RAW.write(sealed(key=key)))
    assert found[0].filled["found"] == "with its 21st character different"


def test_a_typing_error_beside_a_wrapper_and_additional_data():
    asked = case(RAW, text=TYPED)
    stored = b"\\x" + RAW.write(sealed(aad=b"bound")).hex().encode()
    found = autopsy(asked, stored, b"bound")
    assert [one.code for one in found] == [CauseCode.KEY_MISREAD, CauseCode.WRAPPED]
    assert found[0].case == "mistyped"


def counted(monkeypatch, name):
    """The calls of a function that the search uses."""
    calls = []
    search = getattr(searching, name)

    def called(*given):
        calls.append(given)
        return search(*given)

    monkeypatch.setattr(searching, name, called)
    return calls


@pytest.mark.parametrize("text", [TYPED, LOST], ids=["wrong", "lost"])
def test_what_was_found_opens_the_other_rows(text, monkeypatch):
    searched = counted(monkeypatch, "mistyped")
    examiner = Examiner(case(RAW, text=text), "secret")
    rows = [RAW.write(sealed()) for _ in range(200)]
    examiner.add(rows, [(str(at),) for at in range(len(rows))])
    (cluster,) = examiner.census().clusters
    assert (cluster.cause.code, cluster.cause.case) == (CauseCode.KEY_MISREAD, "mistyped")
    assert cluster.count == len(rows)
    assert len(searched) == 1


def test_a_column_in_which_no_typing_error_is_found_is_not_searched_for_long(monkeypatch):
    asked = counted(monkeypatch, "mistyped")
    examiner = Examiner(case(RAW), "secret")
    rows = [RAW.write(sealed(key=os.urandom(32))) for _ in range(20)]
    examiner.add(rows, [(str(at),) for at in range(len(rows))])
    (cluster,) = examiner.census().clusters
    assert cluster.cause.code is CauseCode.KEY_UNKNOWN
    assert MISTYPED <= len(asked) <= 2 * MISTYPED  # noise may look wrapped


def test_a_short_text_of_a_block_cipher_is_not_taken_for_one_of_a_thousand_keys():
    """Fourteen readable bytes are what chance makes of one key in some thousands."""
    asked = case(CBC, text=TYPED)
    stored = cbc_hex(*cbc(plain=b"fourteen bytes"))
    assert autopsy(asked, stored)[0].code is CauseCode.KEY_UNKNOWN


def test_what_takes_long_or_has_another_form_is_not_accepted_at_all():
    for name, data in (("cryptr", b"00" * 130), ("node-gcm-hex", b"no hex"), ("age", b"age")):
        assert acceptance(ENVELOPES.parse(name), "aes-256-gcm", data, b"") is None


@pytest.mark.parametrize(
    ("name", "cipher"),
    [("node-gcm-hex", "aes-256-gcm"), ("node-cbc-hex", "aes-256-cbc"), ("fernet", "fernet")],
)
def test_a_key_of_another_size_is_refused_in_silence(name, cipher):
    written = {
        "node-gcm-hex": LAYOUTS["hex"].write(sealed()),
        "node-cbc-hex": cbc_hex(*cbc()).encode(),
        "fernet": fernet(),
    }
    accepts = acceptance(ENVELOPES.parse(name), cipher, written[name], b"")
    assert accepts
    assert not accepts(b"short")
    assert accepts(KEY)


def test_an_envelope_that_derives_for_each_key_is_left_in_time(monkeypatch):
    """Old Rails signs with a key of its own, which takes some hundredths of a second."""
    moments = iter([0.0, 0.0, 0.0, *[9.0] * 2000])
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    tried = []

    def accepts(key):
        tried.append(key)
        return False

    monkeypatch.setattr("assay.crypto.autopsy.mistyping.acceptance", lambda *_: accepts)
    assert Search(case(RAW, text=TYPED)).mistyped_hit(specimen()) is None
    assert len(tried) == 2


def specimen():
    from assay.crypto.autopsy.transports import Payload
    from assay.crypto.autopsy.ways import Specimen

    return Specimen([Payload(RAW.write(sealed()))], b"", ())

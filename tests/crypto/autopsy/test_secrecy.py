"""Nothing that the autopsy gives back, or shows, holds a key, a plaintext or a ciphertext."""

from __future__ import annotations

import base64
import copy
import gc
import json
import os
import pickle
import traceback

import msgspec
import pytest
from tests.crypto.autopsy.sealed import LAYOUTS, case, sealed
from tests.crypto.autopsy.test_causes import FAULTS, OTHER, PHRASE, message

from assay.crypto.autopsy import Case, autopsy
from assay.crypto.autopsy.diagnosing import Effort, examined
from assay.crypto.autopsy.searching import Search

PLAINTEXT = "CANARYplaintextCANARY"


def spelt(secret):
    """How a secret may be written by whoever does not mean to show it."""
    raw = secret if isinstance(secret, bytes) else secret.encode(errors="surrogatepass")
    texts = {raw.hex(), base64.b64encode(raw).decode().rstrip("="), repr(raw)[2:-1]}
    texts.add(raw.decode("latin-1"))
    return {text for text in texts if len(text) >= 8}


def shown(thing):
    """Every way to look at a value that was returned."""
    yield repr(thing)
    yield str(thing)
    yield msgspec.json.encode(thing).decode()
    yield pickle.dumps(thing).decode("latin-1")
    yield json.dumps(msgspec.to_builtins(thing))


def leaks(thing, *secrets):
    texts = list(shown(thing))
    return [
        text for secret in secrets for text in spelt(secret) if any(text in one for one in texts)
    ]


@pytest.mark.parametrize("fault", [pytest.param(one, id=name) for name, one in FAULTS.items()])
def test_no_explanation_shows_a_secret(fault):
    asked = case(fault.written, **fault.changes)
    stored = fault.stored()
    found = autopsy(asked, stored, fault.aad, ("9", "3"))
    texts = [asked.text, PHRASE, OTHER, *asked.previous.values(), *asked.suspects.values()]
    secrets = [text for text in (*texts, PLAINTEXT) if text]
    secrets += [salt for salt in asked.salts.values() if salt]
    known = fault.code in {"placeholder", "empty", "too-large"}
    secrets += [] if known else [stored[:40]]
    assert leaks(found, *secrets) == []
    said = "".join(part for one in found for part in message(one))
    assert not any(text in said for secret in secrets for text in spelt(secret))


def test_what_works_inside_shows_nothing_either():
    asked = case(LAYOUTS["joined"], previous={"OLD": OTHER.hex()})
    search = Search(asked)
    stored = LAYOUTS["joined"].write(sealed())
    verdict = examined(search, b"\\x" + stored.hex().encode(), b"", ("1",), Effort())
    assert verdict.way is not None
    texts = [repr(verdict), repr(search.declared), repr(search.quick), repr(search.guessed)]
    secrets = spelt(asked.text) | spelt(bytes.fromhex(asked.text)) | spelt(OTHER)
    assert not any(secret in text for secret in secrets for text in texts)


def test_a_case_does_not_leave_its_process():
    asked = case(LAYOUTS["joined"])
    for leave in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="never") as raised:
            leave(asked)
        assert asked.text not in "".join(traceback.format_exception(raised.value))


def test_no_key_outlives_the_examination():
    """What was derived is let go of with the search; nothing is kept for the process."""
    key = os.urandom(32)
    stored = LAYOUTS["joined"].write(sealed(key=key))
    assert autopsy(case(LAYOUTS["joined"], text=key.hex()), stored) == ()
    gc.collect()
    held = [one for one in gc.get_objects() if isinstance(one, Case)]
    assert not [one for one in held if one.text == key.hex()]

"""The screen calls good keys clean; `tests/properties` holds that the engine passes them."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from assay.screen import judge
from assay.screen.remembered import load_and_remember

if TYPE_CHECKING:
    from tests.project import Project

CIPHERS = {"aes-128-gcm": 16, "aes-256-gcm": 32, "aes-192-cbc": 24, "hmac-sha256": 40}


@pytest.mark.parametrize("encoding", ["hex", "base64", "base64url"])
@pytest.mark.parametrize("type_", ["text", "same"])
@pytest.mark.parametrize(("cipher", "size"), CIPHERS.items())
def test_random_keys_are_called_clean(
    project: Project, encoding: str, type_: str, cipher: str, size: int
) -> None:
    raw = Random(size).randbytes(size)
    text = {
        "hex": raw.hex(),
        "base64": base64.b64encode(raw).decode(),
        "base64url": base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }[encoding]
    declared = {"secret": True, "type": encoding if type_ == "same" else type_}
    key = {"variable": "KEY", "cipher": cipher, "encoding": encoding}
    project.spec(
        json.dumps({"assay": 1, "variables": {"KEY": declared}, "keys": {"k": key}}).encode()
    )
    project.env(f"KEY={text}\n")
    with contextlib.chdir(project.folder):
        spec, plan = load_and_remember(None, os.getcwd())
        assert judge.clean(plan, spec.root, [os.path.join(spec.root, ".env")])


@pytest.mark.parametrize(
    "more",
    [
        {"check-value": "0123456789ab"},
        {"check-value": {"default": "0123456789ab"}},
        {"derive": "sha256"},
        {"prefix": "x"},
        {"encoding": "utf8"},
        {"sealed": [{"ciphertext": "00" * 40, "plaintext": "ok"}]},
    ],
)
def test_what_proves_or_derives_a_key_is_left_to_the_engine(
    project: Project, more: dict[str, Any]
) -> None:
    key = {"variable": "KEY", "cipher": "aes-256-gcm", "encoding": "hex", **more}
    data = {"assay": 1, "variables": {"KEY": {"secret": True}}, "keys": {"k": key}}
    project.spec(json.dumps(data).encode())
    project.env(f"KEY={Random(3).randbytes(32).hex()}\n")
    with contextlib.chdir(project.folder):
        spec, plan = load_and_remember(None, os.getcwd())
        assert not judge.clean(plan, spec.root, [os.path.join(spec.root, ".env")])

"""The screen calls good keys clean, and none that the engine complains of."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from random import Random
from typing import Any

import pytest
from tests.project import Project
from tests.properties import worlds
from tests.properties.test_screen_agrees import by_engine

from assay.screen import judge, keys
from assay.screen.remembered import load_and_remember

CIPHERS = {"aes-128-gcm": 16, "aes-256-gcm": 32, "aes-192-cbc": 24, "hmac-sha256": 40}


def made(rng: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """A spec with one key, and the key."""
    encoding = rng.choice(["hex", "base64", "base64url"])
    key: dict[str, Any] = {
        "variable": "KEY",
        "cipher": rng.choice(sorted(CIPHERS)),
        "encoding": encoding,
    }
    variable: dict[str, Any] = {"secret": True, "type": rng.choice([encoding, "text"])}
    if variable["type"] == "base64url" and rng.random() < 0.5:
        variable["padding"] = rng.choice(["required", "forbidden"])
    odd = (("decoder", "node"), ("derive", "sha256"), ("prefix", "k1."))
    key.update({field: value for field, value in odd if rng.random() < 0.1})
    source = [{"dotenv": ".env"}]
    data: dict[str, Any] = {
        "assay": 1,
        "variables": {"KEY": variable},
        "environments": {"dev": {"values": source}, "prod": {"live": True, "values": source}},
        "keys": {"k": key},
    }
    if rng.random() < 0.1:
        data["keys"]["other"] = {**key, "encoding": rng.choice(["hex", "base64", "base64url"])}
        data["variables"]["KEY"] = {"secret": True}
    return data, key


def disagreements(seeds: range) -> list[Any]:
    found = []
    with Project.temporary() as project, contextlib.chdir(project.folder):
        for seed in seeds:
            rng = Random(seed)
            data, key = made(rng)
            project.spec(json.dumps(data).encode())
            spec, plan = load_and_remember(None, os.getcwd())
            for _ in range(6):
                text = worlds.key_text(rng, key)
                project.env(f"KEY={text}\n")
                path = os.path.join(spec.root, ".env")
                if judge.clean(plan, spec.root, [path]) and by_engine(project, [".env"], None):
                    found.append((data, text))
    return found


def test_what_the_screen_calls_a_good_key_the_engine_passes() -> None:
    assert disagreements(range(150)) == []


@pytest.mark.parametrize("broken", ["_random", "_decoded"])
def test_a_screen_without_one_of_its_judgements_would_be_caught(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lenient = {"_random": lambda _: True, "_decoded": lambda *_: Random(1).randbytes(40)}
    monkeypatch.setattr(keys, broken, lenient[broken])
    assert disagreements(range(60)) != []


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

"""A snapshot compares as the live environment would, and gives nothing away without its pepper."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from tests.project import Project
from tests.properties import canaries

from assay import dotenv
from assay.comparison import Pepper

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = st.integers(0, 2**32 - 1)
NAMES = ("HOST", "TOKEN", "MODE", "PORT", "SEAL")
WEAK = ("1", "on", "true", "admin", "password", "changeme", "localhost", "3000", "hunter2", "eu")
"""Values that any dictionary holds."""
PEPPER = {"ASSAY_PEPPER": "8f1c2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce1430"}
OTHER = {"ASSAY_PEPPER": "17aa2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce1430"}
KEYS = ("8f1c2d7be04a95632fd1c07ab89e3465", "8F1C2D7BE04A95632FD1C07AB89E3465", "00" * 15 + "zz")


def spec(rng: Random) -> dict[str, Any]:
    """Variables and a key of any parity, and entries that ask more."""
    words = ["same", "different", "shape", "any"]
    variables: dict[str, Any] = {}
    for name in NAMES:
        made: dict[str, Any] = {"required": False, "parity": rng.choice(words)}
        if rng.random() < 0.3:
            made["default"] = rng.choice(WEAK)
        if rng.random() < 0.2:
            made["only-in"] = rng.sample(["a", "b"], 1)
        made["allow-empty"] = rng.random() < 0.3
        made["secret"] = rng.random() < 0.5
        variables[name] = made
    variables["SEAL"] = {"required": False, "secret": True}
    key = {"variable": "SEAL", "cipher": "aes-128-gcm", "encoding": "hex"}
    entry = {"between": ["a", "b"], "variables": {"default": rng.choice(words)}}
    return {
        "assay": 1,
        "environments": {n: {"values": [{"dotenv": f"{n}.env"}]} for n in "ab"},
        "variables": variables,
        "keys": {"seal": {**key, "parity": rng.choice(["same", "different", "any"])}},
        "parity": {"entry": entry} if rng.random() < 0.5 else {},
    }


def environment(rng: Random) -> dict[str, str]:
    """Weak values, so that they are often shared; now and then a secret that nobody knows."""
    names = [name for name in (*NAMES, "STRAY") if rng.random() < 0.8]
    found = {name: rng.choice(["", *WEAK, f"x{rng.random()}"]) for name in names}
    if "SEAL" in found:
        found["SEAL"] = rng.choice(KEYS)
    return found


def laid(project: Project, data: dict[str, Any], environments: dict[str, dict[str, str]]) -> None:
    project.spec(json.dumps(data).encode())
    for name, values in environments.items():
        lines = [f"{key}={dotenv.quote(value, 'node')}\n" for key, value in values.items()]
        project.env("#\n" + "".join(lines), f"{name}.env")


def compared(project: Project, *sides: str) -> tuple[Any, ...]:
    """What a comparison comes to, whatever its columns are called."""
    ran = project.run("diff", *sides, "--matching", "--format", "json", environ=PEPPER)
    assert ran.code in (0, 1, 3), ran.err
    found = json.loads(ran.out)
    rows = [
        (
            row["name"],
            row["kind"],
            row["agree"],
            [cell["state"] for cell in row["cells"].values()],
            [cell["group"] for cell in row["cells"].values()],
            [(d["demand"], d["verdict"]) for d in row["demands"]],
        )
        for row in found["rows"]
    ]
    return ran.code, rows


@settings(phases=[Phase.reuse, Phase.generate], max_examples=max(25, settings().max_examples // 6))
@given(SEEDS)
def test_a_snapshot_compares_as_the_live_environment_would(seed):
    rng = Random(seed)
    with Project.temporary() as project:
        laid(project, spec(rng), {"a": environment(rng), "b": environment(rng)})
        live = compared(project, "a", "b")
        assert project.run("snapshot", "-o", "all.json", environ=PEPPER).code == 0
        assert compared(project, "a", "all.json:b") == live
        assert compared(project, "all.json:a", "b") == live
        assert compared(project, "all.json") == live
        code, rows = compared(project, "b", "all.json:b")
        known = [row for row in rows if "unreadable" not in row[3]]
        assert code == (0 if known == rows else 3)
        assert all(row[2] for row in known), "an environment agrees with its own snapshot"


@settings(phases=[Phase.reuse, Phase.generate])
@given(SEEDS)
def test_diff_and_check_agree_on_what_is_broken(seed):
    rng = Random(seed)
    with Project.temporary() as project:
        laid(project, spec(rng), {"a": environment(rng), "b": environment(rng)})
        ran = project.run("check", "--only", "parity", "--format", "json")
        assume("parity selects nothing" not in ran.err)
        found = json.loads(ran.out)
        judged = {
            f["subject"]: f["outcome"]
            for f in found["findings"]
            if f["kind"] == "parity" and f["outcome"] in ("pass", "fail")
        }
        _, rows = compared(project, "a", "b")
        shown = {
            row[0]: "pass" if row[5][0][1] == "holds" else "fail"
            for row in rows
            if row[5] and row[0] in judged
        }
        assert shown == judged


def guesses(environments: dict[str, dict[str, str]], data: dict[str, Any]) -> Iterator[str]:
    """What somebody with a dictionary, the spec and our source code would try."""
    words = {*WEAK, *KEYS, *(v for values in environments.values() for v in values.values())}
    names = [*data["variables"], *data["keys"], "STRAY"]
    for word in words:
        raws = [word.encode()]
        if set(word) <= set("0123456789abcdefABCDEF") and len(word) % 2 == 0:
            raws.append(bytes.fromhex(word))
        for raw in raws:
            texts = [raw]
            for name in names:
                label = name.encode()
                texts += [label + raw, label + b"\0" + raw, label + b"=" + raw]
                for sort in (b"variable", b"key"):
                    texts.append(b"assay %s 1\0%d\0%s%s" % (sort, len(label), label, raw))
            for text in texts:
                for algorithm in ("sha256", "sha3_256", "blake2s"):
                    yield hashlib.new(algorithm, text).hexdigest()
                for key in (b"", bytes(32), b"assay", b"assay pepper id 1"):
                    yield hmac.digest(key, text, "sha256").hex()


def digests(text: str) -> set[str]:
    environments = json.loads(text)["environments"].values()
    entries = [
        e for one in environments for e in (*one["variables"].values(), *one["keys"].values())
    ]
    return {entry["digest"] for entry in entries if "digest" in entry}


def guessed(seed: int) -> set[str]:
    """The digests of a snapshot that can be found offline without the pepper."""
    rng = Random(seed)
    data, environments = spec(rng), {"a": environment(rng), "b": environment(rng)}
    with Project.temporary() as project:
        laid(project, data, environments)
        ran = project.run("snapshot", environ=PEPPER)
        assert ran.code == 0
        found = digests(ran.out)
        other = digests(project.run("snapshot", environ=OTHER).out)
        return found & ({*guesses(environments, data)} | other)


@settings(phases=[Phase.reuse, Phase.generate], max_examples=max(15, settings().max_examples // 12))
@given(SEEDS)
def test_no_value_of_any_strength_can_be_guessed_without_the_pepper(seed):
    assert guessed(seed) == set()


def test_this_suite_would_notice_if_the_pepper_were_left_out(monkeypatch):
    def bare(self: Pepper, sort: str, name: str, value: bytes) -> str:
        label = name.encode()
        text = b"assay %s 1\0%d\0%s%s" % (sort.encode(), len(label), label, value)
        return hashlib.sha256(text).hexdigest()

    monkeypatch.setattr(Pepper, "digest", bare)
    assert guessed(1) != set()


def test_this_suite_would_notice_if_the_pepper_were_always_the_same(monkeypatch):
    digest = Pepper.digest
    fixed = Pepper(b"p" * 32, "p")
    monkeypatch.setattr(Pepper, "digest", lambda _, *args: digest(fixed, *args))
    assert guessed(1) != set()


@settings(phases=[Phase.reuse, Phase.generate], max_examples=max(15, settings().max_examples // 12))
@given(SEEDS)
def test_a_snapshot_holds_no_value_in_any_guise_and_no_length(seed):
    rng = Random(seed)
    secret = base64.b64encode(rng.randbytes(rng.randint(18, 60))).decode()
    values = {"TOKEN": secret, "STRAY": secret[::-1], "HOST": secret[3:], "SEAL": KEYS[0]}
    with Project.temporary() as project:
        data = spec(rng)
        laid(project, data, {"a": values, "b": {}})
        first = project.run("snapshot", environ=PEPPER).out
        assert canaries.found([*values.values(), PEPPER["ASSAY_PEPPER"]], first) == []
        longer = {name: value + "x" * 9 for name, value in values.items()}
        laid(project, data, {"a": {**longer, "SEAL": KEYS[0]}, "b": {}})
        second = project.run("snapshot", environ=PEPPER).out
        assert len(first) == len(second), "nothing in it grows with a value"


@pytest.mark.parametrize("value", WEAK)
def test_equal_values_of_different_names_do_not_show(value):
    with Project.temporary() as project:
        project.spec("variables: {A: {secret: true}, B: {secret: true}}")
        project.env(f"A={value}\nB={value}\n")
        assert len(digests(project.run("snapshot", environ=PEPPER).out)) == 2

"""Random texts, read by this package and by the real parsers that are installed."""

import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.dotenv import generated

from assay import dotenv

HERE = Path(__file__).parent
COUNT = int(os.environ.get("ASSAY_PEER_TEXTS", "300"))
INSTALL = "npm install --prefix DIR dotenv@18 @next/env, and set ASSAY_PEERS=DIR"


def texts(*, odd):
    return [generated.text(seed, odd=odd) for seed in range(COUNT)]


def mine(text, dialect):
    try:
        return list(dotenv.loads(text, dialect).items())
    except dotenv.DotenvError:
        return None


def missing(command):
    if os.environ.get("CI"):
        pytest.fail(f"a peer is missing: {command}")
    pytest.skip(command)


@pytest.fixture(scope="module")
def node_reads(tmp_path_factory):
    root = str(Path(os.environ.get("ASSAY_PEERS", "")).resolve())
    if not shutil.which("node") or not (Path(root) / "node_modules" / "dotenv").is_dir():
        missing(INSTALL)
    cases = texts(odd=False) + texts(odd=True)
    # a value that contains itself makes @next/env run out of memory
    cases = [text for text in cases if mine(text, "next") is not None]
    folder = tmp_path_factory.mktemp("node")
    (folder / "in").write_text(json.dumps(cases), encoding="utf-8")
    script = f"node '{HERE}/peer_node.cjs' '{root}' in out"
    subprocess.run(["sh", "-c", script], cwd=folder, check=True)
    return list(zip(cases, json.loads((folder / "out").read_text(encoding="utf-8")), strict=True))


@pytest.mark.parametrize("dialect", ["node", "node20", "next"])
def test_node_parsers_agree(node_reads, dialect):
    for text, made in node_reads:
        expected = made[dialect]
        assert mine(text, dialect) == [tuple(pair) for pair in expected], text


def test_python_dotenv_agrees():
    real = pytest.importorskip("dotenv", reason="pip install 'python-dotenv>=1.2'")
    for text in texts(odd=False) + texts(odd=True):
        expected = real.dotenv_values(stream=io.StringIO(text, newline=""))
        names = dict.fromkeys(expected)
        if names.keys() & os.environ.keys():
            continue
        assert mine(text, "python") == list(expected.items()), text


# What depends on the process, or does more than set variables, is not compared.
UNJUDGED = re.compile(r"[`&|<>;()~\0]|\$[$0-9!\-@*#?_]|\$\{[_0-9]|\$\{[^}]*[%#]")


def test_dash_agrees(tmp_path):
    dash, env = shutil.which("dash") or "", shutil.which("env") or ""
    if not dash or not env:
        missing("apt-get install dash")
    for text in texts(odd=False) + texts(odd=True):
        if UNJUDGED.search(text):
            continue
        (tmp_path / "f").write_bytes(text.encode())
        command = f"set -a; . ./f >/dev/null && {env} -0"
        done = subprocess.run(
            [dash, "-c", command], cwd=tmp_path, env={"PATH": "/nonexistent"},
            capture_output=True, check=False,
        )  # fmt: skip
        expected = None
        if done.returncode == 0:
            pairs = [item.split("=", 1) for item in done.stdout.decode().split("\0") if item]
            kept = {n: v for n, v in pairs if n not in {"PATH", "PWD", "OLDPWD", "_"}}
            expected = kept
        got = mine(text, "shell")
        assert (None if got is None else dict(got)) == expected, text

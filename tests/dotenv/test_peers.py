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
INSTALL = "make peers, or npm install --prefix DIR {}, and set ASSAY_PEERS=DIR"


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


def installed(*packages):
    """The folder with these packages of npm."""
    root = Path(os.environ.get("ASSAY_PEERS", "")).resolve()
    lacking = [name for name in packages if not (root / "node_modules" / name).is_dir()]
    if lacking or not shutil.which("node"):
        missing(INSTALL.format(" ".join(packages)))
    return str(root)


def read_by(command, cases, folder):
    """What a program makes of texts that it is given in a file."""
    (folder / "in").write_text(json.dumps(cases), encoding="utf-8")
    subprocess.run(["sh", "-c", f"{command} in out"], cwd=folder, check=True)
    return json.loads((folder / "out").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def node_reads(tmp_path_factory):
    root = installed("dotenv", "@next/env")
    cases = texts(odd=False) + texts(odd=True)
    # a value that contains itself makes @next/env run out of memory
    cases = [text for text in cases if mine(text, "next") is not None]
    folder = tmp_path_factory.mktemp("node")
    read = read_by(f"node '{HERE}/peer_node.cjs' '{root}'", cases, folder)
    return list(zip(cases, read, strict=True))


@pytest.mark.parametrize("dialect", ["node", "node20", "next"])
def test_node_parsers_agree(node_reads, dialect):
    for text, made in node_reads:
        expected = made[dialect]
        assert mine(text, dialect) == [tuple(pair) for pair in expected], text


def readable(text, *dialects):
    """Whether none refuses a text; values that refer to each other without an end hang some."""
    return all(mine(text, dialect) is not None for dialect in dialects)


@pytest.mark.parametrize("dialect", ["dotenv-expand", "vite", "nuxt"])
def test_expanding_loaders_of_node_agree(dialect, tmp_path):
    root = installed("dotenv", "dotenv-expand", "vite", "c12")
    cases = texts(odd=False) + texts(odd=True)
    cases += [generated.references(seed) for seed in range(COUNT)]
    cases = [text for text in cases if readable(text, dialect)]
    read = read_by(f"node '{HERE}/peer_expand.mjs' '{root}' {dialect}", cases, tmp_path)
    for text, expected in zip(cases, read, strict=True):
        assert dict(mine(text, dialect)) == expected, text


def test_dotenvx_agrees(tmp_path):
    root = installed("@dotenvx/dotenvx")
    cases = [[text] for text in texts(odd=False) + texts(odd=True)]
    cases += [generated.files(seed) for seed in range(COUNT)]
    cases = [some for some in cases if not any("$(" in text for text in some)]  # it runs those
    cases = [some for some in cases if together(some, "dotenvx") is not None]
    read = read_by(f"node '{HERE}/peer_layers.mjs' '{root}' dotenvx", cases, tmp_path)
    for some, expected in zip(cases, read, strict=True):
        assert together(some, "dotenvx") == expected, some


def together(texts, dialect):
    """What an application sees that reads these files; None if one is refused."""
    seen: dict[str, str | None] = {}
    for document in dotenv.parse_layers(texts, dialect):
        if document.errors:
            return None
        seen |= document.values
    return seen


@pytest.mark.parametrize("dialect", ["dotenv-expand", "vite", "nuxt", "next"])
def test_loaders_of_node_agree_on_several_files(dialect, tmp_path):
    root = installed("dotenv", "dotenv-expand", "vite", "c12", "@next/env")
    cases = [generated.files(seed) for seed in range(COUNT)]
    cases = [texts for texts in cases if together(texts, dialect) is not None]
    read = read_by(f"node '{HERE}/peer_layers.mjs' '{root}' {dialect}", cases, tmp_path)
    for texts, expected in zip(cases, read, strict=True):
        assert together(texts, dialect) == expected, texts


def test_bun_agrees_on_several_files(tmp_path):
    bun = Path(installed("bun")) / "node_modules" / "bun" / "bin" / "bun.exe"
    script = "process.stdout.write(JSON.stringify(process.env))"
    for seed in range(40):
        texts = generated.files(seed)[:3]
        for name in (".env", ".env.development", ".env.local"):
            text = texts.pop(0) if texts else ""
            (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        done = subprocess.run(
            [bun, "-e", script], cwd=tmp_path, env={"HOME": "/"}, capture_output=True, check=True
        )
        expected = json.loads(done.stdout)
        made = {"HOME": "/", **together(generated.files(seed)[:3], "bun")}
        assert made == {name: expected[name] for name in expected.keys() & {*made, "A", "B"}}


def test_bun_agrees(tmp_path):
    bun = Path(installed("bun")) / "node_modules" / "bun" / "bin" / "bun.exe"
    script = "process.stdout.write(JSON.stringify(process.env))"
    cases = [*texts(odd=False)[:40], *map(generated.references, range(40))]
    for text in cases:
        (tmp_path / ".env").write_text(text, encoding="utf-8", newline="")
        done = subprocess.run(
            [bun, "-e", script], cwd=tmp_path, env={"HOME": "/"}, capture_output=True, check=True
        )
        expected = json.loads(done.stdout)
        made = {"HOME": "/", **dict(mine(text, "bun"))}
        assert made == {name: expected[name] for name in expected.keys() & {*made, "A", "B"}}, text


@pytest.mark.parametrize(
    ("dialect", "folder"), [("php", "Dotenv"), ("symfony", "Symfony/Component/Dotenv")]
)
def test_loaders_of_php_agree(dialect, folder, tmp_path):
    if not shutil.which("php") or not (Path("/usr/share/php") / folder).is_dir():
        missing("apt-get install php-cli php-mbstring php-vlucas-phpdotenv php-symfony-dotenv")
    cases = texts(odd=False) + texts(odd=True)
    cases += [generated.references(seed) for seed in range(COUNT)]
    if (
        dialect == "symfony"
    ):  # it would run commands, and refuses the mark only where it reads files
        cases = [text for text in cases if "$(" not in text and not text.startswith("\ufeff")]
    for text, expected in zip(
        cases, read_by(f"php '{HERE}/peer_{dialect}.php'", cases, tmp_path), strict=True
    ):
        made = mine(text, dialect)
        assert (None if made is None else [list(pair) for pair in made]) == expected, text


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

"""Odd surroundings of a process end with a message, and never as a bug."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from assay.spec.merging import LONGEST_CHAIN

SPEC = """\
environments: {dev: {values: [{dotenv: .env}]}}
variables: {PORT: {type: port}}
documents: {döc.md: environment-reference}
"""
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(autouse=True)
def _good_project(project):
    project.spec(SPEC)
    project.env("PORT=80\n")


def test_python_without_docstrings_is_enough(project):
    commands = [
        *(["check"], ["lint"], ["schema"], ["schema", "--tests"], ["explain"], ["hook", ".env"]),
        *(["explain", "variable-missing"], ["--help"], ["check", "--help"], ["docs", "--check"]),
        *(["docs", "--stdout"], ["init", "--help"], ["completion", "bash"], ["diff", "dev"]),
        *(["docs", "--as", kind] for kind in ("runbook", "python", "typescript", "setup-guide")),
    ]
    code = f"from assay.cli import main\nprint([main(one) for one in {commands}])"
    ran = subprocess.run(
        [sys.executable, "-OO", "-c", code], cwd=project.folder, capture_output=True, check=True
    )
    assert b"a bug in assay" not in ran.stderr
    codes = json.loads(ran.stdout.splitlines()[-1])
    assert len(codes) == len(commands)
    assert {*codes} <= {0, 1, 2}, [*zip(commands, codes, strict=True)]


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are POSIX's")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    "command", ["hook -", "check", "lint", "lint --spec -", "docs --check", "explain", "--help"]
)
def test_a_stream_that_is_closed_is_no_bug(project, closed, command):
    script = f"{sys.executable} -m assay {command} {closed}"
    ran = subprocess.run(
        ["/bin/sh", "-c", script], cwd=project.folder, capture_output=True, check=False, input=b""
    )
    assert ran.returncode in (0, 1, 2)
    assert b"Traceback" not in ran.stderr
    assert b"a bug in assay" not in ran.stderr
    if "-" in command.split() and closed == "<&-":
        assert ran.returncode == 2
        assert b"standard input is closed" in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="locales are POSIX's")
@pytest.mark.parametrize(
    "command",
    [
        *(["docs"], ["docs", "--check"], ["docs", "--list"], ["docs", "--stdout"], ["lint"]),
        *(["docs", "döc.md"], ["check", "dév"], ["hook", "dév.env"], ["lint", "--spec", "dév"]),
        *(["check", "--output", "json=é/x.json"], ["check", "--only", "é"], ["explain", "é"]),
    ],
)
def test_a_locale_that_knows_ascii_alone_is_no_bug(project, command):
    ran = subprocess.run(
        [sys.executable, "-m", "assay", *command],
        cwd=project.folder,
        env={**os.environ, **ASCII},
        capture_output=True,
        check=False,
    )
    assert ran.returncode in (0, 1, 2), ran.stderr
    assert b"a bug in assay" not in ran.stderr
    if command == ["docs"]:
        assert b"Set LC_ALL=C.UTF-8" in ran.stderr


def test_a_long_chain_of_imports_is_a_problem_of_the_spec(project):
    for number in range(3000):
        project.write(f"lib/s{number}.yaml", f"assay: 1\nimports: [./s{number + 1}.yaml]\n")
    project.write("lib/s3000.yaml", "assay: 1\n")
    project.spec("imports: [../lib/s0.yaml]\n")
    ran = project.run("lint")
    assert ran.code == 2
    assert ran.out.count("spec-import-missing]") == 1
    assert f"more than {LONGEST_CHAIN} files import each other in a" in ran.out
    assert f"lib/s{LONGEST_CHAIN - 2}.yaml:2" in ran.out


def test_a_chain_of_imports_that_people_write_is_followed(project):
    for number in range(20):
        project.write(f"lib/s{number}.yaml", f"assay: 1\nimports: [./s{number + 1}.yaml]\n")
    project.write("lib/s20.yaml", "assay: 1\nvariables: {A: {}}\n")
    project.spec("imports: [../lib/s0.yaml]\n")
    assert project.run("lint").code == 0


@pytest.mark.parametrize("cipher", ["age", "passphrase", "aes-128-gcm", "a256cbc-hs512", "fernet"])
@pytest.mark.parametrize("options", [["--envelope", "fernet"], []])
def test_a_token_of_fernet_and_a_key_for_something_else_is_no_bug(project, cipher, options):
    from cryptography.fernet import Fernet

    key = Fernet.generate_key()
    token = Fernet(key).encrypt(b"x")
    project.env(f"PORT=80\nK=AGE-SECRET-KEY-1{'Q' * 58}\n")
    for encoding in ("utf8", "hex", "base64"):
        command = ["credentials", "explain", "-", "--variable", "K", "--cipher", cipher]
        ran = project.run(*command, "--encoding", encoding, *options, stdin=token)
        assert ran.code in (1, 2, 3), ran.said

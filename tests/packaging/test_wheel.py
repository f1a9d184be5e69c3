"""The wheel, installed alone in a new environment, is the whole program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from tests.packaging.conftest import ROOT, Installed, clean

from assay.cli.commands import COMMANDS
from assay.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
assay: 1
project: shop
imports: [builtin:supabase]
environments:
  laptop:
    values: [dotenv: .env]
variables:
  PORT: {type: port}
"""
TESTS = """\
assay: 1
tests:
  - name: nothing is set
    findings:
      - variable-missing: [PORT, SUPABASE_URL, SUPABASE_ANON_KEY]
"""
CONSUMER = """\
import assay

def worst(path: str) -> list[tuple[str, str]]:
    spec: assay.Spec = assay.load(path)
    report = assay.run(spec, environments=["laptop"], process={})
    found: tuple[assay.Finding, ...] = report.failures(assay.Severity.WARNING)
    assert report.counts.failed >= 0
    return [(finding.rule, str(finding.location)) for finding in found]

def wrong(report: assay.Report) -> str:
    return report.exit_code()
"""

COMMAND_LINES: list[tuple[list[str], int, str]] = [
    (["check"], 1, "PORT"),
    (["check", "--format", "sarif"], 1, '"version": "2.1.0"'),
    (["check", "--format", "junit"], 1, "<testsuites"),
    (["check", "--format", "json"], 1, '"exit-code": 1'),
    (["check", "--format", "github"], 1, "::error"),
    (["check", "--format", "html"], 1, "<h1><bdi>shop</bdi>: failed</h1>"),
    (["completion", "bash"], 0, "complete"),
    (["completion", "fish"], 0, "complete"),
    (["completion", "zsh"], 0, "compdef"),
    (["credentials", "explain", "--help"], 0, "--envelope"),
    (["diff", "--help"], 0, "--expect"),
    (["docs", "--as", "env-example"], 0, "PORT="),
    (["explain", "variable-missing"], 0, "remedy"),
    (["explain"], 0, "supabase-key-role"),
    (["fix", "laptop"], 1, "PORT"),
    (["hook", ".env"], 1, "PORT"),
    (["init", "--stdout"], 0, "PORT"),
    (["key", "generate", "-q", "--cipher", "fernet", "--encoding", "base64url"], 0, ""),
    (["lint"], 0, "the spec is valid"),
    (["run", "laptop", "--no-check", "--", "env"], 0, "PORT=99999"),
    (["schema"], 0, "supabase-key"),
    (["schema", "--of", "report"], 0, "fingerprint"),
    (["schema", "--of", "tests"], 0, "variable-missing"),
    (["snapshot", "-q"], 0, '"pepper"'),
    (["test"], 0, "1 test passed"),
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with one fault: its port is none."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text(SPEC)
    (tmp_path / ".env").write_text(
        "SUPABASE_URL=https://mpesabillingdemodevl.supabase.co\n"
        "SUPABASE_PUBLISHABLE_KEY=sb_publishable_aXfnEiFJ4pXOfiHl3uCrLM6C\n"
        "PORT=99999\n"
    )
    (tmp_path / "specs" / "tests").mkdir()
    (tmp_path / "specs" / "tests" / "shop.yaml").write_text(TESTS)
    return tmp_path


def test_the_wheel_holds_the_data_and_the_marks_that_it_needs(installed: Installed) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    for spec in (ROOT / "specs").glob("*.yaml"):
        assert f"assay/data/specs/{spec.name}" in names
    assert any(name.startswith("assay/data/templates/") for name in names)
    assert "assay/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    foreign = [n for n in names if not n.startswith(("assay/", f"assay-{__version__}."))]
    assert foreign == []


def test_the_command_is_a_script_that_can_be_started(installed: Installed, tmp_path: Path) -> None:
    assert os.access(installed.script, os.X_OK)
    done = installed.run("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"assay {__version__}\n", "")


def test_python_m_assay_is_the_same(installed: Installed, tmp_path: Path) -> None:
    command = [str(installed.python), "-m", "assay", "--version"]
    done = subprocess.run(command, cwd=tmp_path, env=clean(), capture_output=True, check=True)
    assert done.stdout == f"assay {__version__}\n".encode()


@pytest.mark.parametrize(
    ("argv", "code", "part"), COMMAND_LINES, ids=[" ".join(argv) for argv, _, _ in COMMAND_LINES]
)
def test_every_command_works(
    installed: Installed, shop: Path, argv: list[str], code: int, part: str
) -> None:
    own = {f"XDG_{what}_HOME": str(shop / what) for what in ("CACHE", "STATE")}
    done = installed.run(*argv, cwd=shop, **own)
    assert (done.returncode, done.stderr) == (code, "")
    assert part in done.stdout


def test_no_command_is_left_out_above() -> None:
    assert {argv[0] for argv, _, _ in COMMAND_LINES} == set(COMMANDS)


def test_the_library_can_be_imported(installed: Installed, tmp_path: Path) -> None:
    names = sorted(path.stem for path in (ROOT / "specs").glob("*.yaml"))
    names.remove("mysql")  # it and postgres say different things of DATABASE_URL
    names.remove("next-auth")  # it and authjs say different things of NEXTAUTH_SECRET
    imports = json.dumps([f"builtin:{name}" for name in names])
    (tmp_path / "app.yaml").write_text(f"assay: 1\nimports: {imports}\n")
    done = installed.run("lint", "--spec", "app.yaml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_clean_file_is_passed_without_loading_anything(installed: Installed, shop: Path) -> None:
    (shop / "specs" / "shop.yaml").write_text("assay: 1\nvariables:\n  PORT: {type: port}\n")
    (shop / ".env").write_text("PORT=8080\n")
    cache = str(shop.with_name(f"{shop.name}-cache"))
    assert installed.run("hook", ".env", cwd=shop, XDG_CACHE_HOME=cache).returncode == 0
    command = [str(installed.python), "-X", "importtime", str(installed.script), "hook", ".env"]
    environ = clean(XDG_CACHE_HOME=cache)
    second = subprocess.run(
        command, cwd=shop, env=environ, capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in second.stderr.splitlines()}
    assert "assay.screen.judge" in loaded
    heavy = {"argparse", "assay.api", "importlib.metadata", "json", "msgspec", "re", "typing"}
    assert not loaded & heavy


def test_the_api_is_typed_for_those_who_import_it(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "consumer.py").write_text(CONSUMER)
    command = [
        sys.executable, "-m", "mypy", "--strict", "--python-executable", str(installed.python),
        "--no-incremental", "--hide-error-context", "--config-file", os.devnull, "consumer.py",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, env=clean(), capture_output=True, text=True, check=False
    )
    errors = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert len(errors) == 1, done.stdout + done.stderr
    assert 'got "int", expected "str"' in errors[0]


def test_the_command_is_an_entry_point_so_that_windows_gets_a_program(installed: Installed) -> None:
    names = zipfile.ZipFile(installed.wheel)
    (entry,) = (name for name in names.namelist() if name.endswith("/entry_points.txt"))
    assert names.read(entry).decode() == "[console_scripts]\nassay = assay.cli:program\n"


def test_what_is_not_installed_is_named_with_its_command(installed: Installed, shop: Path) -> None:
    spec = "assay: 1\nenvironments: {a: {}}\ndatabases: {main: {sqlite: {path: shop.db}}}\n"
    (shop / "specs" / "shop.yaml").write_text(spec)
    done = installed.run("check", cwd=shop, XDG_CACHE_HOME=str(shop / "cache"))
    assert "checking main needs SQLAlchemy, which is not installed here" in done.stdout
    assert "Run `pip install 'assay[sql]'`, then check again." in done.stdout


def test_time_zones_are_known_without_those_of_the_system(installed: Installed) -> None:
    code = "import zoneinfo; print(zoneinfo.ZoneInfo('Africa/Nairobi'))"
    done = subprocess.run(
        [installed.python, "-c", code],
        env=clean(PYTHONTZPATH=""), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "Africa/Nairobi\n"

"""The hooks under the real pre-commit, in repositories made for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path  # noqa: TC003 - a NamedTuple's field
from typing import NamedTuple

import pytest
import yaml
from tests.packaging.conftest import clean, copy_of_what_is_tracked
from tests.project import Project

SPEC = """\
assay: 1
environments:
  laptop:
    values:
      - dotenv: .env
      - dotenv: {path: .env.local, optional: true}
variables:
  PORT: {type: port}
  SITE: {type: url}
  SESSION_SECRET: {type: hex, bytes: 16, secret: true}
undeclared: fail
"""
TESTS = """\
assay: 1
tests:
  - name: a port is a number up to 65535
    values: {PORT: 80800}
    findings:
      - port-out-of-range: PORT
      - variable-missing: SITE
      - variable-missing: SESSION_SECRET
"""
CANARY = "d41d8cd98f00b204e9800998ecf8427"  # 31 digits: one too few
GOOD = f"PORT=8080\nSITE=https://shop.example.com\nSESSION_SECRET={CANARY}3\n"


class Scratch(NamedTuple):
    """A repository whose commits pass through the hooks."""

    folder: Path
    environ: dict[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip

    def write(self, **files: str) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def commit(self, *paths: str) -> tuple[bool, str]:
        """Whether a commit of these paths got through, and what was said."""
        assert self.run("git", "add", "--force", *paths).returncode == 0
        done = self.run("git", "commit", "--message", "Change the configuration")
        return done.returncode == 0, done.stdout


def environ_of(home: Path) -> dict[str, str]:
    """No configuration of the machine's, and every cache below `home`."""
    kept = {n: v for n, v in clean().items() if not n.startswith("GIT_") and n != "SKIP"}
    who = {"NAME": "A. Tester", "EMAIL": "tester@example.com"}
    return {
        **kept,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in who.items()},
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PRE_COMMIT_COLOR": "never",
    }


def repository(folder: Path, environ: dict[str, str]) -> Scratch:
    folder.mkdir(parents=True, exist_ok=True)
    made = Scratch(folder, environ)
    assert made.run("git", "init", "--quiet", "--initial-branch=main").returncode == 0
    return made


def config(offered: Scratch, *hooks: str) -> str:
    """What asks for these hooks; all that ask so share one environment."""
    revision = offered.run("git", "rev-parse", "HEAD").stdout.strip()
    asked = [{"id": hook} for hook in hooks]
    repo = {"repo": str(offered.folder), "rev": revision, "hooks": asked}
    return yaml.safe_dump({"repos": [repo]})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Scratch:
    """assay's own repository as others would fetch it."""
    folder = tmp_path_factory.mktemp("assay")
    copy_of_what_is_tracked(folder)
    made = repository(folder, environ_of(home))
    made.run("git", "add", "--force", "--all")
    assert made.run("git", "commit", "--quiet", "--message", "Everything").returncode == 0
    return made


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, home: Path, offered: Scratch) -> Scratch:
    """A repository with both hooks installed, and a good first commit."""
    made = repository(tmp_path_factory.mktemp("shop"), environ_of(home))
    made.write(**{".pre-commit-config.yaml": config(offered, "assay-env", "assay-lint")})
    made.write(**{"specs/shop.yaml": SPEC, ".env": GOOD, "README": "a shop\n"})
    assert pre_commit(made, "install").returncode == 0
    through, said = made.commit(".")
    assert through, said
    assert said.count("Passed") == 2, said
    return made


@pytest.fixture(autouse=True)
def _as_it_was(request: pytest.FixtureRequest) -> None:
    if "shop" in request.fixturenames:
        shop: Scratch = request.getfixturevalue("shop")
        shop.run("git", "reset", "--hard", "--quiet")
        shop.run("git", "clean", "-fdxq")


def pre_commit(scratch: Scratch, *argv: str) -> subprocess.CompletedProcess[str]:
    return scratch.run(sys.executable, "-m", "pre_commit", *argv)


def rules_in(said: str) -> list[str]:
    return re.findall(r"^(?:error|warning)\[([a-z0-9-]+)\]", said, re.MULTILINE)


def test_try_repo_passes_what_is_good_and_names_what_is_bad(
    tmp_path: Path, home: Path, offered: Scratch
) -> None:
    scratch = repository(tmp_path / "scratch", environ_of(home))
    scratch.write(**{"specs/shop.yaml": SPEC, ".env": GOOD.replace("8080", "80800")})
    scratch.write(**{"specs/tests/shop.yaml": TESTS})
    scratch.run("git", "add", "--all")
    bad = pre_commit(scratch, "try-repo", str(offered.folder), "--all-files")
    assert bad.returncode == 1, bad.stdout
    assert (bad.stdout.count("Failed"), bad.stdout.count("Passed")) == (1, 3)
    assert rules_in(bad.stdout) == ["port-out-of-range"]


def test_a_bad_value_is_kept_out_of_the_repository(shop: Scratch) -> None:
    shop.write(**{".env": GOOD.replace("8080", "80800")})
    through, said = shop.commit(".env")
    assert not through
    assert rules_in(said) == ["port-out-of-range"]
    assert ".env:1:6" in said
    assert shop.run("git", "show", "HEAD:.env").stdout == GOOD


def test_a_bad_secret_is_never_shown(shop: Scratch) -> None:
    shop.write(**{".env": GOOD.replace(f"{CANARY}3", CANARY)})
    through, said = shop.commit(".env")
    assert not through
    assert len(rules_in(said)) == 1
    assert CANARY[:8] not in said


def test_a_missing_variable_is_named_when_the_whole_environment_is_there(shop: Scratch) -> None:
    shop.write(**{".env": GOOD.replace("PORT=8080\n", "")})
    through, said = shop.commit(".env")
    assert not through
    assert rules_in(said) == ["variable-missing"]


def test_what_another_file_sets_is_not_missing_from_this_one(shop: Scratch) -> None:
    shop.write(**{".env.local": "PORT=9090\n"})
    through, said = shop.commit(".env.local")
    assert through, said
    shop.write(**{".env": GOOD.replace("PORT=8080\n", "")})
    through, said = shop.commit(".env")
    assert through, said


def test_a_bad_spec_is_kept_out_whatever_else_is_good(shop: Scratch) -> None:
    shop.write(**{"specs/shop.yaml": SPEC.replace("type: port", "type: prot")})
    through, said = shop.commit("specs/shop.yaml")
    assert not through
    assert "spec-wrong-value" in rules_in(said)
    assert "Write `type: port`" in said


def test_examples_and_programs_are_not_taken_for_environments(shop: Scratch) -> None:
    names = [".env.example", ".env.local.sample", "example.env", ".env.dist", ".envrc", "env.d.ts"]
    shop.write(**dict.fromkeys(names, "PORT=your-port\n"))
    through, said = shop.commit(*names)
    assert through, said
    assert "Passed" not in said
    assert said.count("Skipped") == 2


def test_many_files_are_judged_side_by_side(shop: Scratch) -> None:
    names = [f"services/{number}/.env" for number in range(400)]
    shop.write(**dict.fromkeys(names, GOOD))
    through, said = shop.commit("services")
    assert through, said
    shop.write(**{names[123]: GOOD.replace("8080", "0"), names[321]: GOOD + "SIET=x\n"})
    through, said = shop.commit("services")
    assert not through
    assert sorted(rules_in(said)) == ["port-out-of-range", "variable-undeclared"]
    assert names[123] in said
    assert names[321] in said


def test_a_commit_that_leaves_a_document_stale_is_refused_with_a_diff(
    tmp_path: Path, offered: Scratch
) -> None:
    scratch = repository(tmp_path / "scratch", offered.environ)
    spec = SPEC + "documents: {.env.example: env-example}\n"
    scratch.write(**{"specs/shop.yaml": spec})
    scratch.write(**{".pre-commit-config.yaml": config(offered, "assay-docs")})
    scratch.run("git", "add", "--all")
    stale = pre_commit(scratch, "run", "--all-files")
    assert stale.returncode == 1, stale.stdout
    assert "+++ b/.env.example" in stale.stdout
    assert "Run `assay docs`" in stale.stdout
    assert Project(scratch.folder).run("docs").code == 0
    scratch.run("git", "add", "--all")
    fresh = pre_commit(scratch, "run", "--all-files")
    assert fresh.returncode == 0, fresh.stdout
    scratch.write(**{".env.example": "PORT=1\n"})
    scratch.run("git", "add", "--all")
    by_hand = pre_commit(scratch, "run", "--all-files")
    assert by_hand.returncode == 1, by_hand.stdout
    assert ".env.example was not generated by assay" in by_hand.stdout

"""Bad input gets one clear line with what to do, the right exit code, and loses nothing."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.files import FileTrouble, read_bytes

if TYPE_CHECKING:
    from tests.project import Project

SPEC = """\
variables:
  PORT: {type: port}
  TOKEN: {secret: true}
environments:
  dev: {values: [{dotenv: .env}]}
"""
GOOD = "PORT=80\nTOKEN=hJ7kQ2mZx9LwR4tVbN8sYc3f\n"
CANARY = "Zx8KfQ2mWv7RtL4nBs9HcD3j"
NOBODY = 65534
IS_ROOT = os.geteuid() == 0
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def _good_project(project):
    project.spec(SPEC)
    project.env(GOOD)


def one_line(text: str) -> bool:
    """Whether a message is one line with a remedy below it, and no traceback."""
    lines = text.rstrip("\n").split("\n")
    return (
        len(lines) == 2
        and lines[0].startswith("assay: ")
        and lines[1].startswith("  help: ")
        and len(lines[1]) > len("  help: ")
    )


@pytest.mark.parametrize("command", ["check", "lint", "hook"])
def test_a_missing_spec_folder_is_named_with_what_to_do(project, command):
    shutil.rmtree(project.folder / "specs")
    ran = project.run(command, *([".env"] if command == "hook" else []))
    assert ran.code == 2
    assert "specs can't be read: no such folder here or in any parent folder" in ran.said
    assert "Run `assay init` to write one, or pass --spec." in ran.said


@pytest.mark.parametrize("content", [None, "", "\n# nothing\n", "---\n"])
def test_an_empty_spec_is_no_spec(project, content):
    (project.folder / "specs" / "app.yaml").unlink()
    if content is not None:
        project.write("specs/app.yaml", content)
    ran = project.run("check")
    assert ran.code == 2
    assert "declares nothing" in ran.err
    assert one_line(ran.err)


def test_a_spec_of_fifty_megabytes_is_refused_at_once(project):
    project.spec("variables:\n" + "# filler filler filler filler filler\n" * 1_500_000)
    started = time.process_time()
    ran = project.run("check")
    assert ran.code == 2
    assert "specs/app.yaml can't be read: it is larger than 16 MiB" in ran.err
    assert one_line(ran.err)
    assert time.process_time() - started < 10


@pytest.mark.parametrize("argv", [["check"], ["hook", ".env"]])
def test_a_file_of_fifty_megabytes_is_refused_at_once(project, argv):
    project.env(b"A=1\n" * 13_000_000)
    ran = project.run(*argv)
    assert ran.code == 1
    assert "error[source-unreadable]: .env can't be read: it is larger than 32 MiB" in ran.out
    assert "help: Name a file that contains configuration" in ran.out


@pytest.mark.parametrize("argv", [["check"], ["hook", ".env"]])
def test_a_directory_in_place_of_a_file_is_called_one(project, argv):
    (project.folder / ".env").unlink()
    (project.folder / ".env").mkdir()
    ran = project.run(*argv)
    assert ran.code == 1
    assert ".env can't be read: it is a directory" in ran.out
    assert "Name the file inside it." in ran.out


def test_a_directory_whose_name_ends_like_a_spec_is_searched(project):
    project.spec("variables: {OTHER: {required: false}}\n", "specs/more.yaml/inner.yaml")
    assert "3 variables in 2 files" in project.run("lint").out


@pytest.mark.parametrize("argv", [["check"], ["hook", ".env"]])
def test_a_deleted_file_is_said_to_be_missing(project, argv):
    (project.folder / ".env").unlink()
    ran = project.run(*argv)
    assert ran.code == 1
    assert "error[source-missing]: .env does not exist" in ran.out
    assert "Create .env" in ran.out


@pytest.mark.parametrize("argv", [["check"], ["hook", ".env"]])
def test_links_that_go_round_in_a_circle_end(project, argv):
    (project.folder / ".env").unlink()
    (project.folder / ".env").symlink_to("other")
    (project.folder / "other").symlink_to(".env")
    ran = project.run(*argv)
    assert ran.code == 1
    assert ".env can't be read: its symbolic links form a circle" in ran.out


def test_a_link_to_the_folder_that_it_stands_in_is_not_followed(project):
    (project.folder / "specs" / "again").symlink_to("..")
    assert project.run("check").code == 0


def test_a_spec_link_to_itself_is_named(project):
    (project.folder / "specs" / "loop.yaml").symlink_to("loop.yaml")
    ran = project.run("check")
    assert ran.code == 2
    assert "its symbolic links form a circle" in ran.err


def test_a_byte_that_is_not_utf8_is_placed_in_the_spec(project):
    project.spec(b"assay: 1\nvariables:\n  A: {description: \xe9}\n")
    ran = project.run("lint")
    assert ran.code == 2
    assert "invalid YAML: a byte that is not valid UTF-8" in ran.out
    assert "specs/app.yaml:3:20" in ran.out


def test_a_byte_that_is_not_utf8_is_placed_in_a_file_and_the_value_not_shown(project):
    project.env(b"PORT=80\nTOKEN=" + CANARY.encode() + b"\xe9\n")
    ran = project.run("check")
    assert ran.code == 1
    assert "error[source-not-utf8]" in ran.out
    assert "--> .env:2\n" in ran.out, "a column would tell how long the secret is"
    assert CANARY not in ran.said


def test_windows_line_ends_are_read_as_the_loader_does(project):
    project.spec(SPEC.replace("\n", "\r\n").encode())
    project.env(GOOD.replace("\n", "\r\n").encode())
    assert project.run("check").code == 2  # `assay:` is put before text only
    project.spec(b"assay: 1\r\n" + SPEC.replace("\n", "\r\n").encode())
    assert project.run("check").code == 0
    assert project.run("hook", ".env").code == 0


@pytest.mark.parametrize("name", ["\0", "a\0b"])
def test_a_nul_in_a_path_is_refused(project, name):
    for argv in (["hook", name], ["check", "--spec", name], ["check", "--output", f"json={name}"]):
        ran = project.run(*argv)
        assert ran.code in (1, 2), argv
        assert "bug" not in ran.said, argv


def test_an_unknown_environment_is_refused_with_the_one_meant(project):
    ran = project.run("check", "dve")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("assay: dve is not an environment: did you mean dev?\n")
    assert one_line(ran.err)


UNPRIVILEGED = """\
import encodings.utf_8_sig, io, os, sys
from assay.cli import main, spec_lines
spec_lines._words()
main(sys.argv[1:], io.StringIO(), io.StringIO(), io.StringIO())  # imports what root may read
os.chmod(sys.argv.pop(1), int(sys.argv.pop(1), 8))
if os.geteuid() == 0:
    os.seteuid(65534)
sys.exit(main(sys.argv[1:]))
"""


def unprivileged(
    project: Project, closed: str, mode: str, *argv: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a user who owns nothing, once the mode of one path has been changed."""
    for folder in (project.folder, *project.folder.parents):
        if os.access(folder, os.W_OK) and folder != Path("/") and IS_ROOT:
            folder.chmod(folder.stat().st_mode | 0o755)
    script = UNPRIVILEGED.replace("main(sys.argv[1:], io", "main(sys.argv[3:], io")
    command = [sys.executable, "-c", script, closed, mode, *argv]
    return subprocess.run(
        command, cwd=project.folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_spec_without_permission_is_named(project):
    ran = unprivileged(project, "specs/app.yaml", "0", "check")
    assert ran.returncode == 2
    assert "specs/app.yaml can't be read: reading it is not permitted" in ran.stderr
    assert "Give the user that runs assay permission to read it." in ran.stderr


def test_a_file_without_permission_is_named(project):
    ran = unprivileged(project, ".env", "0", "check")
    assert ran.returncode == 1
    assert "error[source-unreadable]: .env can't be read: reading it is not permitted" in ran.stdout


def test_a_spec_folder_that_may_not_be_listed_is_named(project):
    try:
        ran = unprivileged(project, "specs", "0", "check")
    finally:
        (project.folder / "specs").chmod(0o755)
    assert ran.returncode == 2
    assert "specs can't be read: reading it is not permitted" in ran.stderr


def test_a_report_that_may_not_be_written_is_named_and_nothing_is_left(project):
    out = project.folder / "out"
    out.mkdir()
    (out / "report.json").write_text("the old one")
    ran = unprivileged(project, "out", "555", "check", "--output", "json=out/report.json")
    assert ran.returncode == 2
    assert "out/report.json could not be written: writing is not permitted" in ran.stderr
    assert [p.name for p in out.iterdir()] == ["report.json"]


def test_a_cache_that_can_t_be_written_costs_time_only(project):
    (project.folder / "blocked").write_text("")
    ran = project.run("hook", ".env", environ={"XDG_CACHE_HOME": str(project.folder / "blocked")})
    assert ran == (0, "", "")


@pytest.mark.parametrize("damage", [b"", b"\x00", b"c", b"garbage" * 100, None])
def test_a_damaged_cache_is_made_again(project, tmp_path, damage):
    cache = {"XDG_CACHE_HOME": str(tmp_path / "c")}
    assert project.run("hook", ".env", environ=cache) == (0, "", "")
    entries = list((tmp_path / "c" / "assay").iterdir())
    assert len(entries) == 3, "the plan, the tree and the key"
    for entry in entries:
        entry.write_bytes(entry.read_bytes()[:-9] if damage is None else damage)
    assert project.run("hook", ".env", environ=cache) == (0, "", "")
    project.env("PORT=0\n")
    assert "port-out-of-range" in project.run("hook", ".env", environ=cache).out


def test_a_cache_that_others_may_write_is_not_believed(project, tmp_path):
    cache = {"XDG_CACHE_HOME": str(tmp_path / "c")}
    project.run("hook", ".env", environ=cache)
    plan = next((tmp_path / "c" / "assay").glob("*.plan"))
    plan.chmod(0o666)
    assert project.run("hook", ".env", environ=cache) == (0, "", "")
    assert plan.stat().st_mode & 0o777 == 0o600, "it was made again"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (
            "json=missing/report.json",
            "missing/report.json could not be written: the folder does not",
        ),
        ("json=specs", "specs could not be written: it is a directory"),
    ],
)
def test_an_output_that_can_t_be_written_is_named(project, target, said):
    ran = project.run("check", "--output", target)
    assert ran.code == 2
    assert said in ran.err
    assert "  help: " in ran.err


def test_a_full_disk_leaves_the_old_report_whole(project):
    report = project.folder / "report.json"
    report.write_text("the old one")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    ran = project.spawn("check", "--output", "json=report.json", preexec_fn=limit)
    assert ran.code == 2
    assert "report.json could not be written" in ran.err
    assert report.read_text() == "the old one"
    assert sorted(p.name for p in project.folder.iterdir()) == [".env", "report.json", "specs"]


def test_two_runs_that_write_the_same_report_leave_a_whole_one(project):
    project.env("PORT=0\n" + "".join(f"X{i}=1\n" for i in range(200)))
    running = [project.start("check", "--output", "json=report.json") for _ in range(4)]
    for process in running:
        process.communicate(timeout=60)
        assert process.returncode == 1
    assert json.loads((project.folder / "report.json").read_text())["version"] == 1
    assert [p.name for p in project.folder.iterdir() if p.name.startswith(".report")] == []


def test_a_report_keeps_the_mode_of_the_file_that_it_replaces(project):
    report = project.folder / "report.json"
    report.write_text("old")
    report.chmod(0o640)
    assert project.run("check", "--output", "json=report.json").code == 0
    assert report.stat().st_mode & 0o777 == 0o640
    assert json.loads(report.read_text())["exit-code"] == 0


def test_an_unforeseen_error_names_its_place_and_no_more(project):
    """A message of Python's own may quote what was worked on, so it is never passed on."""
    script = (
        "import sys\n"
        "import assay.engine as engine\n"
        "def broken(*args, **more):\n"
        f"    raise ValueError('{CANARY}')\n"
        "engine._evaluated = broken\n"
        "from assay.cli import main\n"
        "sys.exit(main(['check']))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 70
    assert ran.stdout == ""
    assert one_line(ran.stderr)
    assert ran.stderr.startswith("assay: a bug in assay: ValueError at <string>:")
    assert CANARY not in ran.stderr


def test_reading_says_why_it_can_t(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"x" * 11)
    assert read_bytes(str(file), limit=11, inside=None) == b"x" * 11
    too_large = read_bytes(str(file), limit=10, inside=None)
    assert isinstance(too_large, FileTrouble)
    assert too_large.code == "too-large"
    missing = read_bytes(str(file / "below"), limit=1, inside=None)
    assert isinstance(missing, FileTrouble)
    assert missing.code == "missing"
    long = read_bytes(str(tmp_path / ("n" * 300)), limit=1, inside=None)
    assert isinstance(long, FileTrouble)
    assert (long.code, long.reason) == ("failed", "file name too long")


def test_a_link_that_leads_nowhere_is_called_one(project):
    project.spec("environments: {d: {values: [{dotenv: .env}]}}")
    (project.folder / ".env").unlink(missing_ok=True)
    (project.folder / ".env").symlink_to("gone")
    ran = project.run("check")
    assert (ran.code, "it is a broken link" in ran.out) == (1, True)


def test_a_spec_that_is_not_there_is_called_by_its_whole_path(project):
    assert "/nonexist can't be read" in project.run("check", "--spec", "/nonexist").said


def test_above_the_projects_of_a_monorepo_all_is_recommended(project):
    project.write(".git/HEAD", "")
    (project.folder / "specs/app.yaml").unlink()
    (project.folder / "specs").rmdir()
    assert "--all" not in project.run("check").said
    project.spec("variables: {A: }", "apps/web/specs/app.yaml")
    assert "or check all of them with --all" in project.run("check").said
    said = project.run("diff", "a", "b").said
    assert (
        "There are specs in folders below: pass one with --spec, or check all of them with --all.\n"
        in said
    )

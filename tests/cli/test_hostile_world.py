"""A hostile world: odd names, pipes, closed streams, interrupts, and a cache that lies."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.project import TIMEOUT

from assay.spec.discovery import nearest

SPEC = "variables: {PORT: {type: port}}\nenvironments: {dev: {values: [{dotenv: .env}]}}\n"
NOBODY = 65534


@pytest.fixture(autouse=True)
def _project(project):
    project.spec(SPEC)
    project.env("PORT=80\n")


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def one_line(ran, code: int, message: str, remedy: str) -> None:
    """The command said one thing, with a remedy under it, and no more."""
    assert (ran.code, ran.out) == (code, "")
    assert "Traceback" not in ran.err
    first, second = lines(ran.err)
    assert message in first
    assert second.startswith("  help: ")
    assert remedy in second


def finding(ran, code: int, rule: str, message: str) -> None:
    """The command reported one finding, and no more."""
    assert ran.code == code
    assert ran.err == ""
    assert f"error[{rule}]: {message}" in ran.out
    assert ran.out.count("error[") == 1
    assert "= help: " in ran.out


def test_the_search_for_a_spec_ends_at_the_top_of_a_repository(project):
    inner = project.folder / "inner"
    (inner / "deep").mkdir(parents=True)
    with contextlib.chdir(inner / "deep"):
        assert nearest(".") == str(project.folder)
        (inner / ".git").mkdir()
        assert nearest(".") is None


def test_a_spec_that_is_not_there(project):
    one_line(project.run("check", "--spec", "x.yaml"), 2, "there is no such file", "Create it")


def test_a_named_pipe(project):
    os.mkfifo(project.folder / "pipe.env")
    finding(
        project.run("hook", "pipe.env"),
        1,
        "source-unreadable",
        "pipe.env can't be read: it is a pipe or a device, not a file",
    )
    os.mkfifo(project.folder / "specs" / "b.yaml")
    one_line(project.run("check"), 2, "it is a pipe or a device, not a file", "Pass a file")


def test_a_name_that_no_file_can_have(project):
    project.spec('environments: {d: {values: [{dotenv: "a\\0b"}]}}')
    assert "its name contains a NUL character" in project.run("check").out
    project.spec('imports: ["./a\\0b.yaml"]')
    assert "its name contains a NUL character" in project.run("check").err
    project.spec(SPEC)
    long = "x" * 300
    assert "file name too long" in project.run("hook", long).out


def test_a_name_beyond_utf8_is_printed_all_the_same(project):
    odd = os.fsdecode(b"\xff.env")
    project.env("PORT=0\n", odd)
    for form in ("text", "json", "sarif", "junit", "github", "github-summary"):
        ran = project.spawn("hook", odd, "--format", form)
        assert (ran.code, ran.err) == (1, ""), form
        assert "port-out-of-range" in ran.out, form


def test_a_name_beyond_utf8_inside_of_a_file_is_reported(project):
    project.spec(SPEC + "undeclared: fail\n")
    project.env(b"PORT=80\n\xff\xfe=1\nA\xff=1\n")
    for form in ("text", "json", "sarif", "junit", "github"):
        ran = project.run("check", "--format", form)
        assert ran.code == 1, form
        assert ran.err == "", form


def test_a_process_name_beyond_utf8_is_reported(project):
    project.spec("environments: {d: {values: [process], undeclared: {prefixes: {A_: fail}}}}")
    env = {**os.environb, b"A_\xff": b"\xfe", b"A_B": b"1"}
    for form in ("text", "json", "sarif", "junit", "github"):
        ran = project.spawn("check", "--format", form, env=env)
        assert (ran.code, ran.err) == (1, ""), form


def test_a_closed_pipe_ends_the_command_quietly(project):
    reader, writer = os.pipe()
    os.close(reader)
    with project.start("explain", stdout=writer) as process:
        os.close(writer)
        _, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, err) == (141, b"")


def test_closed_streams_change_no_exit_code(project):
    project.env("PORT=0\n")
    command = f"{sys.executable} -m assay check --format json >&- 2>&-"
    done = subprocess.run(["sh", "-c", command], cwd=project.folder, timeout=TIMEOUT, check=False)
    assert done.returncode in (1, 2)
    command = f"{sys.executable} -m assay chek 2>&-"
    done = subprocess.run(["sh", "-c", command], cwd=project.folder, timeout=TIMEOUT, check=False)
    assert done.returncode == 2


def test_a_full_disk_behind_standard_output(project):
    with open("/dev/full", "wb") as full:
        for command in (["check"], ["explain"], ["schema"], ["--help"]):
            ran = project.spawn(*command, stdout=full)
            assert ran.code == 2, command
            one = (
                "assay: no space left on device\n"
                "  help: Check the free space of the disk and the permissions of the files.\n"
            )
            assert ran.err == one, command


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.02, 0.03, 0.05, 0.08])
def test_an_interrupt_at_any_moment_shows_no_traceback_of_ours(project, delay):
    with project.start("check", "--wait", "3s") as process:
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode in (0, 130, -signal.SIGINT, 1)
    if process.returncode == 130:
        assert err == b"assay: interrupted\n"


def test_a_folder_that_has_gone(project):
    gone = project.folder / "gone"
    command = f"mkdir {gone} && cd {gone} && rmdir {gone} && exec {sys.executable} -m assay"
    for rest in ("check", "hook .env", "lint"):
        done = subprocess.run(
            ["sh", "-c", f"{command} {rest}"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2, rest
        assert done.stderr.startswith("assay: "), rest
        assert "Traceback" not in done.stderr, rest


def entries() -> list[Path]:
    return sorted(Path(os.environ["XDG_CACHE_HOME"]).rglob("*.*"))


def test_a_flipped_bit_anywhere_in_the_cache_is_no_obstacle(project):
    assert project.run("hook", ".env").code == 0
    project.env("PORT=0\n")
    whole = {entry: entry.read_bytes() for entry in entries()}
    longest = max(map(len, whole.values()))
    for at in range(0, longest, max(1, longest // 12)):
        for entry, content in whole.items():
            damaged = bytearray(content)
            damaged[at % len(damaged)] ^= 0x21
            entry.write_bytes(damaged)
        ran = project.run("hook", ".env")
        assert ran.code == 1, at
        assert "port-out-of-range" in ran.out, at


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_a_cache_of_somebody_else_is_not_believed(project):
    assert project.run("hook", ".env").code == 0
    before = [entry.stat().st_mtime_ns for entry in entries()]
    for entry in entries():
        os.chown(entry, NOBODY, NOBODY)
    assert project.run("hook", ".env").code == 0
    assert [entry.stat().st_uid for entry in entries()] == [0] * len(before)


def test_two_runs_that_fill_the_cache_at_once(project):
    def run(_: int) -> tuple[int, str]:
        ran = project.spawn("hook", ".env")
        return ran.code, ran.said

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(run, range(8))) == {(0, "")}
    assert not [entry for entry in entries() if entry.suffix not in (".plan", ".tree")]


def test_the_cache_holds_no_value_of_any_environment(project):
    project.spec("variables: {KEY: {secret: true, type: port}}")
    project.env("KEY=9fK2mQ7xT4vL8wR3pZ6y\n")
    assert project.run("check").code == 1
    assert all(b"9fK2mQ7x" not in entry.read_bytes() for entry in entries())
    assert all(entry.stat().st_mode & 0o077 == 0 for entry in entries())

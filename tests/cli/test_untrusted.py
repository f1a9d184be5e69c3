"""What strangers wrote is judged without the process's variables, the network, and other writes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from assay import api
from assay.cli import main, untrusted
from assay.errors import LimitError

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "hJ7kQ2mZx9LwR4tVbN8sYc3f"
SPEC = """\
environments:
  dev: {values: [{dotenv: .env}, process]}
  files: {values: [{dotenv: .env}]}
variables:
  PORT: {type: port}
  TOKEN: {secret: true}
  URL: {required: false}
"""


@pytest.fixture(autouse=True)
def _good_project(project):
    project.spec(SPEC)
    project.env("PORT=80\nURL=$CI_SECRET\n")


def test_what_only_the_process_may_set_is_unknown_and_not_missing(project):
    ran = project.run("check", "dev", "--untrusted", environ={"TOKEN": CANARY})
    assert ran.code == 3
    assert "TOKEN could not be observed" in ran.out
    assert "--untrusted\n" in ran.out
    assert "variable-missing" not in ran.out
    assert project.run("check", "dev", "--untrusted", "--allow-unknown").code == 0
    assert project.run("check", "dev", environ={"TOKEN": CANARY, "CI_SECRET": "a"}).code == 0


def test_what_a_file_says_wrong_fails(project):
    project.env("PORT=eighty\n")
    ran = project.run("check", "dev", "--untrusted", environ={"PORT": "80"})
    assert ran.code == 1
    assert "PORT is not a port number" in ran.out


def test_an_environment_of_files_alone_passes_or_fails(project):
    ran = project.run("check", "files", "--untrusted", environ={"TOKEN": CANARY})
    assert ran.code == 1
    assert "TOKEN is not set in .env" in ran.out
    project.env(f"PORT=80\nTOKEN={CANARY}\n")
    assert project.run("check", "files", "--untrusted").code == 0


@pytest.mark.parametrize("dialect", ["node", "next", "python", "ruby", "compose", "shell"])
@pytest.mark.parametrize("environment", ["dev", "files"])
def test_no_variable_of_the_process_reaches_an_expansion(project, dialect, environment):
    file = f"{{dotenv: {{path: .env, dialect: {dialect}}}}}"
    project.spec(
        f"environments: {{dev: {{values: [process, {file}]}}, files: {{values: [{file}]}}}}\n"
        "variables: {A: {type: enum, options: [no]}}\n"
    )
    project.env("A=x${CI_SECRET}y\n")
    for command in (["check", environment, "--untrusted"], ["hook", ".env"]):
        ran = project.run(*command, "--format", "json", environ={"CI_SECRET": CANARY})
        assert CANARY not in ran.said
        assert ran.code == 1


def test_a_template_sees_no_variable_of_the_process(project):
    project.write("specs/templates/documents/env-example.j2", "{{ environ }}{{ env }}")
    project.spec(SPEC + "documents: {.env.example: env-example}\n")
    ran = project.run("docs", "--untrusted", "--stdout", environ={"CI_SECRET": CANARY})
    assert CANARY not in ran.said


def test_databases_are_not_contacted_and_a_note_says_so(project):
    project.spec(SPEC + "databases: {main: {sqlite: {path: there-is-none.db}}}\n")
    ran = project.run("check", "dev", "--untrusted", "--allow-unknown")
    assert ran.code == 0
    assert ran.err == "assay: not checked with --untrusted: databases\n"
    ran = project.run("diff", "dev", "files", "--untrusted")
    assert ran.err == "assay: not compared with --untrusted: databases\n"
    assert "TOKEN  unknown" in ran.out
    assert CANARY not in project.run("diff", "dev", "files", environ={"TOKEN": CANARY}).said


def test_nothing_is_written_but_the_reports_that_were_named(project, tmp_path):
    project.spec(SPEC + "documents: {.env.example: env-example}\n")
    cache = tmp_path / "cache"
    environ = {"XDG_CACHE_HOME": str(cache)}
    for command in (
        *(["check", "--untrusted"], ["docs", "--untrusted", "--check"], ["lint"]),
        *(["diff", "dev", "files", "--untrusted"], ["test", "--untrusted"]),
        ["docs", "--untrusted", "--as", "environment-reference"],
    ):
        project.run(*command, environ=environ)
    assert not cache.exists()
    assert not (project.folder / ".env.example").exists()
    project.run("check", environ=environ)
    assert cache.exists()


def test_documents_are_only_written_by_who_trusts_the_spec(project):
    ran = project.run("docs", "--untrusted")
    assert ran.code == 2
    assert "Add --check to compare them, or --stdout to print them." in ran.err


@pytest.mark.parametrize("option", [["--watch"], ["--wait", "5s"]])
def test_what_strangers_wrote_is_looked_at_once(project, option):
    ran = project.run("check", "--untrusted", *option)
    assert ran.code == 2
    assert "--untrusted can't be combined with --watch or --wait" in ran.err


def test_the_library_can_be_asked_for_the_same(project, monkeypatch):
    monkeypatch.setenv("TOKEN", CANARY)
    spec = api.load(str(project.folder / "specs"))
    report = api.run(spec, environments=["dev"], untrusted=True)
    assert report.exit_code() == 3
    assert api.run(spec, environments=["dev"], process={"TOKEN": CANARY}).exit_code() == 0


def test_a_process_of_ours_is_confined(project, tmp_path):
    report = tmp_path / "report.json"
    summary = tmp_path / "summary.md"
    environ = {**os.environ, "GITHUB_STEP_SUMMARY": str(summary), "CI_SECRET": CANARY}
    output = f"json={report}"
    for command in (
        ["check", "--untrusted", "--format", "github", "--output", output],
        ["lint", "--format", "github", "--output", output],
        ["hook", ".env", "--format", "github", "--output", output],
    ):
        ran = project.spawn(*command, env={**environ, "XDG_CACHE_HOME": str(tmp_path / "c" / "d")})
        assert ran.code in (0, 1), ran.said
        assert report.exists()
        assert summary.exists()
        report.unlink()
        summary.unlink()
    assert (tmp_path / "c" / "d" / "assay").is_dir()  # the hook's own


def test_a_process_that_is_ours_alone_loses_its_variables(project, monkeypatch):
    hooks: list[object] = []
    monkeypatch.setattr(sys, "addaudithook", hooks.append)
    monkeypatch.setattr(sys, "dont_write_bytecode", sys.dont_write_bytecode)
    monkeypatch.setattr(untrusted, "limit", lambda: hooks.append("limit"))
    monkeypatch.setattr(sys, "argv", ["assay", "check", "dev", "--untrusted", "--format", "tap"])
    before = dict(os.environ)
    try:
        os.environ["CI_SECRET"] = CANARY
        monkeypatch.chdir(project.folder)
        assert main() == 3
        assert os.environ.keys() <= untrusted.KEPT
    finally:
        os.environ.update(before)
    assert hooks[0] == "limit"
    assert len(hooks) == 2


PROBE = """\
import os, socket, subprocess, sys
from types import SimpleNamespace
from assay.cli.untrusted import confined
from assay.cli.streams import Streams
from assay.errors import LimitError
from assay.redaction import Masker

streams = Streams(sys.stdin, sys.stdout, sys.stderr, dict(os.environ), Masker(), {})
arguments = SimpleNamespace(command="check", output=["json=named.json"])
streams = confined(arguments, streams, alone=True)
assert "CI_SECRET" not in streams.environ and "CI_SECRET" not in os.environ
for attempt in (
    lambda: socket.socket(),
    lambda: socket.getaddrinfo("localhost", 1),
    lambda: subprocess.run(["true"]),
    lambda: os.system("true"),
    lambda: os.fork(),
    lambda: os.execv("/bin/true", ["true"]),
    lambda: open("other", "w"),
    lambda: open("other", "ab"),
    lambda: os.open("other", os.O_CREAT | os.O_WRONLY),
    lambda: os.mkdir("other"),
    lambda: os.rename("here", "there"),
    lambda: os.remove("here"),
    lambda: os.symlink("here", "there"),
    lambda: os.chmod("here", 0o777),
):
    try:
        attempt()
    except LimitError:
        continue
    raise SystemExit("not refused")
open("here").close()
open("named.json", "w").close()
open(os.devnull, "w").close()
os._exit(0)  # or a measurement of coverage would write its data, and be refused
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX alone has these calls")
def test_a_confined_process_can_neither_connect_nor_start_nor_write(tmp_path):
    (tmp_path / "here").write_text("")
    command = [sys.executable, "-c", PROBE]
    environ = {**os.environ, "CI_SECRET": CANARY}
    ran = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert {*os.listdir(tmp_path)} <= {"here", "named.json", "project"}


LIMITED = """\
import sys
from types import SimpleNamespace
from assay.cli import main, program, untrusted
untrusted.MEMORY = int(sys.argv[1]); untrusted.PROCESSOR = int(sys.argv[2])
untrusted.PATIENCE = float(sys.argv[3]); untrusted.AGAIN = 0.5
import assay.cli.lint
def run(arguments, streams):
    {body}
assay.cli.lint.run = run
sys.argv = ["assay", "lint"]
program()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux keeps them")
@pytest.mark.parametrize(
    ("body", "limits", "said"),
    [
        ("x = bytearray(10 ** 9)", ("100000000", "60", "60"), "more memory"),
        ("while True: pass", ("1000000000", "1", "60"), "takes too long"),
        ("import time; time.sleep(60)", ("1000000000", "60", "0.3"), "takes too long"),
        (
            "import time\n    try: time.sleep(60)\n    except Exception: time.sleep(60)",
            ("1000000000", "60", "0.3"),
            "takes too long",
        ),
        ("def f(): f()\n    f()", ("1000000000", "60", "60"), "nested too deeply"),
    ],
)
def test_what_takes_too_much_ends_with_a_message(tmp_path, body, limits, said):
    command = [sys.executable, "-c", LIMITED.format(body=body), *limits]
    ran = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=50
    )
    assert ran.returncode == 2, ran.stderr
    assert said in ran.stderr
    assert "  help: " in ran.stderr


def test_the_cache_may_be_at_the_top_of_the_file_system() -> None:
    audit = untrusted.guard([], "/assay")
    audit("os.mkdir", ("/", 0o700, -1))
    audit("os.mkdir", ("/assay", 0o700, -1))
    with pytest.raises(LimitError):
        audit("os.mkdir", ("/other", 0o700, -1))


def test_the_guard_refuses_by_event(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    audit = untrusted.guard([str(tmp_path / "report.json")], str(cache / "assay"))
    good: list[tuple[str, tuple[object, ...]]] = [
        ("open", (str(tmp_path / "report.json"), "w", os.O_WRONLY)),
        ("open", (str(tmp_path / ".report.json.1.ab"), None, os.O_WRONLY | os.O_CREAT)),
        ("open", ("/etc/hosts", "r", os.O_RDONLY)),
        ("open", (1, "w", os.O_WRONLY)),
        ("open", (str(cache / "assay" / "x.plan"), None, os.O_WRONLY)),
        ("os.mkdir", (str(cache), 0o700, -1)),
        ("os.rename", (str(tmp_path / ".report.json.1.ab"), str(tmp_path / "report.json"), -1, -1)),
        ("import", ("socket",)),
    ]
    for event, values in good:
        audit(event, values)
    bad: list[tuple[str, tuple[object, ...]]] = [
        ("open", (str(tmp_path / "other"), "w", os.O_WRONLY)),
        ("open", (None, "w", os.O_WRONLY)),
        ("os.rename", (str(tmp_path / ".x"), str(tmp_path / "other"), -1, -1)),
        ("os.mkdir", (str(tmp_path / "other"), 0o700, -1)),
        ("socket.connect", (socket, ("localhost", 1))),
        ("subprocess.Popen", ("true", [], None, None)),
    ]
    for event, values in bad:
        with pytest.raises(LimitError):
            audit(event, values)


def test_limits_only_ever_get_lower(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    set_to: dict[int, tuple[int, int]] = {}
    had = {resource.RLIMIT_AS: (10, 20), resource.RLIMIT_CPU: (-1, -1)}
    monkeypatch.setattr(resource, "getrlimit", lambda what: had.get(what, (-1, 100)))
    monkeypatch.setattr(resource, "setrlimit", set_to.__setitem__)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(signal, "setitimer", lambda *_: None)
    untrusted.limit()
    assert set_to[resource.RLIMIT_AS] == (10, 20)
    assert set_to[resource.RLIMIT_CPU] == (untrusted.PROCESSOR, untrusted.PROCESSOR + 10)
    assert set_to[resource.RLIMIT_FSIZE] == (100, 100)


def test_a_system_that_does_not_tell_its_sizes_has_no_limit_of_memory(monkeypatch):
    monkeypatch.setattr("builtins.open", lambda *_, **__: (_ for _ in ()).throw(OSError()))
    assert untrusted._size() == 0


def test_time_that_is_up_is_an_error_with_a_remedy() -> None:
    with pytest.raises(LimitError) as failure:
        untrusted._exhausted(signal.SIGINT, None)
    assert failure.value.remedy

"""`assay check`: which environments, which checks, what is written where, and how it ends."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import signal
import time
import xml.etree.ElementTree as ET

import pytest
from tests.project import TIMEOUT

from assay.cli import main

SPEC = """\
environments:
  dev: {values: [{dotenv: .env}]}
  prod: {values: [{dotenv: prod.env}]}
  ci: {values: [process]}
variables:
  PORT: {type: port, group: web}
  HOST: {type: hostname, severity: warning}
"""


@pytest.fixture(autouse=True)
def _project(project):
    project.spec(SPEC)
    project.env("PORT=80\nHOST=db\n")
    project.env("PORT=0\nHOST=a_b\n", "prod.env")


def subjects(ran):
    return [(f["environment"], f["subject"]) for f in json.loads(ran.out)["findings"]]


def test_environments_are_checked_in_the_order_asked_for_each_once(project):
    ran = project.run("check", "prod", "dev", "prod", "--format", "json")
    assert json.loads(ran.out)["environments"] == ["prod", "dev"]
    assert ran.code == 1
    assert project.run("check", "dev").code == 0


def test_all_environments_are_checked_by_default(project):
    ran = project.run("check", "--format", "json", environ={"PORT": "1", "HOST": "x"})
    assert json.loads(ran.out)["environments"] == ["dev", "prod", "ci"]


def test_the_process_environment_is_read_and_its_other_names_are_nobodys_business(project):
    ran = project.run("check", "ci", environ={"PORT": "99999", "HOST": "x"})
    assert ran.code == 1
    assert "PORT is not a port number" in ran.out
    assert "HOME" not in ran.out


@pytest.mark.parametrize(
    ("only", "chosen"),
    [
        (["PORT"], {".env", "PORT"}),
        (["web"], {".env", "PORT"}),
        (["P*"], {".env", "PORT"}),
        (["PORT", "HOST"], {".env", "PORT", "HOST"}),
        (["variable"], {".env", "PORT", "HOST"}),
        (["variables"], {".env", "PORT", "HOST"}),
        (["source"], {".env", "undeclared names"}),
        ([".env"], {".env"}),
    ],
)
def test_only_selects_kinds_groups_and_names_with_what_they_need(project, only, chosen):
    options = [word for text in only for word in ("--only", text)]
    ran = project.run("check", "dev", "--format", "json", *options)
    assert {subject for _, subject in subjects(ran)} == chosen


def test_several_reports_are_written_beside_the_printed_one(project):
    (project.folder / "sub").mkdir()
    ran = project.run(
        "check", "--output", "json=out.json", "--output", "junit=sub/out.xml", "--output=sarif=s"
    )
    assert ran.code == 1
    assert ran.out.startswith("── dev")
    assert json.loads((project.folder / "out.json").read_text())["exit-code"] == 1
    assert ET.parse(project.folder / "sub" / "out.xml").getroot().tag == "testsuites"
    assert json.loads((project.folder / "s").read_text())["version"] == "2.1.0"


def test_a_report_replaces_the_last_one_and_keeps_its_permissions(project):
    target = project.write("out.json", "old")
    target.chmod(0o640)
    project.run("check", "--output", "json=out.json")
    assert json.loads(target.read_text())["version"] == 1
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(project.folder)) == [".env", "out.json", "prod.env", "specs"]


def test_a_report_goes_through_a_symbolic_link(project):
    real = project.write("real.json", "old")
    (project.folder / "link.json").symlink_to(real)
    project.run("check", "--output", "json=link.json")
    assert (project.folder / "link.json").is_symlink()
    assert json.loads(real.read_text())["version"] == 1


def test_a_report_can_be_written_to_a_device(project):
    device = os.stat("/dev/null")
    if os.getuid():
        assert project.run("check", "--output", "json=/dev/null").code == 1
    else:  # never risk the machine's own
        fifo = project.folder / "fifo"
        os.mkfifo(fifo)
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        assert project.run("check", "--output", "json=fifo").code == 1
        assert json.loads(os.read(reader, 1 << 20))["version"] == 1
        os.close(reader)
        assert fifo.is_fifo()
    assert os.stat("/dev/null").st_rdev == device.st_rdev


def test_a_report_for_standard_output_by_its_path_is_whole(project):
    with open(project.folder / "both", "ab") as both:
        assert project.spawn("check", "--output", "json=/dev/stdout", stdout=both).code == 1
    text = (project.folder / "both").read_text()
    assert "error[port-out-of-range]" in text
    assert json.loads(text[text.index("{\n") :])["version"] == 1


def test_two_reports_are_not_mixed_on_standard_output(project):
    ran = project.run("check", "--output", "json=-")
    assert (ran.code, ran.out) == (2, "")
    assert "Write `--format json`" in ran.err
    assert not (project.folder / "-").exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["dev"], 0),
        (["prod"], 1),
        (["prod", "--only", "HOST"], 0),
        (["prod", "--only", "HOST", "--fail-on", "warning"], 1),
        (["prod", "--only", "HOST", "--fail-on", "info"], 1),
    ],
)
def test_the_threshold_decides_the_exit_code(project, options, code):
    assert project.run("check", *options).code == code


def test_what_is_unknown_has_its_own_exit_code(project):
    project.spec(
        "environments: {d: {values: [{dotenv: {path: x, dialect: ruby}}]}}\nvariables: {A: }"
    )
    project.env("A=$(date)\n", "x")
    ran = project.run("check")
    assert ran.code == 3
    assert "unknown: A could not be observed" in ran.out
    assert project.run("check", "--allow-unknown").code == 0


def test_quiet_prints_failures_only(project):
    assert project.run("check", "dev", "-q") == (0, "", "")
    ran = project.run("check", "-q", "prod")
    assert "error[port-out-of-range]" in ran.out
    assert "warning" not in ran.out.partition("\n\n")[0]


def test_waiting_gives_up_with_a_word(project):
    started = time.monotonic()
    ran = project.run("check", "prod", "--wait", "1s")
    assert ran.code == 1
    assert 0.9 < time.monotonic() - started < 10
    assert ran.err.startswith("assay: gave up after 1s and ")
    assert ran.out.count("error[port-out-of-range]") == 1
    assert project.run("check", "prod", "-q", "--wait", "0.1").err == ""


def test_waiting_ends_as_soon_as_all_is_well(project):
    with project.start("check", "prod", "--wait", "60s") as process:
        time.sleep(1.0)
        project.env("PORT=80\nHOST=db\n", "prod.env")
        out, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, err) == (0, b"")
    assert b"2 passed in prod" in out


def test_watching_checks_again_after_each_change_until_interrupted(project):
    with project.start("check", "prod", "--watch") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        seen = until(process, b"in prod\n")
        assert b"error[port-out-of-range]" in seen
        time.sleep(0.2)
        project.env("PORT=80\nHOST=db\n", "prod.env")
        assert b"2 passed in prod" in until(process, b"in prod\n")
        time.sleep(0.2)
        project.spec("variables: {PORT: {type: prot}}")
        assert b"help: Write `type: port`." in until(process, b"1 error\n")
        time.sleep(0.2)
        project.spec(SPEC)
        assert b"2 passed in prod" in until(process, b"in prod\n")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 130
    assert err.decode().endswith("assay: interrupted\n")
    assert b"Traceback" not in err


def until(process, mark: bytes) -> bytes:
    """What the process prints until a mark appears."""
    seen = b""
    deadline = time.monotonic() + TIMEOUT
    while mark not in seen:
        ready, _, _ = select.select([process.stdout], [], [], deadline - time.monotonic())
        assert ready, seen
        more = os.read(process.stdout.fileno(), 1 << 16)
        assert more, seen
        seen += more
    return seen


def test_the_spec_may_come_on_standard_input(project):
    ran = project.run("check", "--spec", "-", stdin="assay: 1\nvariables: {PORT: {type: port}}\n")
    assert ran.code == 0
    assert "HOST is set in .env, but no spec declares it" in ran.out
    bad = project.run("check", "--spec", "-", stdin="assay: 1\nvariables: {PORT: {type: prot}}\n")
    assert (bad.code, bad.out) == (2, "")
    assert "--> <stdin>:2:26" in bad.err


def test_an_invalid_spec_goes_to_standard_error_and_writes_no_report(project):
    project.spec("variables: {PORT: {type: prot}}")
    ran = project.run("check", "--output", "json=out.json")
    assert (ran.code, ran.out) == (2, "")
    assert "error[spec-wrong-value]" in ran.err
    assert not (project.folder / "out.json").exists()


def on_terminal(project, *argv: str, environ: dict[str, str] | None = None) -> str:
    """What a command prints to a terminal of 60 columns."""
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    env = {**os.environ, **(environ or {})}
    with project.start(*argv, stdout=theirs, env=env) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 1 << 16)
            except OSError:  # Linux says so when the other end has been closed
                break
            if not piece:
                break
            seen += piece
        process.communicate(timeout=TIMEOUT)
    os.close(ours)
    return seen.decode()


def test_colours_are_for_terminals_only(project):
    assert "\x1b[" in on_terminal(project, "check", "prod")
    assert "\x1b[" not in project.run("check", "prod").out


def test_a_terminals_width_is_kept(project):
    printed = on_terminal(project, "check", "prod", environ={"NO_COLOR": "1"})
    assert "\x1b[" not in printed
    assert max(map(len, printed.splitlines())) <= 60


@pytest.mark.parametrize(
    ("options", "environ", "coloured"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": ""}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--colour", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_who_asks_for_colours_gets_them(project, options, environ, coloured):
    ran = project.run("check", "prod", *options, environ=environ)
    assert ("\x1b[" in ran.out) == coloured


def test_a_dumb_terminal_gets_no_colours(project):
    assert "\x1b[" not in on_terminal(project, "check", "prod", environ={"TERM": "dumb"})


@pytest.mark.parametrize("columns", ["40", "nonsense", "7", "99999"])
def test_columns_is_kept_where_it_makes_sense(project, columns):
    ran = project.run("check", "prod", environ={"COLUMNS": columns})
    widest = max(len(line) for line in ran.out.splitlines() if "`" not in line)
    assert widest <= (40 if columns in ("40", "7") else 100)


def test_github_gets_annotations_and_a_step_summary(project):
    summary = project.write("summary.md", "before\n")
    environ = {"GITHUB_STEP_SUMMARY": str(summary)}
    ran = project.run("check", "prod", "--format", "github", environ=environ)
    assert ran.out.startswith("::error file=prod.env,line=1")
    text = summary.read_text()
    assert text.startswith("before\n")
    assert "port-out-of-range" in text


def test_a_step_summary_that_cant_be_written_is_told(project):
    lost = str(project.folder / "no" / "summary.md")
    environ = {"CI": "true", "GITHUB_STEP_SUMMARY": lost}
    ran = project.run("check", "--format", "github", environ=environ)
    assert ran.code == 2
    assert ran.err == (
        "assay: the step summary could not be written: no such file or directory\n"
        "  help: Check the path in GITHUB_STEP_SUMMARY.\n"
    )


def test_a_stream_of_a_small_alphabet_gets_escapes(project):
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding="ascii")
    os.chdir(project.folder)
    assert main(["check"], io.StringIO(), stdout, io.StringIO()) == 1
    stdout.flush()
    assert b"-- dev" in raw.getvalue()


def test_a_remembered_spec_is_forgotten_when_a_file_of_it_changes(project):
    assert project.run("check", "dev").code == 0
    project.spec(SPEC.replace("PORT: {", "PORT: {only-in: [ci], "))
    assert project.run("check", "dev").code == 1
    project.spec("variables: {NEW: }", "specs/more.yaml")
    assert "NEW is not set" in project.run("check", "dev").out


STRAY = """\
assay: 1
environments: {p: {values: [{dotenv: .env}]}}
variables:
  A1: {type: port}
  A2: {type: enum, options: [a, b]}
  A3: {type: boolean}
  A4: {type: text, pattern: "[a-z]+"}
  HOOK: {type: url}
  SLIP: {type: port}
rules:
  r: {assert: "HOOK == 'x'", message: it is another}
"""
STRAYED = {
    "A1": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "A2": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
    "A3": "5d41402abc4b2a76b9719d911017c592",
    "A4": "Tr0ub4dor-and-3-horses!",
    "HOOK": "https://hooks.slack.com/services/T0ABCDE12/B0ABCDE34/zq9abcdEFGH1234ijklMN56",
}


@pytest.mark.parametrize("form", ["text", "html", "json", "sarif"])
def test_a_key_in_the_wrong_variable_is_not_shown(project, form):
    project.spec(STRAY)
    project.env("".join(f"{n}={v}\n" for n, v in STRAYED.items()) + "SLIP=80800\n")
    ran = project.run("check", "--format", form)
    assert ran.code == 1
    assert not [name for name, value in STRAYED.items() if value in ran.said]
    assert form != "text" or "SLIP=80800" in ran.out


@pytest.mark.parametrize("literal", ["[object Object]", "undefined", "<no value>"])
def test_a_stand_in_is_named_in_its_own_message(project, literal):
    project.spec(
        "assay: 1\nenvironments: {p: {values: [process]}}\nvariables: {A: {secret: true}}\n"
    )
    ran = project.run("check", environ={"A": literal})
    assert f'A is the text "{literal}"' in ran.out

"""`assay run`: checks, then becomes the program, with the values as the application reads them."""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import pytest
from tests.project import TIMEOUT

from assay.cli.run import attended

SPEC = """\
environments:
  dev:
    values: [{dotenv: .env}, {dotenv: {path: .env.local, optional: true}}]
  shell:
    values: [{dotenv: {path: .env, dialect: shell}}]
  here: {values: [process]}
variables:
  PORT: {type: port}
  WORKERS: {type: integer, default: 4}
  API_KEY: {secret: true, required: false}
"""
KEY = "9fK2mQ7xT4vL8wR3pZ6y"
PRINT = "import json, os; print(json.dumps(dict(os.environ)))"


@pytest.fixture(autouse=True)
def _project(project):
    project.spec(SPEC)
    project.env(f"PORT=80\nAPI_KEY={KEY}\n")


def python(code: str) -> list[str]:
    return ["--", sys.executable, "-c", code]


def seen(project, *options: str, env: dict[str, str] | None = None) -> dict[str, str]:
    """The environment that the program sees."""
    more = {} if env is None else {"env": {**os.environ, **env}}
    ran = project.spawn("run", *options, *python(PRINT), **more)
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, str] = json.loads(ran.out)
    return found


def test_the_program_sees_the_values_over_those_of_the_process(project):
    project.env("PORT=81\n", ".env.local")
    found = seen(project, "dev", env={"PORT": "1", "OTHER": "kept"})
    assert (found["PORT"], found["API_KEY"], found["OTHER"]) == ("81", KEY, "kept")
    assert "WORKERS" not in found


def test_values_are_what_the_dialect_reads(project):
    project.env("""PORT=80\nSTRANGE=' a$b "c" #d '\nEMPTY=\nMORE="1\n2"\nUMLAUT=ä\n""")
    found = seen(project, "dev")
    assert found["STRANGE"] == ' a$b "c" #d '
    assert (found["EMPTY"], found["MORE"], found["UMLAUT"]) == ("", "1\n2", "ä")


def test_defaults_are_given_on_demand(project):
    assert seen(project, "dev", "--defaults")["WORKERS"] == "4"


def test_a_clean_environment_holds_what_is_declared_and_the_basics(project):
    project.env("PORT=80\nUNDECLARED=1\n")
    found = seen(project, "dev", "--clean", env={"OTHER": "1", "HOME": "/h", "LC_ALL": "C.UTF-8"})
    assert (found["PORT"], found["HOME"], found["LC_ALL"]) == ("80", "/h", "C.UTF-8")
    assert {"PATH", "OTHER", "UNDECLARED"} & found.keys() == {"PATH"}


@pytest.mark.parametrize(
    ("environ", "kept"),
    [
        ({"LC_CTYPE": "C.UTF-8"}, False),
        ({"LC_CTYPE": "C.utf8", "LANG": "C"}, False),
        ({"LC_CTYPE": "de_DE.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "de_DE.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8", "LC_ALL": "de_DE.UTF-8"}, True),
    ],
)
def test_a_clean_environment_lacks_what_python_itself_sets(project, environ, kept, monkeypatch):
    given: dict[str, str] = {}

    def launch(_program: object, environ: dict[str, str], *_: object, **__: object) -> int:
        given.update(environ)
        return 0

    monkeypatch.setattr("assay.cli.run.launch", launch)
    project.env("PORT=80\n")
    nothing = {"LC_ALL": "", "LANG": ""}
    assert project.run("run", "dev", "--clean", "--", "x", environ={**nothing, **environ}).code == 0
    assert ("LC_CTYPE" in given) == kept


def test_a_process_source_brings_what_is_declared(project):
    assert seen(project, "here", "--clean", env={"PORT": "90", "X": "1"})["PORT"] == "90"


def test_a_failed_check_is_told_on_standard_error_and_nothing_is_started(project):
    project.env("PORT=eighty\n")
    ran = project.spawn("run", "dev", *python("print('started')"))
    assert (ran.code, ran.out) == (1, "")
    assert "error[port-malformed]: PORT" in ran.err or "PORT is not a port number" in ran.err
    assert "1 error" in ran.err


def test_the_threshold_and_the_selection_are_those_of_check(project):
    project.env("PORT=80\nUNDECLARED=1\n")
    assert project.run("run", "dev", "--fail-on", "warning", "--", "true").code == 1
    project.env("PORT=eighty\nAPI_KEY=undefined\n")
    ran = project.run("run", "dev", "--only", "PORT", "--", "true")
    assert (ran.code, "PORT" in ran.err, "API_KEY" in ran.err) == (1, True, False)


def test_what_could_not_be_observed_ends_with_3_unless_allowed(project):
    project.env("PORT=80\nAPI_KEY=$(cat key)\n")
    assert project.run("run", "shell", "--", "true").code == 3
    ran = project.spawn("run", "shell", "--allow-unknown", *python(PRINT))
    assert ran.code == 0
    assert "API_KEY" not in json.loads(ran.out)
    assert ran.err == "assay: API_KEY can't be read from .env, so CMD starts without it\n"


def test_no_check_starts_the_program_whatever_is_wrong(project):
    project.env("PORT=eighty\n")
    assert seen(project, "dev", "--no-check")["PORT"] == "eighty"


def test_verbose_prints_the_report_before_the_program_starts(project):
    ran = project.spawn("run", "dev", "-v", *python("print('started')"))
    assert (ran.code, ran.out) == (0, "started\n")
    assert "passed: PORT (variable)" in ran.err


def test_words_behind_the_dashes_belong_to_the_program(project):
    code = "import sys; print(sys.argv[1:])"
    ran = project.spawn("run", "dev", *python(code), "--only", "x", "--", "-v", "--help")
    assert ran.out == "['--only', 'x', '--', '-v', '--help']\n"


@pytest.mark.parametrize("code", [0, 1, 7, 255])
def test_the_exit_code_is_the_programs(project, code):
    assert project.spawn("run", "dev", *python(f"raise SystemExit({code})")).code == code


def test_streams_are_the_programs(project):
    code = "import sys; d = sys.stdin.buffer.read(); sys.stdout.buffer.write(d[::-1])"
    with project.start("run", "dev", *python(code), stdin=-1) as process:
        out, err = process.communicate(b"\x00\xffabc", timeout=TIMEOUT)
    assert (out, err, process.returncode) == (b"cba\xff\x00", b"", 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_reach_the_program_itself(project, number):
    code = "import time; print('ready', flush=True); time.sleep(60)"
    with project.start(
        "run", "dev", *python(f"import signal; signal.signal({int(number)}, 0)\n{code}")
    ) as process:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        assert process.wait(TIMEOUT) == -number


def test_a_closed_pipe_ends_the_program_as_it_would_without_assay(project):
    with project.start("run", "dev", "--", "yes") as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(TIMEOUT) == -signal.SIGPIPE
        assert process.stderr.read() == b""


def test_the_values_are_in_no_argument(project):
    with project.start(
        "run", "dev", *python("import time; print(1, flush=True); time.sleep(60)")
    ) as process:
        process.stdout.readline()
        with open(f"/proc/{process.pid}/cmdline", "rb") as file:
            assert KEY.encode() not in file.read()
        process.kill()


@pytest.mark.parametrize(
    ("words", "code", "message", "remedy"),
    [
        ([], 2, "there is no program to start", "`assay run dev -- npm start`"),
        (["--"], 2, "there is no program to start", "after --"),
        (["npm", "start"], 2, "put the program after --", "`assay run dev -- npm ...`"),
        (["prod", "--", "npm"], 2, "prod before --", "Name one environment"),
        (["--", "no-such-program"], 127, "no-such-program was not found on PATH", "install it"),
        (["--", "./no-such"], 127, "./no-such was not found", "Fix the path"),
        (["--", "./plain"], 126, "./plain is not executable", "chmod +x"),
        (["--", "./specs"], 126, "./specs is a folder", "Name a program inside it."),
        (["--", "./odd"], 126, "./odd has a format that this system can't execute", "#!/bin/sh"),
        (["--", ""], 2, "there is no program to start", "after --"),
    ],
)
def test_what_can_t_be_started_has_its_code_and_its_remedy(project, words, code, message, remedy):
    project.write("plain", "#!/bin/sh\n").chmod(0o644)
    project.write("odd", "echo hello\n").chmod(0o755)
    ran = project.spawn("run", "dev", *words)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("assay: ")
    assert message in ran.err
    assert remedy in ran.err
    assert "Traceback" not in ran.err


def test_an_unknown_environment_is_a_usage_error(project):
    ran = project.run("run", "dve", "--", "true")
    assert ran.code == 2
    assert "dve is not an environment: did you mean dev?" in ran.err


def test_a_value_that_no_environment_can_hold_is_named_and_left_out(project):
    project.env(b"PORT=80\nAPI_KEY=a\0b-9fK2mQ7xT4vL8wR3pZ6y\n")
    ran = project.spawn("run", "dev", "--no-check", *python(PRINT))
    assert "API_KEY" not in json.loads(ran.out)
    assert (
        "assay: API_KEY contains bytes that no environment variable can, so CMD starts without it"
        in ran.err
    )
    assert KEY not in ran.err


def test_values_too_large_for_the_system_are_an_error_of_one_line(project):
    project.env(f"PORT=80\nBIG={'x' * 3_000_000}\n")
    ran = project.spawn("run", "dev", "--", "true")
    assert ran.code == 126
    assert ran.err.startswith("assay: the environment is too large to start true\n")


def test_the_program_is_not_kept_waiting(project):
    before = time.monotonic()
    assert project.spawn("run", "dev", "--", "true").code == 0
    assert time.monotonic() - before < 10


def test_where_a_process_can_t_be_replaced_the_program_is_attended_to_its_end():
    code = "import os; raise SystemExit(3 if os.environ['A'] == 'b' else 4)"
    before = signal.getsignal(signal.SIGINT)
    assert attended([sys.executable, "-c", code], {**os.environ, "A": "b"}) == 3
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(FileNotFoundError):
        attended(["no-such-program"], dict(os.environ))


def test_without_its_values_a_program_is_not_started(project):
    project.env(b"PORT=80\nAPI_KEY=a\0b-9fK2mQ7xT4vL8wR3pZ6y\n")
    ran = project.spawn("run", "dev", *python("print('started')"))
    assert (ran.code, "variable-nul" in ran.err, "started" in ran.out) == (1, True, False)
    project.env(b"PORT=80\nUNDECLARED=a\0b\n")
    ran = project.spawn("run", "dev", *python("print('started')"))
    assert (ran.code, "started" in ran.out) == (126, False)
    assert (
        "UNDECLARED contains bytes that no environment variable can, so CMD is not started"
        in ran.err
    )


def test_signals_are_as_before_if_the_program_can_not_start(project):
    project.spec(SPEC)
    project.env("PORT=80\n")
    before = signal.getsignal(signal.SIGPIPE)
    assert project.run("run", "dev", "--", "no-such-program").code == 127
    assert signal.getsignal(signal.SIGPIPE) == before

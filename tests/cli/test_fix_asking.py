"""`assay fix ENV --apply` on a terminal: what it asks, and what becomes of the answers."""

from __future__ import annotations

import contextlib
import getpass
import io
import os
import pty
import sys
import termios
import time
import warnings

import pytest
from tests.cli.test_fix import SECRET, SPEC, URL

from assay.cli import main


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def shop(project):
    project.spec(SPEC)
    return project


@pytest.fixture
def asked(project, monkeypatch):
    """Run a command at a terminal with answers to its hidden and to its open questions."""

    def run(*argv, hidden=(), seen=(), reads=None):
        answers = iter(hidden)

        def hide(prompt):
            error.write(prompt)
            given = next(answers, None)
            if given is None:
                raise EOFError
            return given

        monkeypatch.setattr(getpass, "getpass", hide if reads is None else reads)
        out, error = io.StringIO(), Terminal()
        lines = Terminal("".join(f"{line}\n" for line in seen))
        with contextlib.chdir(project.folder):
            code = main(["fix", *argv, "--apply"], lines, out, error)
        return code, out.getvalue(), error.getvalue()

    return run


def text(project, path=".env"):
    return (project.folder / path).read_text()


def test_an_empty_machine_ends_with_a_clean_check(shop, asked):
    code, out, said = asked("laptop", hidden=[URL], seen=["shop.example.com"])
    assert code == 0
    assert out.endswith("passed in laptop\n")
    assert text(shop).endswith(f"\nHOST=shop.example.com\nDATABASE_URL={URL}\n")
    assert said == (
        "Each answer is checked, then written. Press Enter to skip one, Ctrl-C to stop.\n"
        "\nHOST: a host name\n  Where the shop is found.\n  for example api.example.com\n"
        "  value: "
        "\nDATABASE_URL: a PostgreSQL connection string, secret\n"
        "  get it here: the vault, under shop/database\n"
        "  value (hidden): "
    )
    assert asked("laptop") == (0, "4 passed in laptop\n", "")


def test_an_answer_that_is_wrong_is_explained_and_asked_again(shop, asked):
    shop.env(f"HOST=shop.example.com\nSESSION_SECRET={SECRET}\n")
    code, _, said = asked("laptop", hidden=["mysql://app:9fK2mQ7xT4vL8wR3pZ6y@db/x", URL])
    assert code == 0
    assert "DATABASE_URL is not a PostgreSQL connection string" in said
    assert "help: Change the start of DATABASE_URL" in said
    assert "9fK2mQ7x" not in said
    assert URL not in said


def test_what_was_answered_is_kept_when_the_rest_is_not(shop, asked):
    code, _, _ = asked("laptop", seen=["shop.example.com"])  # the input ends at the second
    assert code == 1
    assert "HOST=shop.example.com\n" in text(shop)
    code, _, said = asked("laptop", hidden=[URL])
    assert code == 0
    assert "HOST:" not in said


def test_an_empty_answer_skips_a_variable(shop, asked):
    code, out, _ = asked("laptop", hidden=[URL], seen=[""])
    assert code == 1
    assert "HOST is not set in .env" in out
    assert f"DATABASE_URL={URL}\n" in text(shop)


def test_an_answer_may_demand_others(project, asked):
    project.spec(
        "environments: {dev: {values: [{dotenv: .env}]}}\n"
        "variables:\n"
        "  PLAN: {type: enum, options: [free, paid]}\n"
        "  SALT: {type: hex, bytes: 16, secret: true, required: PLAN == 'paid'}\n"
        "  SELLER: {required: PLAN == 'paid', example: Acme}\n"
    )
    code, out, said = asked("dev", seen=["cheap", "paid", "Shop & Co"])
    assert code == 0
    assert "one of free or paid" in said
    assert "PLAN is not one of" in said or "PLAN" in said
    assert "for example Acme" in said
    assert ".env: set SALT to a new random secret" in said
    lines = text(project).splitlines()
    assert lines[0] == "PLAN=paid"
    assert "SELLER=Shop & Co" in lines
    assert out.endswith("passed in dev\n")


def test_a_key_of_several_lines_comes_from_a_file(project, asked):
    project.spec(
        "environments: {dev: {values: [{dotenv: .env}]}}\n"
        "variables: {PEM: {type: private-key, obtain: the vault}}\n"
    )
    key = project.run("key", "generate", "-q", "--cipher", "ec", "--encoding", "pem").out
    project.write("key.pem", key)
    code, _, said = asked("dev", seen=["nowhere.pem", "key.pem"])
    assert (code, said.count("path of the file")) == (0, 2)
    assert "nowhere.pem can't be read: there is no such file" in said
    assert key.split("\n")[1] not in said


def test_a_value_that_the_file_can_not_hold_is_refused(project, asked):
    project.spec(
        "environments: {dev: {values: [{dotenv: {path: .env, dialect: docker}}]}}\n"
        "variables: {PEM: {type: private-key, obtain: the vault}}\n"
    )
    key = project.run("key", "generate", "-q", "--cipher", "ec", "--encoding", "pem").out
    project.write("key.pem", key)
    _, _, said = asked("dev", seen=["key.pem"])
    assert ".env can't hold this value: enter a different one" in said
    assert text(project) == ""


def test_what_is_no_text_is_asked_again(shop, asked):
    """A terminal may pass on bytes that are not UTF-8: Python raises, or makes surrogates."""
    shop.env(f"HOST=shop.example.com\nSESSION_SECRET={SECRET}\n")
    answers = iter([b"\xff", "\udcff", URL])

    def entered(_prompt):
        given = next(answers)
        return given.decode() if isinstance(given, bytes) else given

    code, _, said = asked("laptop", reads=entered)
    assert (code, said.count("this is not valid UTF-8: enter it again")) == (0, 2)
    assert f"DATABASE_URL={URL}\n" in text(shop)


def test_an_interrupted_run_says_that_it_can_be_continued(shop, asked):
    shop.env(f"HOST=shop.example.com\nSESSION_SECRET={SECRET}\n")

    def interrupted(_prompt):
        raise KeyboardInterrupt

    code, out, said = asked("laptop", reads=interrupted)
    assert (code, out) == (130, "")
    assert said.endswith(
        "\n  what you entered is saved: run this again to continue\nassay: interrupted\n"
    )


def test_an_answer_that_is_no_secret_hides_nothing(project, asked):
    project.spec(
        "environments: {dev: {values: [{dotenv: .env}]}}\n"
        "variables: {STATE: {}, TOKEN: {secret: true}}\n"
    )
    _, out, _ = asked("dev", seen=["missing"])
    assert "error[variable-missing]: TOKEN is not set in .env" in out


def test_nothing_is_asked_that_a_terminal_would_show(shop, monkeypatch):
    shop.env(f"HOST=shop.example.com\nSESSION_SECRET={SECRET}\n")

    def unhidden(_prompt):
        warnings.warn("can't control echo", getpass.GetPassWarning, stacklevel=1)
        raise AssertionError

    monkeypatch.setattr(getpass, "getpass", unhidden)
    out, error = io.StringIO(), Terminal()
    with contextlib.chdir(shop.folder):
        code = main(["fix", "laptop", "--apply"], Terminal(), out, error)
    assert code == 1
    assert "this terminal would show what is entered" in error.getvalue()


def test_a_real_terminal_shows_no_secret(shop):
    """What is typed at a pseudo-terminal is not echoed while a secret is asked for."""
    shop.env(f"HOST=shop.example.com\nSESSION_SECRET={SECRET}\n")
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - becomes the command
        os.chdir(shop.folder)
        os.execv(sys.executable, [sys.executable, "-m", "assay", "fix", "laptop", "--apply"])
    said = b""
    with contextlib.suppress(OSError):
        while b"(hidden): " not in said:
            said += os.read(terminal, 4096)
        until = time.monotonic() + 10
        while termios.tcgetattr(terminal)[3] & termios.ECHO and time.monotonic() < until:
            time.sleep(0.01)
        os.write(terminal, f"{URL}\n".encode())
        while part := os.read(terminal, 4096):
            said += part
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    assert b"passed" in said
    assert b"s3same" not in said
    assert f"DATABASE_URL={URL}\n" in text(shop)

"""Ctrl-C ends a command once, cleanly, whenever it comes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest
from tests.project import TIMEOUT, Started

START = """
import os, signal
from assay.cli import interrupts
signal.signal(signal.SIGINT, signal.SIG_DFL)
interrupts.listen()
def press():
    os.kill(os.getpid(), signal.SIGINT)
"""


def says(script: str) -> str:
    """What a script prints in a process of its own, where nobody else listens."""
    done = subprocess.run(
        [sys.executable, "-c", START + script], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_an_interrupt_is_an_exception_at_once():
    assert says("try: press()\nexcept KeyboardInterrupt: print('at once', interrupts.seen())") == (
        "at once True\n"
    )


def test_one_that_a_callback_swallows_is_raised_by_the_next_look():
    script = """
class Callback:
    def __del__(self):
        press()
Callback()
print("swallowed")
try:
    interrupts.check()
except KeyboardInterrupt:
    print("remembered")
"""
    assert says(script) == "swallowed\nremembered\n"


def test_nothing_is_raised_where_nothing_came():
    assert says("interrupts.check()\nwith interrupts.held(): pass\nprint(interrupts.seen())") == (
        "False\n"
    )


def test_held_work_is_finished_first():
    script = """
try:
    with interrupts.held():
        press()
        print("finished")
    print("not reached")
except KeyboardInterrupt:
    print("then interrupted")
"""
    assert says(script) == "finished\nthen interrupted\n"


def test_a_second_interrupt_does_not_wait():
    script = """
try:
    with interrupts.held():
        press()
        press()
        print("not reached")
except KeyboardInterrupt:
    print("interrupted")
"""
    assert says(script) == "interrupted\n"


def test_an_error_in_held_work_stays_the_error():
    script = """
try:
    with interrupts.held():
        press()
        raise ValueError
except ValueError:
    print("error", interrupts.seen())
"""
    assert says(script) == "error True\n"


@pytest.mark.parametrize("handler", ["signal.SIG_IGN", "print"])
def test_whoever_wants_the_signal_keeps_it(handler):
    script = f"signal.signal(signal.SIGINT, {handler})\ninterrupts.listen()\n"
    assert says(f"{script}print(signal.getsignal(signal.SIGINT) is {handler})") == "True\n"


def test_an_interrupt_that_became_another_error_is_no_bug_of_ours(project):
    project.spec("variables: {PORT: {type: port}}\nenvironments: {dev: {values: [process]}}")
    script = """
from assay.cli import check, main
def swallowed(*_):
    try:
        press()
    except KeyboardInterrupt:
        raise RuntimeError("a library made this of it")
check.run = swallowed
raise SystemExit(main(["check"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", START + script],
        capture_output=True,
        text=True,
        check=False,
        cwd=project.folder,
    )
    assert (done.returncode, done.stderr) == (130, "assay: interrupted\n")


WATCH = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
print("ready", flush=True)
from assay.cli import program
sys.argv = ["assay", "check", "--watch", "--format", "json"]
program()
"""


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.1, 0.2, 0.4, 0.8])
def test_watching_ends_whenever_the_interrupt_comes(project, delay):
    project.spec("variables: {PORT: {type: port, when: 'environment != \"x\"'}}")
    project.env("".join(f"NAME_{n}=value\n" for n in range(5_000)))
    with Started(
        [sys.executable, "-c", WATCH],
        cwd=project.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
    # Before the command begins, the signal ends the process as it ends any other.
    assert process.returncode in (130, -signal.SIGINT), err
    assert process.returncode < 0 or err.decode().endswith("assay: interrupted\n")
    assert b"Traceback" not in err
    assert not out or json.loads(out), "a report is whole or not there"

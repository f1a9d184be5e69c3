"""Runs commands in turns, A B A B, so that what else the machine does meets them all alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


class Command(NamedTuple):
    """A program to measure."""

    name: str
    arguments: tuple[str, ...]
    folder: Path
    environ: Mapping[str, str]
    expected: int = 0
    """The exit code, by which it is known that it did its work."""
    before: Callable[[], Mapping[str, str]] | None = None
    """Makes ready for one run, untimed; what it returns is added to the environment."""


class Sample(NamedTuple):
    """What one run took, in seconds."""

    wall: float
    cpu: float


class Timing(NamedTuple):
    """The runs of one command."""

    samples: tuple[Sample, ...]

    @property
    def wall(self) -> float:
        """The median of the elapsed seconds."""
        return statistics.median(sample.wall for sample in self.samples)

    @property
    def cpu(self) -> float:
        """The median of the processor's seconds, for the program and for the kernel."""
        return statistics.median(sample.cpu for sample in self.samples)


class WrongExit(Exception):  # noqa: N818 - says what happened
    """A command did not do what it is measured for."""


def output(command: Command) -> tuple[int, str]:
    """The exit code of a command and all that it prints."""
    more = command.before() if command.before else {}
    done = subprocess.run(
        command.arguments,
        cwd=command.folder,
        env={**command.environ, **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode(errors="replace")


def once(command: Command) -> Sample:
    """Run a command.

    Raises:
        WrongExit: its exit code is another than expected.

    """
    more = command.before() if command.before else {}
    environ = {**command.environ, **more}
    with open(os.devnull, "r+b") as nothing:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.arguments, cwd=command.folder, env=environ,
            stdin=nothing, stdout=nothing, stderr=nothing,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != command.expected:
        _, text = output(command)
        raise WrongExit(f"{command.name}: exit {process.returncode}\n{text[-2000:]}")
    return Sample(wall, used.ru_utime + used.ru_stime)


def in_turns(commands: Sequence[Command], runs: int) -> dict[str, Timing]:
    """Run all commands so many times, each once in every round; a first round warms the cache."""
    for command in commands:
        once(command)
    found: dict[str, list[Sample]] = {command.name: [] for command in commands}
    for number in range(runs):
        ordered = commands if number % 2 == 0 else commands[::-1]
        for command in ordered:
            found[command.name].append(once(command))
    return {name: Timing(tuple(samples)) for name, samples in found.items()}


_LAUNCHER = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss)
"""


def peak_memory(command: Command) -> int:
    """The most memory that a command held, in the system's units.

    A process is charged for what its parent held when it forked, so a small one starts it.
    """
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command.arguments],
        cwd=command.folder,
        env=dict(command.environ),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    code, memory = map(int, done.stdout.split())
    if code != command.expected:
        raise WrongExit(f"{command.name}: exit {code}")
    return memory

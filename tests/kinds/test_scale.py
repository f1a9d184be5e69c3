"""Judging a large environment takes time in proportion to it."""

from __future__ import annotations

import time

import pytest


def seconds(project, spec: str, env: str) -> float:
    project.spec(spec)
    project.env(env)
    started = time.process_time()
    assert project.run("check", "-q").code == 1
    return time.process_time() - started


@pytest.mark.parametrize("what", ["missing", "misspelled", "undeclared", "malformed"])
def test_faults_by_the_thousand_take_linear_time(project, what):
    def timed(count: int) -> float:
        spec = "undeclared: fail\nvariables:\n"
        names = [f"NAME_{number:x}_OF_MANY" for number in range(count)]
        spec += "".join(f"  {name}: {{type: port}}\n" for name in names)
        env = {
            "missing": "",
            "misspelled": "".join(f"{name}X=1\n" for name in names),
            "undeclared": "".join(f"OTHER{name[::-1]}=1\n" for name in names),
            "malformed": "".join(f"{name}=x\n" for name in names),
        }
        return seconds(project, spec, env[what])

    small, large = timed(500), timed(4_000)
    assert large < 8 * 3 * small + 0.5

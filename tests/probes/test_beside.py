"""Pieces of work run side by side, each with its own limit."""

from __future__ import annotations

from threading import Event

import pytest

from assay.probes import side_by_side


def test_what_takes_too_long_is_left_out_and_given_to_whoever_wants_it_late():
    go, came = Event(), Event()
    late: list[str] = []

    def slow() -> str:
        go.wait(10)
        return "late"

    def keep(made: str) -> None:
        late.append(made)
        came.set()

    work = {"slow": slow, "quick": lambda: "in time"}
    answers = side_by_side(work, {"slow": 0.05, "quick": 10.0}.__getitem__, keep)
    assert answers == {"quick": "in time"}
    go.set()
    assert came.wait(10)
    assert late == ["late"]


def test_what_is_raised_is_raised_where_it_is_waited_for():
    def fail() -> str:
        raise TimeoutError("of its own")

    with pytest.raises(TimeoutError, match="of its own"):
        side_by_side({"one": fail}, lambda _: 10.0)


def test_what_is_raised_too_late_is_no_one_s(recwarn):
    go, done = Event(), Event()

    def fail() -> None:
        go.wait(10)
        done.set()
        raise ValueError("nobody hears of it")

    assert side_by_side({"one": fail}, lambda _: 0.02) == {}
    go.set()
    assert done.wait(10)
    assert not recwarn.list

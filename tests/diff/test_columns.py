"""Environments as they are compared, where their sources don't answer."""

from __future__ import annotations

from typing import Any

import pytest

import assay
from assay.comparison import Pepper
from assay.diff.columns import kept, live_column
from assay.facts import Listing, Reading, Setting, SourceReading, State, Unobservable

GONE = Unobservable(reason="vercel did not answer within 30 seconds")


@pytest.mark.parametrize(
    ("listing", "reading", "trouble"),
    [
        (GONE, GONE, "vercel did not answer within 30 seconds"),
        (GONE, Reading(source=".env"), "vercel did not answer within 30 seconds"),
        ({}, Reading(source=".env"), ""),
    ],
)
def test_a_source_that_does_not_answer_makes_the_environment_unknown(
    project, listing, reading, trouble
):
    project.spec("variables: {A: {required: false}}")
    spec = assay.load(working=str(project.folder))
    answers: dict[Any, object] = {Listing("default"): listing, SourceReading("default", 0): reading}
    column = live_column(spec, "default", lambda _: answers, Pepper.of_run())
    assert column.trouble == trouble
    assert column.cell("variables", "A").state == (State.DENIED if trouble else State.MISSING)
    assert column.cell("keys", "a").state is State.DENIED


@pytest.mark.parametrize("state", [State.UNREADABLE, State.DENIED, State.DIGEST])
def test_what_cannot_be_read_back_keeps_its_state_and_no_reason(project, state):
    project.spec("variables: {A: {required: false}}")
    spec = assay.load(working=str(project.folder))
    listing = {"A": Setting(state=state, source="vercel")}
    answers: dict[Any, object] = {
        Listing("default"): listing,
        SourceReading("default", 0): Reading(source=".env"),
    }
    column = live_column(spec, "default", lambda _: answers, Pepper.of_run())
    assert "from vercel" in column.cell("variables", "A").reason
    entry = kept(column).variables["A"]
    assert (entry.state, entry.digest) == (state.value, "")

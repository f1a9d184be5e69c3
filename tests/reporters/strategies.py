"""Reports with anything in them, lone surrogates and control characters included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from assay.model import Category, Finding, Location, Outcome, Related, Report, Rule, Severity
from assay.reporters.base import Context, Quoted

if TYPE_CHECKING:
    from collections.abc import Callable


def quoting(line: str | None) -> Callable[[Location], Quoted | None]:
    """What shows the same line for every place."""
    return lambda at: None if line is None else Quoted(line, at)


NASTY = "\x00\x07\x1b\x7f\x85\u200b\u202e\u2028\u2066\ufffe\uffff\ud800\udc80\U000e0001\r\n\t"
texts = st.one_of(
    st.text(st.characters(), max_size=30),
    st.text(st.sampled_from(NASTY + "|`<>&%:,;*_[]{}()@#\\/日e\u0301 ab1."), max_size=30),
    st.sampled_from(["", "::error::", "]]>", "..", "/", "//x", "a" * 700]),
)
numbers = st.none() | st.integers(1, 2000)
locations = st.builds(
    Location, file=texts, line=numbers, column=numbers, end_line=numbers, end_column=numbers
)
findings = st.builds(
    Finding,
    outcome=st.sampled_from(Outcome),
    kind=texts,
    subject=texts,
    environment=st.sampled_from(["", "production", "spec", "\udcff/x"]) | texts,
    rule=st.sampled_from(["", "known"]) | texts,
    severity=st.sampled_from(Severity),
    category=st.sampled_from(Category),
    message=texts,
    remedy=texts,
    notes=st.lists(texts, max_size=2).map(tuple),
    location=st.none() | locations,
    related=st.lists(st.builds(Related, label=texts, location=locations), max_size=2).map(tuple),
    sensitive=st.booleans(),
    cause=texts,
    waiver=st.just("") | texts,
)
reports = st.builds(
    Report.of,
    st.lists(findings, max_size=6),
    project=texts,
    environments=st.lists(st.just("production") | texts, max_size=3, unique=True),
)
rules = st.builds(
    Rule,
    code=st.just("known"),
    category=st.sampled_from(Category),
    message=texts,
    remedy=texts,
    why=texts,
    severity=st.sampled_from(Severity),
    bad=texts,
    good=texts,
)
contexts = st.builds(
    lambda rule, line, **more: Context(
        version="0.1.0", rules=lambda: {"known": rule}, excerpt=quoting(line), **more
    ),
    rules,
    st.none() | texts | texts.map(lambda text: text * 60),
    root=st.sampled_from([".", "", "apps/billing", "/srv/billing"]),
    fail_on=st.sampled_from(Severity),
    allow_unknown=st.booleans(),
    colour=st.booleans(),
    width=st.integers(0, 120),
    quiet=st.booleans(),
    verbose=st.booleans(),
)

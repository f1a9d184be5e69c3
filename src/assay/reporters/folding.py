"""A rule with many subjects is reported once, with the list of the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from assay.judging import counted_as
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.model import Finding

LEAST = 4
"""Findings that say the same of different subjects; fewer are reported one by one."""
MOST = 40
"""Subjects that a note lists."""
_FOLDED = ("failed", "warned", "noted", "unknown")


def groups(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Findings in their order; those that say the same of different subjects come together."""
    every = list(findings)
    keys = [_said(finding) if counted_as(finding) in _FOLDED else () for finding in every]
    alike: dict[object, list[Finding]] = {}
    for key, finding in zip(keys, every, strict=True):
        alike.setdefault(key, []).append(finding)
    many = {key for key, same in alike.items() if len({one.subject for one in same}) >= LEAST}
    for key, finding in zip(keys, every, strict=True):
        if not key or key not in many:
            yield [finding]
        elif alike[key][0] is finding:
            yield alike[key]


def folded(findings: Iterable[Finding]) -> list[Finding]:
    """The first of each group, with a note of what the same holds for."""
    return [_with_others(first, others) for first, *others in groups(findings)]


def _with_others(finding: Finding, others: list[Finding]) -> Finding:
    if not others:
        return finding
    return msgspec.structs.replace(finding, notes=(*finding.notes, others_of(finding, others)))


def others_of(finding: Finding, others: list[Finding]) -> str:
    """`the same goes for 2 more: A (.env:3) and B (.env:9)`."""
    shown = [_named(other, finding) for other in others[:MOST]]
    left = len(others) - MOST
    names = listed([*shown, f"{left} others"] if left > 0 else shown)
    return f"the same goes for {len(others)} more: {names}"


def _named(other: Finding, first: Finding) -> str:
    """A subject with its line, and its file if that is another one."""
    at, seen = other.location, first.location
    if at is None or at.line is None:
        return other.subject
    if seen is not None and seen.file == at.file:
        return f"{other.subject} (line {at.line})"
    return f"{other.subject} ({at.file}:{at.line})"


def _said(finding: Finding) -> tuple[object, ...]:
    """What a finding says, whatever its subject is called."""
    texts = (finding.message, finding.remedy, finding.cause, *finding.notes)
    subject = re.compile(rf"(?<!\w){re.escape(finding.subject)}(?!\w)")
    said = [subject.sub("\0", text) for text in texts]
    return (finding.rule, finding.severity, finding.outcome, finding.environment, *said)

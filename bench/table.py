"""Rows of results, and the table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.measure import Timing


class Row(NamedTuple):
    """One result beside its target."""

    what: str
    result: str
    elapsed: str = ""
    """The same by elapsed time, where `result` is by processor time."""
    target: str = ""
    met: bool | None = None


def at_most(what: str, timing: Timing, base: Timing, limit: float | None = None) -> Row:
    """How many times the base something takes, and whether that is within the limit."""
    cpu, wall = timing.cpu / base.cpu, timing.wall / base.wall
    if limit is None:
        return Row(what, times(cpu), times(wall))
    return Row(what, times(cpu), times(wall), f"≤ {limit:g}", max(cpu, wall) <= limit)


def at_least(what: str, timing: Timing, base: Timing, limit: float | None = None) -> Row:
    """How many times the base something takes, and whether that is no less than the limit."""
    cpu, wall = timing.cpu / base.cpu, timing.wall / base.wall
    if limit is None:
        return Row(what, times(cpu), times(wall))
    return Row(what, times(cpu), times(wall), f"≥ {limit:g}", min(cpu, wall) >= limit)


def times(ratio: float) -> str:
    """A ratio as it stands in the table."""
    return f"{ratio:.2f}" if ratio < 20 else f"{ratio:.0f}"


def markdown(title: str, rows: Sequence[Row]) -> str:
    """A table that is read as well in a terminal as on a page."""
    head = ("", "processor time", "elapsed", "target", "")
    verdicts = {True: "met", False: "MISSED", None: ""}
    cells: list[tuple[str, ...]] = [
        head,
        *((r.what, r.result, r.elapsed, r.target, verdicts[r.met]) for r in rows),
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    cells.insert(1, tuple("-" * width for width in widths))
    lines = [
        f"| {' | '.join(c.ljust(w) for c, w in zip(row, widths, strict=True))} |" for row in cells
    ]
    return "\n".join([f"### {title}", "", *lines, ""])

"""Renders a report for a program: as `assay check` does, without files and terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.errors import UsageError
from assay.model import Location
from assay.registry import using
from assay.reporters import REPORTERS, render_report
from assay.reporters.base import Context
from assay.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.model import Report, Rule


def rendered(report: Report, name: str, **how: Any) -> str:
    """The text of a report in the format `name`; `how` are fields of a reporter's context."""
    with using(report.plugins):
        if not isinstance(name, str) or name not in REPORTERS:
            known = ", ".join(REPORTERS)
            raise UsageError(
                f"{name} is not a report format{REPORTERS.hint(str(name))}",
                f"Pass one of {known}.",
            )
        context = Context(version=__version__, rules=every_rule, **how)
        return render_report(name, report.placed(_blurred), context)


def every_rule() -> Mapping[str, Rule]:
    """Every rule by its code; collecting them imports every kind."""
    from assay.spec.rulebook import all_rules

    return all_rules()


def _blurred(place: Location) -> Location:
    """A place without its column, which would reveal the length of a secret before it.

    Specs hold no values, and nothing stands before the first column.
    """
    if place.column in (None, 1) or place.file.endswith((".yaml", ".yml")):
        return place
    if place.file.startswith("builtin:"):
        return place
    return Location(file=place.file, line=place.line)

"""Reporters: each renders a report in one format, as a pure function `Report -> str`.

The registry is explicit. It maps each format's name to the module that renders it, and a module is
imported only when its format is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.model import Report
    from assay.reporters.base import Context, Render

REPORTERS: dict[str, str] = {
    "github": "github",
    "github-summary": "github_summary",
    "gitlab": "gitlab",
    "html": "html",
    "json": "json_document",
    "junit": "junit",
    "markdown": "markdown",
    "sarif": "sarif",
    "tap": "tap",
    "text": "text",
}
"""Format name to module below `assay.reporters`, in alphabetical order."""


def reporter(name: str) -> Render:
    """The `render` function of the format `name`; KeyError where there is none.

    What it renders is the discreet report without known secrets, whatever the format.
    """
    from assay.reporters.masking import masked

    module = import_module(f"assay.reporters.{REPORTERS[name]}")

    def render(report: Report, context: Context) -> str:
        made: str = module.render(masked(report.discreet(), context.mask), context)
        return made

    return render

"""Reporters: each renders a report in one format, as a pure function `Report -> str`.

The registry is explicit. It maps each format's name to the module that renders it, and a module is
imported only when its format is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.registry import PluginError, Registry, used

if TYPE_CHECKING:
    from assay.model import Report
    from assay.reporters.base import Context, Render

REPORTERS: Registry[Render] = Registry(
    __name__,
    {
        "github": "github:render",
        "github-summary": "markdown:render_summary",
        "gitlab": "gitlab:render",
        "html": "html:render",
        "json": "json_document:render",
        "junit": "junit:render",
        "markdown": "markdown:render",
        "sarif": "sarif:render",
        "short": "short:render",
        "tap": "tap:render",
        "text": "text:render",
    },
    group="reporters",
)
"""Format name to `module:render` below `assay.reporters`, in alphabetical order."""


def render_report(name: str, report: Report, context: Context) -> str:
    """The report in the format `name`; KeyError if there is none.

    What is rendered is the discreet report without known secrets, whatever the format.
    """
    from assay.reporters.base import masked

    made = REPORTERS[name](masked(report.discreet(), context.mask), context)
    if name in REPORTERS.places:
        return made
    if not isinstance(made, str):
        owner = next(one for one in used() if name in one.places(REPORTERS.group))
        raise PluginError(owner, f"returned no text from its reporter {name}")
    return context.mask(made)

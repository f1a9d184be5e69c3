"""The report as one page for people: it asks for nothing else, and works without scripts.

What it looks like is in the templates `report.html.j2` and `report.css.j2`, which a project may
replace by its own. The page's policy allows the one style sheet in it, by its hash, and nothing
more: https://www.w3.org/TR/CSP3/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.reporters.base import tally, verdict
from assay.reporters.display import visible

if TYPE_CHECKING:
    from assay.model import Report
    from assay.reporters.base import Context

MANY = 300
"""Findings that are reported one by one; beyond it the browser lays out only those in sight."""


def render(report: Report, context: Context) -> str:
    """The verdict and counts, what failed, what could not be observed, then every check."""
    from base64 import b64encode
    from hashlib import sha256

    from markupsafe import Markup

    from assay import templating

    style = templating.render("report.css.j2", {}, overrides=context.templates).strip()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    values = {"style": Markup(style), "style_hash": f"sha256-{digest}"}  # noqa: S704 - a template
    values.update(_values(report, context))
    page = templating.render("report.html.j2", values, overrides=context.templates)
    return page.rstrip("\n") + "\n"


def _values(report: Report, context: Context) -> dict[str, Any]:
    """What the template may use; `docs/reports.md` lists it for those who write their own."""
    from assay.reporters import check_table as matrix
    from assay.reporters import page

    names = page.ids(report, context)
    code = context.exit_code(report)
    return {
        "project": visible(report.project),
        "environments": [visible(name) for name in report.environments],
        "version": visible(context.version),
        "exit_code": code,
        "fail_on": context.fail_on.value,
        "allow_unknown": context.allow_unknown,
        "verdict": verdict(report, context),
        "tone": page.overall(code),
        "tones": page.TONES,
        "said": ", ".join(tally(report.counts).values()) or "nothing to check",
        "many": len(report.findings) - report.counts.passed > MANY,
        "counts": page.counted(report.counts),
        "bar": page.bar(report.counts),
        "cards": page.cards(report, context),
        "failed": page.groups(report, context, (page.ERROR, page.WARNING, page.INFO), names),
        "unknown": page.groups(report, context, (page.UNKNOWN,), names),
        "waived": page.groups(report, context, (page.WAIVED,), names),
        "skipped": page.causes(report, context, names),
        "matrix": matrix.matrix(report, names),
        "comparisons": matrix.comparisons(report, names),
    }

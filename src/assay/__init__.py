"""assay tests configuration against a declarative spec.

    import assay

    spec = assay.load("specs")
    report = assay.run(spec, environments=["production"])
    for finding in report.failures():
        print(finding.message, finding.remedy)

Nothing is imported before it is used, so that commands start fast.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay import credentials
    from assay.api import arun, from_dict, lint, load, loads, run
    from assay.errors import AssayError, CheckFailed, SelectionError, SpecError, UsageError
    from assay.facts import Secret
    from assay.judging import Counts
    from assay.model import (
        Category,
        Finding,
        Location,
        Outcome,
        Related,
        Report,
        Rule,
        Severity,
    )
    from assay.spec.document import Spec
    from assay.version import __version__

_HOMES = {
    "api": ("arun", "from_dict", "lint", "load", "loads", "run"),
    "errors": ("AssayError", "CheckFailed", "SelectionError", "SpecError", "UsageError"),
    "facts": ("Secret",),
    "judging": ("Counts",),
    "model": (
        *("Category", "Finding", "Location", "Outcome", "Related", "Report", "Rule"),
        "Severity",
    ),
    "spec.document": ("Spec",),
    "version": ("__version__",),
}
"""The module of each name, but for `credentials`, which is one."""

__all__ = [
    "AssayError",
    "Category",
    "CheckFailed",
    "Counts",
    "Finding",
    "Location",
    "Outcome",
    "Related",
    "Report",
    "Rule",
    "Secret",
    "SelectionError",
    "Severity",
    "Spec",
    "SpecError",
    "UsageError",
    "__version__",
    "arun",
    "credentials",
    "from_dict",
    "lint",
    "load",
    "loads",
    "run",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "credentials":
        return import_module("assay.credentials")
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"assay.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

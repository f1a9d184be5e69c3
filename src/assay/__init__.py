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
    "AssayError": "assay.errors",
    "Category": "assay.model",
    "CheckFailed": "assay.errors",
    "Counts": "assay.judging",
    "Finding": "assay.model",
    "Location": "assay.model",
    "Outcome": "assay.model",
    "Related": "assay.model",
    "Report": "assay.model",
    "Rule": "assay.model",
    "Secret": "assay.facts",
    "SelectionError": "assay.errors",
    "Severity": "assay.model",
    "Spec": "assay.spec.document",
    "SpecError": "assay.errors",
    "UsageError": "assay.errors",
    "__version__": "assay.version",
    "arun": "assay.api",
    "credentials": "",
    "from_dict": "assay.api",
    "lint": "assay.api",
    "load": "assay.api",
    "loads": "assay.api",
    "run": "assay.api",
}

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
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name) if home else import_module(f"assay.{name}")


def __dir__() -> list[str]:
    return sorted(__all__)

"""What plug-ins are made of. They import assay from here; other modules may move.

See docs/plugins.md.
"""

from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit, Opener
from assay.databases.base import Backend
from assay.document_kind import DocumentKind, Parameters
from assay.facts import Facts, Query, Secret, Setting, State, Unobservable, Value
from assay.files import FileTrouble, read_bytes
from assay.formats.base import Format
from assay.gate import inside_of
from assay.kind import Check, Entry, Flaw, Kind, NotApplicable, source_checks
from assay.kinds.flaws import bad, unknown
from assay.model import Category, Finding, Location, Outcome, Report, Rule, Severity, Violation
from assay.reporters.base import Context
from assay.sources.base import Source, SourceContent, World
from assay.spec.document import Spec
from assay.spec.structs import shape_of

__all__ = [
    "Backend",
    "Category",
    "Check",
    "Closed",
    "Context",
    "DocumentKind",
    "Entry",
    "Envelope",
    "Facts",
    "FileTrouble",
    "Finding",
    "Flaw",
    "Format",
    "Kind",
    "Location",
    "Material",
    "Misfit",
    "NotApplicable",
    "Opener",
    "Outcome",
    "Parameters",
    "Query",
    "Report",
    "Rule",
    "Secret",
    "Setting",
    "Severity",
    "Source",
    "SourceContent",
    "Spec",
    "State",
    "Unobservable",
    "Value",
    "Violation",
    "World",
    "bad",
    "inside_of",
    "read_bytes",
    "shape_of",
    "source_checks",
    "unknown",
]

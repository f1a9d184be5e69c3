"""The report for programs: one versioned JSON document, with a schema derived from its types."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from assay.errors import UsageError
from assay.model import Category, Finding, Outcome, Report, Severity
from assay.reporters.base import Context, masked
from assay.reporters.identity import fingerprints

SCHEMA: Final = "https://assay.dev/schema/report-v1.json"


def _says(description: str, *examples: str) -> Meta:
    return Meta(description=description, examples=list(examples) or None)


_Count = Annotated[int, Meta(ge=0)]
_Place = Annotated[int, Meta(ge=1)]


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """The assay that made the report."""

    version: Annotated[str, _says("Its version.", "1.4.0")]


class ReportTally(msgspec.Struct, frozen=True, kw_only=True):
    """How many findings came to what. Every finding is counted exactly once."""

    passed: Annotated[_Count, _says("Checks that passed.")]
    failed: Annotated[_Count, _says("Failures of severity error, not waived.")]
    warned: Annotated[_Count, _says("Failures of severity warning, not waived.")]
    noted: Annotated[_Count, _says("Failures of severity info, not waived.")]
    skipped: Annotated[_Count, _says("Checks that did not run.")]
    unknown: Annotated[_Count, _says("Checks whose facts could not be read.")]
    waived: Annotated[_Count, _says("Failures that a waiver covers.")]


class ReportPlace(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """A place in a file. Lines and columns count from 1, columns in characters (code points)."""

    file: Annotated[
        str, _says("The path below the project's folder, with forward slashes.", ".env.production")
    ]
    line: Annotated[_Place | None, _says("The first line.")]
    column: Annotated[_Place | None, _says("The first column.")]
    end_line: Annotated[_Place | None, _says("The last line.")]
    end_column: Annotated[_Place | None, _says("The column after the last one.")]


class RelatedPlace(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """A second place that helps to understand a finding."""

    label: Annotated[str, _says("What is at this place.", "declared here")]
    location: ReportPlace


class ReportEntry(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """One outcome of one check. It never holds a secret."""

    outcome: Annotated[
        Outcome,
        _says(
            "What became of the check. `unknown`: its facts could not be observed; "
            "`skip`: it did not run, because another one failed or it does not apply."
        ),
    ]
    rule: Annotated[
        str,
        _says(
            "The code of the violated rule; empty unless the outcome is `fail`.", "variable-missing"
        ),
    ]
    severity: Annotated[
        Severity, _says("The severity of the failure; meaningless for other outcomes.")
    ]
    category: Annotated[Category, _says("The category of the rule.")]
    kind: Annotated[str, _says("The kind of check.", "variable")]
    environment: Annotated[
        str, _says("The environment; empty if the finding is about the spec itself.")
    ]
    subject: Annotated[str, _says("What the finding is about.", "MPESA_CALLBACK_URL")]
    message: Annotated[str, _says("What is wrong, for people; not stable.")]
    remedy: Annotated[str, _says("What to do about it, for people; not stable.")]
    notes: Annotated[tuple[str, ...], _says("Confidence and evidence, for people; not stable.")]
    location: Annotated[ReportPlace | None, _says("The place, if it is in a file.")]
    related: Annotated[
        tuple[RelatedPlace, ...], _says("Other places that help to understand the finding.")
    ]
    fingerprint: Annotated[
        str,
        Meta(
            description="Names this finding across runs and edits: it depends on kind, rule, "
            "environment, subject, and the folder of the project in its repository; and on the "
            "order of findings that are the same in all of these.",
            pattern="^[0-9a-f]{32}$",
        ),
    ]
    cause: Annotated[str, _says("The root cause if the check did not run; usually empty.")]
    waiver: Annotated[str, _says("The reason of the waiver; empty unless waived.")]
    environments: Annotated[
        tuple[str, ...], _says("The environments that it is about: several if it compares them.")
    ] = ()
    group: Annotated[
        str | msgspec.UnsetType, _says("The heading that its subject is listed under.")
    ] = msgspec.UNSET
    sensitive: Annotated[
        bool | msgspec.UnsetType,
        _says("False if the text at its location may be shown; else it is left out."),
    ] = msgspec.UNSET
    written: Annotated[
        str | msgspec.UnsetType, _says("The name at its location, if it is not the subject's.")
    ] = msgspec.UNSET
    holder: Annotated[
        str | msgspec.UnsetType,
        _says("The variable whose value is at its location, if not the subject."),
    ] = msgspec.UNSET
    folder: Annotated[
        str | msgspec.UnsetType, _says("The folder of its project, in a report on several.")
    ] = msgspec.UNSET
    own_environment: Annotated[
        str | msgspec.UnsetType,
        _says("The environment as its project calls it, in a report on several."),
    ] = msgspec.UNSET


class ReportDocument(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """What one run of assay found. Later versions may add fields; readers ignore unknown ones."""

    schema: Annotated[
        Literal["https://assay.dev/schema/report-v1.json"],
        _says("Identifies this format and its version."),
    ]
    version: Annotated[Literal[1], _says("Rises when a field is removed or changes its meaning.")]
    assay: Program
    project: Annotated[str, _says("The project's name; may be empty.")]
    environments: Annotated[
        tuple[str, ...], _says("The environments that were checked, as declared.")
    ]
    exit_code: Annotated[
        Literal[0, 1, 2, 3],
        _says(
            "0: passed. 1: a failure at or above the threshold. "
            "2: the spec is invalid. 3: nothing failed, but something could not be checked."
        ),
    ]
    counts: ReportTally
    findings: Annotated[
        tuple[ReportEntry, ...],
        _says("In a stable order: by environment, then failures before the rest."),
    ]


def render(report: Report, context: Context) -> str:
    """The document, indented. Characters that a terminal would act on are JSON escapes."""
    names = iter(fingerprints(report, context).values())
    valid = masked(report, _valid)
    exit_code: Any = context.exit_code(report)
    document = ReportDocument(
        schema=SCHEMA,
        version=1,
        assay=Program(version=context.version),
        project=valid.project,
        environments=valid.environments,
        exit_code=exit_code,
        counts=msgspec.convert(report.counts, ReportTally, from_attributes=True),
        findings=tuple(map(_entry, valid.findings, names)),
    )
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return _UNSEEN.sub(_escaped, text) + "\n"


def read(text: str | bytes) -> Report:
    """The report that a document was written of.

    Raises:
        UsageError: it isn't such a document.

    """
    try:
        document = msgspec.json.decode(text, type=ReportDocument)
    except (TypeError, msgspec.MsgspecError):  # its message may quote the text
        document = None
    if document is None:
        raise UsageError(
            "this is not a JSON report of assay", "Pass what `assay check --format json` printed."
        )
    return Report(
        project=document.project,
        environments=document.environments,
        findings=tuple(map(_finding, document.findings)),
    )


def report_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document."""
    schema = msgspec.json.schema(ReportDocument)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "assay report",
        **schema,
    }


_MORE = ("folder", "group", "holder", "own_environment", "written")
"""Fields that an entry leaves out if a finding has nothing in them."""


def _entry(finding: Finding, fingerprint: str) -> ReportEntry:
    return msgspec.structs.replace(
        msgspec.convert(finding, ReportEntry, from_attributes=True),
        kind=_valid(finding.kind),
        rule=_valid(finding.rule),
        fingerprint=fingerprint,
        sensitive=msgspec.UNSET if finding.sensitive else False,
        **{name: msgspec.UNSET for name in _MORE if not getattr(finding, name)},
    )


def _finding(entry: ReportEntry) -> Finding:
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__}
    given = {name: value for name, value in fields.items() if value is not msgspec.UNSET}
    across = entry.environments if len(entry.environments) > 1 else ()
    return msgspec.convert({**given, "across": across}, Finding, from_attributes=True)


def _valid(text: str) -> str:
    r"""`text` with lone surrogates, which UTF-8 can't hold, spelled out as `\udc80`."""
    if text.isprintable():
        return text
    return text.encode(errors="backslashreplace").decode()


_UNSEEN = re.compile(r"[^\x20-\x7e\n]")


def _escaped(found: re.Match[str]) -> str:
    char = found[0]
    if char.isprintable():
        return char
    units = char.encode("utf-16-be").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))

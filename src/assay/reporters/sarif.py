"""The report as SARIF 2.1.0, shaped for GitHub code scanning.

Each environment of each project is a run with a category of its own, so that uploading one doesn't
close those of the other. What GitHub requires: https://docs.github.com/code-security/reference/code-scanning.
The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from assay.model import Category, Finding, Location, Outcome, Report, Rule, Severity
from assay.redacted import BULLETS
from assay.reporters.base import Context, by_environment, sentence
from assay.reporters.display import visible
from assay.reporters.identity import NOWHERE, fingerprints, project_path, repository_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://github.com/assay-dev/assay"

# GitHub reads 7.0 to 8.9 as high, 4.0 to 6.9 as medium and below that as low.
_SEVERITIES = {
    Severity.ERROR: ("error", "error", "8.0"),
    Severity.WARNING: ("warning", "warning", "5.0"),
    Severity.INFO: ("note", "recommendation", "2.0"),
}
"""The level, what GitHub calls it, and a number for what concerns security."""
_SECRET = (Category.SECRET, Category.KEY)
_NOT_WORD = re.compile(r"[^0-9A-Za-z]+")
_FIELD = re.compile(r"\{(\w+)(?:![rsa])?\}")

_NOT_OBSERVED = Rule(
    code="not-observed",
    category=Category.SOURCE,
    severity=Severity.WARNING,
    message="something could not be checked",
    remedy="Give assay access to what it has to check, or accept the gap with `--allow-unknown`.",
    why="assay could not look, so the configuration may be right or wrong.",
)
_NOT_CHECKED = Rule(
    code="not-checked",
    category=Category.SPEC,
    severity=Severity.INFO,
    message="a check did not run",
    remedy="Fix the root cause that the message names.",
    why="the check depends on another one that failed, or does not apply here.",
)


def render(report: Report, context: Context) -> str:
    """One run for each environment; what was skipped is reported only when verbose."""
    known, names = context.rules(), fingerprints(report, context)
    groups = _groups(report, context).items()
    runs = [_run(about, findings, names, known, context) for about, findings in groups]
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": runs}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _groups(report: Report, context: Context) -> dict[tuple[str, str], list[Finding]]:
    """The findings by project (its folder in the repository) and environment.

    Those of the spec itself are under `spec`.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    several = any(finding.own_environment for finding in report.findings)
    for environment, findings in by_environment(report).items():
        for finding in findings:
            own = finding.own_environment or ("" if finding.folder else environment)
            about = (project_path(context, finding.folder), own or "spec")
            groups.setdefault(about, []).append(finding)
        if not findings:
            folder, _, own = environment.rpartition(": ") if several else ("", "", environment)
            groups.setdefault((project_path(context, folder), own), [])
    return groups or {(project_path(context, ""), "spec"): []}


def _run(
    about: tuple[str, str],
    findings: Iterable[Finding],
    names: Mapping[int, str],
    known: Mapping[str, Rule],
    context: Context,
) -> dict[str, Any]:
    folder, environment = about
    # GitHub takes what comes before the last slash for the category of the upload.
    category = f"assay/{_percent(f'{folder}/' if folder else '', '/')}{_percent(environment)}/"
    where = f"{visible(folder)} in {visible(environment)}" if folder else visible(environment)
    rules: dict[str, tuple[int, Rule]] = {}
    results = []
    for finding in findings:
        rule = _rule(finding, known)
        if rule is None or (rule is _NOT_CHECKED and not context.verbose):
            continue
        index, _ = rules.setdefault(rule.code, (len(rules), rule))
        results.append(_result(finding, names[id(finding)], (rule.code, index), context))
    return {
        "tool": {
            "driver": {
                "name": "assay",
                "semanticVersion": context.version,
                "informationUri": HOME,
                # Validators ask for a rule, also if there is nothing to report.
                "rules": [_descriptor(rule) for _, rule in rules.values()]
                or [_descriptor(_NOT_OBSERVED)],
            }
        },
        "automationDetails": {
            "id": category,
            "description": {"text": f"The configuration of {where}."},
        },
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "redactionTokens": [BULLETS],
        "results": results,
    }


def _rule(finding: Finding, known: Mapping[str, Rule]) -> Rule | None:
    match finding.outcome:
        case Outcome.PASS:
            return None
        case Outcome.SKIP:
            return _NOT_CHECKED
        case Outcome.UNKNOWN:
            return _NOT_OBSERVED
        case Outcome.FAIL:
            return known.get(finding.rule) or Rule(
                code=finding.rule or "rule-unnamed",
                category=finding.category,
                severity=finding.severity,
                message=finding.message,
                remedy=finding.remedy,
                why="",
            )


def _descriptor(rule: Rule) -> dict[str, Any]:
    code = visible(rule.code)
    said = _filled(rule.message)
    short = said[:1].upper() + said[1:] or "Unnamed."
    why = sentence(visible(rule.why)) or short
    level, problem, number = _SEVERITIES[rule.severity]
    remedy = _filled(rule.remedy) or "See the message."
    remedies = {case: _filled(text) for case, text in rule.remedies.items()}
    cases = "".join(f"\n\n{visible(case)}: {text}" for case, text in remedies.items())
    secret = rule.category in _SECRET
    properties: dict[str, Any] = {
        "tags": [*(["security"] if secret else []), rule.category.value],
        "problem.severity": problem,
        **({"security-severity": number} if secret else {}),
    }
    name = "".join(part[:1].upper() + part[1:] for part in _NOT_WORD.split(code))
    return {
        "id": code,
        **({"deprecatedIds": list(rule.formerly)} if rule.formerly else {}),
        # SARIF 3.49.7 wants no name where it would be the id again.
        **({"name": name} if name and name.lower() != code.lower() else {}),
        "shortDescription": {"text": short},
        "fullDescription": {"text": why},
        "helpUri": f"{HOME}/blob/main/docs/rules.md#{_percent(rule.code)}",
        "help": {
            "text": f"{why}\n\n{remedy}{cases}",
            "markdown": _help(rule, why, remedy, remedies),
        },
        "defaultConfiguration": {"level": level},
        "properties": properties,
    }


def _filled(template: str) -> str:
    """A rule's template as its own page shows it: `{name}` reads as NAME."""
    return sentence(visible(_FIELD.sub(lambda field: field[1].upper(), template)))


def _help(rule: Rule, why: str, remedy: str, remedies: Mapping[str, str]) -> str:
    parts = [why]
    for title, example in (("Wrong", rule.bad), ("Right", rule.good)):
        if example:
            code = "\n".join(f"    {visible(line)}" for line in example.splitlines())
            parts.append(f"{title}:\n\n{code}")
    parts.append(f"**Remedy.** {remedy}")
    if remedies:
        parts.append("\n".join(f"- `{visible(case)}`: {text}" for case, text in remedies.items()))
    return "\n\n".join(parts)


def _result(
    finding: Finding, fingerprint: str, rule: tuple[str, int], context: Context
) -> dict[str, Any]:
    code, index = rule
    fails = finding.outcome is Outcome.FAIL
    kinds = {Outcome.UNKNOWN: "open", Outcome.SKIP: "notApplicable"}
    texts = (finding.message or finding.subject, *finding.notes, finding.remedy)
    said = tuple(map(visible, texts))
    location = finding.location if finding.location and finding.location.file else None
    result: dict[str, Any] = {
        "ruleId": visible(code),
        "ruleIndex": index,
        "kind": kinds.get(finding.outcome, "fail"),
        # SARIF 3.27.10: whatever is not a failure has no level.
        "level": _SEVERITIES[finding.severity][0] if fails else "none",
        "message": {"text": " ".join(sentence(part) for part in said if part) or "Unnamed."},
        "locations": [_place(location or NOWHERE, context, finding if location else None)],
    }
    related = [
        {
            "id": number,
            **_place(other.location, context),
            "message": {"text": sentence(visible(other.label)) or "See also."},
        }
        for number, other in enumerate(finding.related, 1)
        if other.location.file
    ]
    if related:
        result["relatedLocations"] = related
    result["partialFingerprints"] = {"assayFingerprint/v1": fingerprint}
    if finding.waiver and fails:
        reason = visible(finding.waiver)
        accepted = {"kind": "external", "status": "accepted", "justification": reason}
        result["suppressions"] = [accepted]
    result["properties"] = {"kind": visible(finding.kind), "subject": visible(finding.subject)}
    if finding.notes:
        result["properties"]["notes"] = list(map(visible, finding.notes))
    return result


def _place(location: Location, context: Context, shown: Finding | None = None) -> dict[str, Any]:
    """A SARIF location; with the source line where it is a finding's own."""
    region: dict[str, Any] = {"startLine": location.line or 1}
    if location.line is not None and location.column is not None:
        region["startColumn"] = location.column
        end_line = max(location.end_line or location.line, location.line)
        if end_line != location.line:
            region["endLine"] = end_line
        if location.end_column is not None:
            least = location.column if end_line == location.line else 1
            region["endColumn"] = max(location.end_column, least)
    physical: dict[str, Any] = {"artifactLocation": _artifact(location, context), "region": region}
    if shown is not None and location.line is not None and "endLine" not in region:
        _quote_source(shown, location, physical, context)
    return {"physicalLocation": physical}


def _quote_source(
    finding: Finding, location: Location, physical: dict[str, Any], context: Context
) -> None:
    """Add what stands there, and the whole line about it; bullets where that is sensitive."""
    column = location.column
    if finding.sensitive:
        line = f"{visible(finding.holder or finding.subject)}={BULLETS}"
        part = BULLETS
    else:
        quoted = context.excerpt(location)
        if quoted is None:
            return
        source, at = quoted.text.rstrip("\r\n"), quoted.at
        line = visible(source)
        start = (at.column or 1) - 1
        end = len(source) if at.end_column is None else max(at.end_column - 1, start)
        part = visible(source[start:end])
    physical["region"]["snippet"] = {"text": part if column is not None else line}
    if column is not None and column > 1:  # else it would be the region again, which is an error
        physical["contextRegion"] = {"startLine": location.line, "snippet": {"text": line}}


def _artifact(location: Location, context: Context) -> dict[str, str]:
    path = repository_path(context.root, location.file)
    if path.startswith("/"):
        return {"uri": f"file://{_percent(path, safe='/')}".replace("file:////", "file:///")}
    return {"uri": _percent(path, safe="/"), "uriBaseId": "SRCROOT"}


def _percent(text: str, safe: str = "") -> str:
    """Percent-encoded UTF-8; names that are not UTF-8 keep their bytes where Python holds them."""
    try:
        return quote(text.encode(errors="surrogateescape"), safe=safe)
    except UnicodeEncodeError:
        return quote(visible(text), safe=safe)

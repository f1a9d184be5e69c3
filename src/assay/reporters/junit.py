"""The report as JUnit XML, in the dialect that Jenkins defined and most CI systems read.

A suite is an environment, a case is a finding. A suite has failures or errors exactly when the
run's exit code is not 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from assay.model import Finding, Outcome, Report
from assay.reporters.base import Context, by_environment
from assay.reporters.display import visible

if TYPE_CHECKING:
    from collections.abc import Iterable


def render(report: Report, context: Context) -> str:
    """One suite for each environment; failures below the threshold are listed, but do not fail."""
    suites = [
        _suite(name or "spec", findings, context)
        for name, findings in by_environment(report).items()
    ]
    root = Element("testsuites", name=visible(report.project) or "assay")
    for total in ("tests", "failures", "errors"):
        root.set(total, str(sum(int(suite.attrib[total]) for suite in suites)))
    root.extend(suites)
    indent(root)
    xml = tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'


def _suite(environment: str, findings: Iterable[Finding], context: Context) -> Element:
    name = visible(environment)
    suite = Element("testsuite", name=name)
    suite.extend(_case(name, finding, context) for finding in findings)
    suite.set("tests", str(len(suite)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(len(suite.findall(f"testcase/{tag}"))))
    return suite


def _case(environment: str, finding: Finding, context: Context) -> Element:
    rule = f" [{visible(finding.rule)}]" if finding.rule else ""
    case = Element(
        "testcase",
        classname=f"{environment}.{visible(finding.kind)}",
        name=f"{visible(finding.subject)}{rule}",
    )
    message = visible(finding.message)
    match finding.outcome:
        case Outcome.PASS:
            pass
        case Outcome.SKIP:
            SubElement(case, "skipped", message=message or visible(finding.cause))
        case Outcome.UNKNOWN if context.allow_unknown:
            SubElement(case, "skipped", message=message, type="unknown").text = _body(finding)
        case Outcome.UNKNOWN:
            SubElement(case, "error", message=message, type="unknown").text = _body(finding)
        case Outcome.FAIL if finding.waiver:
            reason = f"waived: {visible(finding.waiver)}"
            SubElement(case, "skipped", message=reason, type="waived").text = _body(finding)
        case Outcome.FAIL if finding.severity.rank < context.fail_on.rank:
            SubElement(case, "system-out").text = f"{finding.severity.value}: {_body(finding)}"
        case Outcome.FAIL:
            kind = visible(finding.rule) or "failure"
            SubElement(case, "failure", message=message, type=kind).text = _body(finding)
    return case


def _body(finding: Finding) -> str:
    lines = [visible(finding.message)]
    if finding.location is not None:
        lines.append(f"at {visible(str(finding.location))}")
    lines += [f"{visible(r.label)}: {visible(str(r.location))}" for r in finding.related]
    lines += [f"note: {visible(note)}" for note in finding.notes]
    if finding.remedy:
        lines.append(f"help: {visible(finding.remedy)}")
    return "\n".join(lines)

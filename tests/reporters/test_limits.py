"""What GitHub would drop or refuse is cut, and said to be cut."""

from __future__ import annotations

from assay.model import Finding, Location, Outcome, Report
from assay.reporters import github, markdown
from assay.reporters.base import Context

CONTEXT = Context(version="1", root="apps/billing")


def _failures(count: int, environments: int = 1, message: str = "is not set") -> Report:
    return Report.of(
        Finding(
            outcome=outcome,
            kind="variable",
            subject=f"NAME_{number}",
            environment=f"e{environment}",
            rule="variable-missing",
            message=f"{number}: {message}",  # or all of them would be told once
            remedy=message,
            location=Location(file=".env", line=1),
        )
        for environment in range(environments)
        for number in range(count)
        for outcome in (Outcome.FAIL, Outcome.UNKNOWN)
    )


def test_a_table_of_more_than_200_failures_says_how_many_are_missing() -> None:
    page = markdown.render_summary(_failures(203), CONTEXT)
    assert page.count("\n| error |") == 200
    assert "\n3 failures more, not shown here\n" in page
    assert "\n- and 3 more\n" in page


def test_a_summary_stays_below_the_size_that_github_refuses() -> None:
    page = markdown.render_summary(_failures(200, environments=8, message="日" * 600), CONTEXT)
    assert len(page.encode()) < 1024 * 1024
    assert page.endswith("The rest does not fit here.\n")


def test_what_is_not_annotated_is_counted_in_a_last_notice() -> None:
    lines = github.render(_failures(12), CONTEXT).splitlines()
    assert len(lines) == 21
    assert lines[-1] == (
        "::notice title=assay::4 more are not shown here (2 errors, 2 warnings): "
        "GitHub keeps 10 of each type"
    )


def test_a_single_finding_too_many_is_said_in_the_singular() -> None:
    only = Report(findings=_failures(11).failures())
    assert "::1 more is not shown here (1 error):" in github.render(only, CONTEXT)


def test_paths_are_those_of_the_repository() -> None:
    assert "file=apps/billing/.env,line=1," in github.render(_failures(1), CONTEXT)

"""Markdown as CommonMark with GitHub's extensions reads it: no text becomes markup."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from tests.reporters.strategies import contexts, reports

from assay.model import Finding, Location, Outcome, Report
from assay.reporters import render_report
from assay.reporters.base import Context
from assay.reporters.display import visible
from assay.reporters.markdown import SIZE

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = re.compile(r"<details><summary>\d+ \w+</summary>|</details>")
BLOCKS = {"heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "bullet_list"}
PLAIN = Context(version="1")


def tokens(text: str) -> list[Any]:
    """Every token, those within lines as well."""
    return [t for block in MARKDOWN.parse(text) for t in (block, *(block.children or ()))]


@pytest.mark.parametrize("name", ["markdown", "github-summary"])
@given(report=reports, context=contexts)
def test_no_text_becomes_markup(name: str, report: Report, context: Context) -> None:
    page = render_report(name, report, context)
    for token in tokens(page):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if kind == "html_block":
            assert OURS.fullmatch(token.content.strip()), page
        else:
            plain = {"inline", "text", "list_item", "hardbreak", "softbreak", "strong"}
            assert kind in BLOCKS | plain | {"code_inline"}, (kind, page)
        assert token.level <= 5 or kind in ("th", "td", "inline", "text"), page


@given(report=reports, context=contexts)
def test_what_asks_for_action_is_an_item_of_its_own(report: Report, context: Context) -> None:
    page = render_report("markdown", report, context)
    before = page.partition("<details>")[0]
    items = [t for t in tokens(before) if t.type == "list_item_open"]
    asking = [
        f
        for f in report.findings
        if f.outcome is Outcome.UNKNOWN or (f.outcome is Outcome.FAIL and not f.waiver)
    ]
    assert len(items) == len(asking)


@given(report=reports, context=contexts)
def test_a_page_fits_into_a_comment(report: Report, context: Context) -> None:
    assert len(render_report("markdown", report, context)) < 65_536


def finding(**more: Any) -> Finding:
    plain: dict[str, Any] = {
        "outcome": Outcome.FAIL,
        "kind": "variable",
        "subject": "PORT",
        "environment": "production",
        "rule": "variable-missing",
        "message": "PORT is not set",
        "remedy": "Set PORT with `export PORT=1`.",
        "location": Location(file=".env", line=3, column=1),
    }
    return Finding(**{**plain, **more})


def written(**more: Any) -> str:
    """The text of the one item that a page shows."""
    page = render_report("markdown", Report.of([finding(**more)]), PLAIN)
    inline = [t for t in MARKDOWN.parse(page) if t.type == "inline"][-1]
    return "".join(
        "\n" if child.type == "hardbreak" else child.content for child in inline.children or ()
    ).replace("\u200b", "")


def test_a_failure_stands_with_its_place_and_its_remedy() -> None:
    assert written() == (
        "error: PORT is not set\nvariable-missing in .env:3:1\nRemedy: Set PORT with export PORT=1."
    )


@pytest.mark.parametrize(
    "text",
    [
        "*a* _b_ **c** ~~d~~ `",
        "[x](http://evil) ![i](http://evil)",
        "<script>alert(1)</script> &lt; &#60;",
        "@everyone @a/b #1 !2 ~3 %4 $5 &6",
        "1. x",
        "- x",
        "+ x",
        "# x",
        "| a | b |",
        "a\\",
        "\\`a\\`",
        "---",
        "===",
        "http://example.com/a_b_c",
        "``two`` ticks",
        "a\nb\tc\u202e",
    ],
)
def test_a_text_comes_out_as_it_is(text: str) -> None:
    said = written(message=text, remedy="", rule="", location=None)
    ticks = text if "``" in text else re.sub("`([^`]+)`", r"\1", text)
    assert said == f"error: {visible(ticks if text.count('`') != 1 else text)}"


def test_nobody_is_called_by_a_name_in_a_message() -> None:
    page = render_report("markdown", Report.of([finding(message="ask @me or a@b.c")]), PLAIN)
    assert "@" not in page
    rendered = "".join(t.content for t in tokens(page) if t.type == "text")
    assert "@\u200bme" in rendered, "no mention, whoever looks after the entities are gone"


def test_what_could_not_be_observed_is_not_folded_away() -> None:
    page = render_report("markdown", Report.of([finding(outcome=Outcome.UNKNOWN, rule="")]), PLAIN)
    assert "could not check everything" in page
    assert "<details>" not in page
    assert "### What could not be checked in production" in page


def test_a_long_report_is_cut_between_its_items_and_says_so() -> None:
    many = Report.of(finding(subject=f"V{n}", message=f"{n}" + "日" * 300) for n in range(300))
    page = render_report("markdown", many, PLAIN)
    assert len(page.encode()) <= SIZE + 100
    assert page.endswith("\n\nThe rest does not fit here.\n")


def test_counts_stand_by_environment_where_there_are_several() -> None:
    two = Report.of([finding()], environments=("production", "development"))
    assert "| production | 1 | 0 |" in render_report("markdown", two, PLAIN)
    assert "| Environment |" not in render_report("markdown", Report.of([finding()]), PLAIN)


def test_an_environment_called_spec_does_not_hide_the_spec() -> None:
    own = Finding(outcome=Outcome.FAIL, kind="spec", subject="a.yaml", message="it is wrong")
    passed = Finding(outcome=Outcome.PASS, kind="variable", subject="PORT", environment="spec")
    page = render_report("markdown", Report.of([own, passed], environments=["spec"]), PLAIN)
    assert "it is wrong" in page

"""The page as a parser sees it: sound, closed to the world, and complete."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from msgspec.structs import replace
from tests.reporters.golden import CASES, load
from tests.reporters.strategies import contexts, quoting, reports

from assay import templating
from assay.model import Finding, Location, Outcome, Report, Rule, Severity
from assay.reporters import html
from assay.reporters.base import Context

PLAIN = Context(version="1")
VOID = {"input", "link", "meta", "rect", "wbr"}
TAGS = """
a article b bdi body caption code dd details div dl dt footer h1 h2 h3 h4 head header html input
label li link main mark meta p rect section span strong style summary svg table tbody td th thead
title tr ul wbr
"""
ATTRIBUTES = """
aria-hidden aria-label aria-labelledby charset class colspan content dir focusable for height href
http-equiv id lang name preserveaspectratio rel role scope tabindex type viewbox width x
"""


class Page(HTMLParser):
    """Everything that a page holds; fails where it is not sound."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} says something twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append((self.open[-1] if self.open else "", data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    @property
    def said(self) -> str:
        """All that a reader sees."""
        said = "".join(data for tag, data in self.text if tag not in ("style", "title"))
        return re.sub(r"\s+", " ", said)

    def all(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [
            value for _, found in self.tags for key, value in found.items() if key == name if value
        ]


@settings(max_examples=settings().max_examples // 2)
@given(report=reports, context=contexts)
def test_no_text_becomes_markup_and_every_link_arrives(report: Report, context: Context) -> None:
    text = html.render(report, context)
    page = Page(text)
    assert {tag for tag, _ in page.tags} <= set(TAGS.split())
    assert {name for _, found in page.tags for name in found} <= set(ATTRIBUTES.split())
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    links = [link for link in page.all("href") if not link.startswith("data:")]
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert set(page.all("aria-labelledby")) | set(page.all("for")) <= set(ids)
    told = [f for f in report.findings if f.outcome is not Outcome.PASS]
    assert sum(name.startswith("f-") for name in ids) == len(told), "each is told once"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(later <= before + 1 for before, later in pairwise(levels)), (
        "no heading is passed over"
    )
    assert levels.count(1) == 1


@given(report=reports, context=contexts)
def test_the_policy_allows_the_style_and_nothing_else(report: Report, context: Context) -> None:
    text = html.render(report, context)
    style = text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = text.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    assert text.count("<style>") == text.count("</style>") == 1
    assert "url(" not in style
    assert "@import" not in style


def test_the_title_and_the_heading_say_how_it_went() -> None:
    for name, said in (
        ("mixed", "billing: failed"),
        ("all-well", "billing: passed"),
        ("only-unknown", "billing: could not check everything"),
    ):
        case = load(CASES / name)
        page = Page(html.render(case.report, case.settings))
        assert ("title", f"{said} - assay report") in page.text
        assert said in page.said


def finding(**more: Any) -> Finding:
    plain: dict[str, Any] = {
        "outcome": Outcome.FAIL,
        "kind": "variable",
        "subject": "PORT",
        "environment": "production",
        "rule": "variable-missing",
        "message": "PORT is not set",
        "remedy": "Run `export PORT=1`.",
        "location": Location(file=".env", line=3, column=6, end_column=8),
        "sensitive": False,
    }
    return Finding(**{**plain, **more})


def rendered(*findings: Finding, **more: Any) -> str:
    context = replace(PLAIN, **{k: more.pop(k) for k in list(more) if hasattr(PLAIN, k)})
    return html.render(Report.of(findings, **more), context)


def test_a_failure_stands_with_place_line_remedy_and_reason() -> None:
    rule = Rule(
        code="variable-missing",
        category="missing",  # type: ignore[arg-type]
        message="",
        remedy="",
        why="the application stops at start",
    )
    page = rendered(
        finding(),
        rules=lambda: {rule.code: rule},
        excerpt=quoting("PORT=<b> # x"),
    )
    assert "<code>variable-missing</code>" in page
    assert "<bdi>.env:3:6</bdi>" in page
    assert ">3</span>" in page
    assert "PORT=<mark>&lt;b</mark>&gt; # x" in page
    assert "Run <code>export PORT=1</code>." in page
    assert "<p>The application stops at start.</p>" in page
    assert "Run <code>assay explain variable-missing</code>" in page


def test_a_wide_character_is_marked_whole() -> None:
    location = Location(file=".env", line=1, column=3, end_column=5)
    page = rendered(finding(location=location), excerpt=quoting("A=日本語e\u0301"))
    assert "A=<mark>日本</mark>語" in page


def test_a_secret_is_bullets() -> None:
    page = rendered(finding(sensitive=True), excerpt=quoting("PORT=secret"))
    assert "PORT=<mark>••••••</mark>" in page
    assert "=secret" not in page


def test_failures_come_first_then_unknown_waived_skipped_and_the_matrix() -> None:
    page = rendered(
        finding(),
        finding(subject="A", outcome=Outcome.UNKNOWN, rule=""),
        finding(subject="B", waiver="until May"),
        finding(subject="C", outcome=Outcome.SKIP, rule="", cause="DATABASE_URL is not set"),
        finding(subject="D", outcome=Outcome.PASS, rule=""),
        environments=("production",),
    )
    order = re.findall(r'<h2 id="(\w+)">', page)
    assert order == ["failed", "unknown", "waived", "skipped", "every"]
    said = Page(page).said
    assert "because until May" in said
    assert "1 check, because DATABASE_URL is not set" in said


def test_the_matrix_has_a_row_for_each_subject_and_a_column_for_each_environment() -> None:
    page = rendered(
        finding(group="Web"),
        finding(group="Web", severity=Severity.WARNING, rule="port-taken"),
        finding(group="Web", outcome=Outcome.PASS, environment="laptop", rule=""),
        finding(subject="rotation", kind="key", outcome=Outcome.PASS, rule=""),
        finding(subject="prices", kind="parity", outcome=Outcome.PASS, rule="", environment="ci"),
        environments=("production", "laptop"),
    )
    table = page.split("<table>")[1]
    heads = re.findall(r'<th scope="col">(?:<bdi>)?(\w+)', table)
    assert heads == ["Check", "production", "laptop", "ci"]
    blocks = re.findall(r'scope="rowgroup"[^>]*><span><bdi>(\w+)', table)
    assert blocks == ["Keys", "Parities", "Web"]
    row = table.split("<bdi>PORT</bdi>")[1].split("</tr>")[0]
    assert re.findall(r'<td class="(\w+)"', row) == ["error", "passed", "absent"]
    target = re.search(r'href="#([^"]+)"', row)
    assert target
    assert f'<article class="card error" id="{target[1]}">' in page
    assert "+1" in row


def test_what_compares_environments_has_a_table_of_its_own() -> None:
    page = rendered(
        finding(subject="DB", kind="parity", environment="laptop, production"),
        finding(subject="KEY", kind="parity", environment="laptop, production", outcome="pass"),
        finding(),
        environments=("laptop", "production"),
    )
    every, between = page.split('<h2 id="between">')
    columns = every.split("<thead>")[1].split("</thead>")[0]
    assert "laptop, production" not in columns
    rows = re.findall(r'scope="row"><bdi>(\w+)</bdi></th><td class="text"><bdi>([^<]+)', between)
    assert rows == [("DB", "laptop, production"), ("KEY", "laptop, production")], "worst first"
    assert "<bdi>between laptop and production</bdi>" in every, "it is told with the others"


def test_long_names_may_break_where_their_parts_meet() -> None:
    page = rendered(finding(subject="A_LONG__NAME.x"), environments=("production",))
    assert "<bdi>A_<wbr>LONG__<wbr>NAME.<wbr>x</bdi>" in page


def test_nothing_to_check_is_said() -> None:
    said = Page(html.render(Report(), PLAIN)).said
    assert "There was nothing to check." in said
    assert "No environment was checked." in said


def test_a_thousand_variables_in_six_environments_take_about_a_second() -> None:
    names = [f"e{n}" for n in range(6)]
    many = Report.of(
        (
            finding(
                subject=f"NAME_{n}",
                environment=name,
                outcome=Outcome.FAIL if n % 10 == 0 else Outcome.PASS,
            )
            for n in range(1000)
            for name in names
        ),
        environments=names,
    )
    start = time.process_time()
    page = html.render(many, replace(PLAIN, excerpt=quoting("PORT=80")))
    assert time.process_time() - start < 5, "about a third of a second on a quiet machine"
    assert len(page) < 2_000_000
    assert 'class="wrap many"' in page


def test_a_project_may_bring_its_own_style_and_page(project) -> None:
    project.spec("variables: {PORT: {type: port}}\nenvironments: {dev: {values: [process]}}")
    project.write("specs/templates/report.css.j2", "body { color: teal }\n")
    ran = project.run("check", "--format", "html", environ={"PORT": "80"})
    digest = base64.b64encode(hashlib.sha256(b"body { color: teal }").digest()).decode()
    assert f"style-src 'sha256-{digest}'" in ran.out
    assert "<style>body { color: teal }</style>" in ran.out
    project.write("specs/templates/report.html.j2", "{{ project }}|{{ verdict }}|{{ said }}\n")
    ran = project.run("check", "--format", "html", environ={"PORT": "80"})
    assert ran.out == "|passed|1 passed\n"


def test_a_broken_template_is_a_clear_error_and_nothing_is_written(project) -> None:
    project.spec("variables: {PORT: {type: port}}\nenvironments: {dev: {values: [process]}}")
    project.write("specs/templates/report.html.j2", "{{ nobody_gave_this }}\n")
    ran = project.run("check", "--output", "json=a.json", "--output", "html=a.html")
    assert ran.code == 2
    assert "specs/templates/report.html.j2:1" in ran.err
    assert "Fix the template, or remove it" in ran.err
    assert not list(project.folder.glob("a.*"))


def test_the_shipped_templates_are_found_by_name() -> None:
    assert (
        "{% macro"
        in templating.environment().loader.get_source(  # type: ignore[union-attr]
            templating.environment(), "report.html.j2"
        )[0]
    )

"""The page in a real Chromium: on a desk and on a phone, light and dark, printed, by keyboard."""

from __future__ import annotations

import io
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from tests.reporters.golden import CASES, load
from tests.reporters.strategies import quoting

from assay.model import Finding, Location, Outcome, Report, Severity
from assay.reporters import html
from assay.reporters.base import Context
from docs import screenshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reporters.browser import Browser

PLAIN = Context(version="1", excerpt=quoting("  NAME=" + "x" * 200))
HOSTILE = "</style></title><script>document.title='owned'</script><img src=x onerror=alert(1)>"
LONG = "NAME_THAT_NEVER_ENDS" * 15
HEBREW = "\u05e2\u05d1\u05e8\u05d9\u05ea"


def odd() -> Report:
    """Names that are endless, hostile, or written from the right."""
    failed = partial(Finding, outcome=Outcome.FAIL, kind="variable", sensitive=False)
    names = (LONG, "X" * 300, HOSTILE, f"{HEBREW} PORT {HEBREW}")
    return Report.of(
        (
            failed(
                subject=name,
                environment=environment,
                rule=name,
                severity=severity,
                message=f"{name} is not set, see `{name}`",
                remedy=f"Set {name}.",
                location=Location(file=name, line=1, column=3),
            )
            for name in names
            for environment in (*names, f"{LONG}, {HOSTILE}")
            for severity in Severity
        ),
        project=LONG,
        environments=names,
    )


def many() -> Report:
    """1,000 variables in 6 environments."""
    names = tuple(f"environment-{n}" for n in range(6))
    return Report.of(
        (
            Finding(
                outcome=Outcome.FAIL if number % 9 == 0 else Outcome.PASS,
                kind="variable",
                subject=f"SOME_SETTING_{number}",
                environment=name,
                group=f"Group {number % 7}",
                message=f"SOME_SETTING_{number} is not set",
                remedy="Set it.",
            )
            for number in range(1000)
            for name in names
        ),
        environments=names,
    )


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a page of each sort."""
    folder = tmp_path_factory.mktemp("pages")
    for path in CASES.glob("*/expected.html"):
        case = load(path.parent)
        page = html.render(case.report, case.settings)
        (folder / f"{path.parent.name}.html").write_text(page, encoding="utf-8")
    for name, report in (("odd", odd()), ("many", many())):
        (folder / f"{name}.html").write_text(html.render(report, PLAIN), encoding="utf-8")
    return folder


@pytest.fixture
def server(pages: Path) -> Iterator[tuple[str, list[str]]]:
    """The pages over HTTP, and the paths that were asked for."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            asked.append(self.path)

    running = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(pages)))
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}", asked
    running.shutdown()
    running.server_close()


VIOLATIONS = (
    "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
    "v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; ')))"
)
NAMES = ("all-well", "hostile", "many", "mixed", "nothing", "notes", "odd")
LOOKS = [(390, False), (390, True), (1280, True), (1280, False)]
"""Widths in pixels of a phone and of a desk, and whether it is dark."""


def test_every_page_is_looked_at(pages: Path) -> None:
    assert sorted(path.stem for path in pages.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_quiet_and_fits(browser: Browser, pages: Path, name: str) -> None:
    url = (pages / f"{name}.html").as_uri()
    with browser.page(url) as page:
        for width, dark in LOOKS:
            page.look(width, dark=dark)
            assert page.run("document.documentElement.scrollWidth") == width
            assert page.run("getComputedStyle(document.body).backgroundColor") == (
                "rgb(12, 18, 24)" if dark else "rgb(243, 245, 248)"
            ), "its style is let through"
        assert page.run("document.scripts.length") == 0
        assert "owned" not in page.run("document.title")
        assert page.requests() == [url]
        assert page.complaints() == []


@pytest.mark.parametrize("name", ["mixed", "odd"])
def test_a_page_asks_its_server_for_nothing_else(
    browser: Browser, server: tuple[str, list[str]], name: str
) -> None:
    address, asked = server
    with browser.page(f"{address}/{name}.html") as page:
        assert page.complaints() == []
        page.run("new Promise(done => setTimeout(done, 200))")
        assert page.requests() == [f"{address}/{name}.html"]
    assert asked == [f"/{name}.html"]


def test_what_gets_into_a_page_in_spite_of_all_can_do_nothing(
    browser: Browser, pages: Path, server: tuple[str, list[str]]
) -> None:
    """The policy is the second wall: it holds where something was not escaped."""
    address, asked = server
    broken = (pages / "mixed.html").read_text(encoding="utf-8")
    evil = f'<script>document.title="owned"</script><img src="{address}/x"><p style="color:red">'
    file = pages.parent / "broken.html"
    file.write_text(broken.replace("<footer", f"{evil}<footer"), encoding="utf-8")
    with browser.page(file.as_uri()) as page:
        assert "owned" not in page.run("document.title")
        assert page.complaints() != [], "and these tests would notice"
    assert asked == []


@pytest.mark.parametrize("name", ["mixed", "nothing", "odd"])
def test_axe_finds_nothing(browser: Browser, pages: Path, axe: str, name: str) -> None:
    with browser.page((pages / f"{name}.html").as_uri()) as page:
        page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.run(f"{axe};0")
        for width, dark in LOOKS:
            page.look(width, dark=dark)
            assert page.run(VIOLATIONS) == [], (width, dark)


def test_axe_would_find_something(browser: Browser, pages: Path, axe: str) -> None:
    with browser.page((pages / "mixed.html").as_uri()) as page:
        page.run(f"document.querySelector('label').remove(); {axe};0")
        assert [said.split(":")[0] for said in page.run(VIOLATIONS)] == ["label"]


def test_a_page_is_whole_without_scripts(browser: Browser, pages: Path) -> None:
    with browser.page((pages / "mixed.html").as_uri(), scripts=False) as page:
        assert "MPESA_CALLBACK_URL is not set" in page.run("document.body.innerText")
        seen = "[...document.querySelectorAll('tr.well')].filter(r => r.offsetHeight).length"
        assert page.run(seen) > 50
        page.run("document.querySelector('#only').click()")
        assert page.run(seen) == 0, "the filter is a matter of style"
        assert page.run("document.querySelector('td.error a').offsetHeight") > 0
        page.run("document.querySelector('summary').click()")
        assert page.run("document.querySelector('details p').checkVisibility()")


def test_a_page_is_used_by_keyboard_alone(browser: Browser, pages: Path) -> None:
    with browser.page((pages / "mixed.html").as_uri()) as page:
        page.press("Tab", 9)
        focused = "document.activeElement.getBoundingClientRect()"
        assert page.run("document.activeElement.className") == "skip"
        assert page.run(f"{focused}.top") >= 0, "the link is in sight when it has the focus"
        reached = []
        for _ in range(60):
            page.press("Tab", 9)
            reached.append(page.run("document.activeElement.tagName"))
            style = page.run("getComputedStyle(document.activeElement).outlineStyle")
            assert style != "none" or reached[-1] == "BODY"
            if reached[-1] == "BODY":
                break
        assert {"A", "SUMMARY", "INPUT", "DIV"} <= set(reached)
        assert reached.count("SUMMARY") == page.run("document.querySelectorAll('summary').length")


def test_a_cell_leads_to_its_finding(browser: Browser, pages: Path) -> None:
    with browser.page((pages / "mixed.html").as_uri()) as page:
        page.run("document.querySelector('td.error a').click()")
        assert "MPESA_KMS_KEY decodes" in page.run("document.querySelector(':target').innerText")
        top = page.run("document.querySelector(':target').getBoundingClientRect().top")
        assert 0 <= top < 900


@pytest.mark.parametrize("width", [390, 1280])
def test_heads_of_rows_and_columns_stay_in_sight(browser: Browser, pages: Path, width: int) -> None:
    with browser.page((pages / "many.html").as_uri(), width=width) as page:
        page.run("document.querySelector('.scroll').scrollTo(400, 3000)")
        offsets = page.run(
            "(() => { const box = document.querySelector('.scroll').getBoundingClientRect();"
            "const head = document.querySelector('thead th:last-child').getBoundingClientRect();"
            "const row = document.querySelector('tbody th[scope=row]').getBoundingClientRect();"
            "return [Math.abs(head.top - box.top), Math.abs(row.left - box.left)] })()"
        )
        assert max(offsets) < 3
        assert page.run("document.querySelector('.scroll').scrollTop") == 3000


@pytest.mark.parametrize("count", [4, 8, 9])
def test_on_a_phone_every_environment_is_in_sight_or_said_to_be_aside(
    browser: Browser, tmp_path: Path, count: int
) -> None:
    names = [*(f"integration-{n}" for n in range(count - 1)), "production"]
    report = Report.of(
        (
            Finding(
                outcome=Outcome.FAIL if name == "production" else Outcome.PASS,
                kind="variable",
                subject="MAIL_SENDER_ADDRESS",
                environment=name,
                message="MAIL_SENDER_ADDRESS is not set",
            )
            for name in names
        ),
        environments=names,
    )
    file = tmp_path / "page.html"
    file.write_text(html.render(report, PLAIN), encoding="utf-8")
    with browser.page(file.as_uri(), width=390) as page:
        right = page.run("document.querySelector('td.error').getBoundingClientRect().right")
        tall, wide = page.run(
            "(box => [box.height, box.width])("
            "document.querySelector('thead bdi').getBoundingClientRect())"
        )
        assert (wide < 30, 60 < tall < 100) == (True, True), (
            "a name is one line, which is written upwards"
        )
        if count > 8:
            assert page.run("document.querySelector('.sideways').offsetHeight") > 0
        else:
            assert right <= 390
            assert page.run("document.querySelector('.sideways')") is None


def test_a_page_can_be_printed(browser: Browser, pages: Path) -> None:
    with browser.page((pages / "mixed.html").as_uri(), dark=True) as page:
        sheets = PdfReader(io.BytesIO(page.pdf())).pages
        text = " ".join("\n".join(sheet.extract_text() for sheet in sheets).split())
    assert "billing: failed" in text
    assert "TCP and UDP ports have 16 bits" in text, "what is folded away is printed"
    assert "MPESA_CALLBACK_URL is not set in .env.production" in text
    assert all(f"V{n} " in text for n in range(63)), "the whole table"


def test_a_style_that_was_not_hashed_is_refused(browser: Browser, pages: Path) -> None:
    text = (pages / "mixed.html").read_text(encoding="utf-8")
    file = pages.parent / "changed.html"
    file.write_text(text.replace("margin: 0; background", "margin: 1px; background"), "utf-8")
    with browser.page(file.as_uri()) as page:
        assert page.complaints() != []
        assert page.run("getComputedStyle(document.body).margin") == "8px"


def test_the_picture_in_the_readme_can_be_taken_anew(browser: Browser) -> None:
    made, kept = screenshot.taken(browser), screenshot.PICTURE.read_bytes()
    assert made[:24] == kept[:24], "a PNG of the same width and height"
    assert len(kept) < 200_000

"""One rule with many subjects is told once, with the list of the others."""

from __future__ import annotations

from typing import Any

from assay.model import Category, Finding, Location, Outcome, Report
from assay.reporters import render_report
from assay.reporters.base import Context, tally_of
from assay.reporters.folding import LEAST, folded, groups


def finding(subject: str, line: int | None = 1, file: str = ".env", **more) -> Finding:
    fields = {
        "outcome": Outcome.FAIL,
        "kind": "variable",
        "rule": "variable-empty",
        "category": Category.MISSING,
        "environment": "dev",
        "message": f"{subject} is set in .env, but empty",
        "remedy": f"Set {subject} to a value.",
        "location": Location(file=file, line=line, column=1),
    }
    return Finding(**{**fields, "subject": subject, **more})


def many(number: int) -> list[Finding]:
    return [finding(f"V{n}", n + 1) for n in range(number)]


def test_few_are_told_one_by_one():
    assert [len(group) for group in groups(many(LEAST - 1))] == [1] * (LEAST - 1)


def test_many_are_told_once_with_a_list():
    [first] = folded(many(4))
    assert first.subject == "V0"
    assert first.notes == ("the same goes for 3 more: V1 (line 2), V2 (line 3) and V3 (line 4)",)


def test_what_says_something_else_stays_apart():
    others = [
        finding("W", message="W is set in .env, but empty, and that is odd"),
        finding("X", rule="variable-missing"),
        finding("Y", remedy="Set Y in the vault."),
        finding("Z", environment="production"),
        finding("U", outcome=Outcome.PASS),
    ]
    assert [f.subject for f in folded([*many(4), *others])] == ["V0", "W", "X", "Y", "Z", "U"]


def test_a_name_that_is_part_of_another_does_not_confuse():
    names = ["KEY", "MY_KEY", "KEY_2", "OTHER"]
    assert len(folded([finding(name) for name in names])) == 1


def test_a_place_in_another_file_is_named_in_full():
    some = [*many(3), finding("A", 7, ".env.local"), finding("B", location=None)]
    [note] = folded(some)[0].notes
    assert "A (.env.local:7) and B" in note


def test_every_report_for_people_folds_and_counts_all():
    report = Report.of([*many(5), finding("OK", outcome=Outcome.PASS)], environments=["dev"])
    context = Context(version="1")
    for name in ("text", "markdown", "github-summary", "github", "html"):
        said = render_report(name, report, context)
        assert said.count("Set V") == 1, name
        assert "he same goes for 4 more" in said
        assert "V4" in said
    assert "5 errors, 1 passed in dev" in render_report("text", report, context)
    verbose = Context(version="1", verbose=True)
    assert render_report("text", report, verbose).count("Set V") == 5
    assert render_report("json", report, context).count("Set V") == 5


def test_the_page_has_a_place_for_each_that_is_folded():
    report = Report.of(many(4), environments=["dev"])
    page = render_report("html", report, Context(version="1"))
    targets = {part.partition('"')[0] for part in page.split('href="#f-')[1:]}
    assert len(targets) == 4
    assert all(f'id="f-{target}"' in page for target in targets)


def test_the_tally_counts_what_the_spec_declares():
    passed: dict[str, Any] = {"outcome": Outcome.PASS}
    own = finding("A", file="specs/app.yaml", **passed)
    imported = finding("B", file="builtin:redis", **passed)
    source = finding(".env", kind="source", **passed)
    assert tally_of([own, source]) == {"passed": "1 passed"}
    assert tally_of([own, imported, source]) == {"passed": "1 passed and 1 imported"}
    assert tally_of([imported, finding("C")]) == {
        "failed": "1 error",
        "passed": "1 imported passed",
    }
    assert tally_of([source]) == {}


def test_the_short_report_has_five_lines():
    rules = ["a-b", "c-d", "e-f", "g-h", "i-j"]
    found = [finding(f"V{n}_{rule}", n + 1, rule=rule) for rule in rules for n in range(9)]
    report = Report.of(found, environments=["dev"], project="shop")
    said = render_report("short", report, Context(version="1"))
    assert said.splitlines() == [
        "assay of shop: failed: 45 errors in dev",
        "  a-b: V0_a-b, V1_a-b, V2_a-b, V3_a-b, V4_a-b and 4 more",
        "  c-d: V0_c-d, V1_c-d, V2_c-d, V3_c-d, V4_c-d and 4 more",
        "  e-f: V0_e-f, V1_e-f, V2_e-f, V3_e-f, V4_e-f and 4 more",
        "2 more rules; run `assay check` for all of it",
    ]
    narrow = render_report("short", report, Context(version="1", width=40))
    assert max(map(len, narrow.splitlines())) <= 40


def test_the_short_report_of_what_is_well_is_one_line():
    report = Report.of([finding("A", outcome=Outcome.PASS)], environments=["dev"])
    assert (
        render_report("short", report, Context(version="1")) == "assay: passed: 1 passed in dev\n"
    )
    assert render_report("short", report, Context(version="1", quiet=True)) == ""
    missed = finding("A", outcome=Outcome.UNKNOWN, rule="")
    unknown = Report.of([missed], environments=["dev"])
    assert "could not be checked: A" in render_report("short", unknown, Context(version="1"))


def test_the_short_report_of_an_invalid_spec_names_lint():
    report = Report.of(
        [finding("variables.A", kind="spec", environment="", category=Category.SPEC)]
    )
    said = render_report("short", report, Context(version="1"))
    assert said.endswith("run `assay lint` for all of it\n")


def test_a_very_long_list_is_cut():
    [first] = folded(many(100))
    assert "V40 (line 41) and 59 others" in first.notes[0]

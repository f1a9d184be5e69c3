"""Long pages begin with contents, which name every part; every rule has its part of a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assay.spec.rulebook import all_rules

DOCS = Path(__file__).parents[2] / "docs"
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
WITH_CONTENTS = ("credentials", "databases", "keys", "language", "reference", "tables")


def headings(text: str) -> list[str]:
    found = re.findall(r"^## (.*)$", FENCED.sub("", text), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found]


@pytest.mark.parametrize("page", WITH_CONTENTS)
def test_contents_name_every_part_in_its_order(page: str) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    contents = FENCED.sub("", text).partition("\n## ")[0]
    assert re.findall(r"\(#([\w-]+)\)", contents) == headings(text)


def test_every_rule_has_the_part_that_reports_link_to() -> None:
    assert set(headings((DOCS / "rules.md").read_text(encoding="utf-8"))) == set(all_rules())

"""Marked parts: found in any kind of comment, replaced alone, refused where they are broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.documents.markers import filled, parts_of
from assay.errors import OutputError

LINES = st.lists(
    st.sampled_from(
        [
            "# Title",
            "text",
            "",
            "  indented \t",
            "a | b",
            "<b>",
            "`code`",
            "é\u2028",
            "\x0c",
            "'\"\\",
        ]
    ),
    max_size=6,
)


def refused(text: str, file: str = "a.md") -> str:
    with pytest.raises(OutputError) as failure:
        parts_of(text, file)
    assert failure.value.remedy
    return failure.value.message


@pytest.mark.parametrize(
    ("file", "begin", "end"),
    [
        ("a.md", "<!-- assay:begin runbook -->", "<!-- assay:end -->"),
        ("a.md", "<!--assay:begin runbook-->", "<!--assay:end runbook-->"),
        ("a.mdx", "{/* assay:begin runbook */}", "{/* assay:end */}"),
        (".env.example", "# assay:begin runbook", "# assay:end"),
        ("a.yaml", "  ## assay:begin runbook", "  ## assay:end"),
        ("a.ts", "// assay:begin runbook", "// assay:end"),
        ("a.css", "/* assay:begin runbook */", "/* assay:end */"),
        ("a.sql", "-- assay:begin runbook", "-- assay:end"),
        ("a.ini", "; assay:begin runbook", "; assay:end"),
        ("a.md", "\ufeff<!-- assay:begin runbook -->", "<!-- assay:end -->"),
    ],
)
def test_marks_stand_in_any_comment(file, begin, end):
    for newline in ("\n", "\r\n"):
        text = newline.join([begin, "old", end])
        [part] = parts_of(text, file)
        assert (part.name, part.line, text[part.start : part.end]) == (
            "runbook", 1, f"old{newline}",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n<!-- assay:end -->\n", "a.md:2: assay:end has no assay:begin above it"),
        ("<!-- assay:begin a -->\n", "a.md:1: the part a begins here and never ends"),
        (
            "<!-- assay:begin a -->\n<!-- assay:begin b -->\n",
            "a.md:2: assay:begin is inside the part a, which begins in line 1",
        ),
        (
            "<!-- assay:begin a -->\n<!-- assay:end b -->\n",
            "a.md:2: assay:end ends a, which begins in line 1, and not b",
        ),
        (
            "<!-- assay:begin -->\n",
            "a.md:1: assay:begin is not understood: it names no document",
        ),
        (
            "<!-- assay:begin a b -->\n",
            "a.md:1: assay:begin is not understood: a b is not a name",
        ),
    ],
)
def test_broken_marks_are_named_with_their_line(text, said):
    assert refused(text) == said


def test_marks_in_examples_and_in_running_text_mark_nothing():
    text = (
        "Write `<!-- assay:begin a -->` there.\n"
        "```markdown\n<!-- assay:begin a -->\n```\n"
        "~~~~\n~~~\n<!-- assay:begin a -->\n~~~~\n"
        "assay:begin a\n"
        "``` ```\n"  # code, and no fence: it holds a backtick itself
        "<!-- assay:beginning a -->\n"
    )
    assert parts_of(text, "a.md") == []
    assert len(parts_of("```\n# assay:begin a\n# assay:end\n", "a.env")) == 1


def test_the_heading_above_tells_the_level():
    text = (
        "<!-- assay:begin a -->\n# not a heading of the page\n<!-- assay:end -->\n"
        "## Two\n```\n# code\n```\n<!-- assay:begin b -->\n<!-- assay:end -->\n"
    )
    assert [(part.name, part.level) for part in parts_of(text.replace("# not", "not"), "a.md")] == [
        ("a", 0),
        ("b", 2),
    ]


def test_what_is_made_takes_the_indent_and_the_line_ends_of_its_marks():
    text = "x:\r\n  # assay:begin a\r\n  old\r\n  # assay:end\r\n"
    made = filled(text, "a.yaml", parts_of(text, "a.yaml"), lambda _: "\none\n\n  two\n")
    assert made == "x:\r\n  # assay:begin a\r\n  one\r\n\r\n    two\r\n  # assay:end\r\n"


def test_blank_lines_keep_markdown_apart_from_its_marks():
    text = "<!-- assay:begin a --><!-- assay:end -->"
    assert parts_of(text.replace("--><", "-->\n<"), "a.md")
    text = "<!-- assay:begin a -->\n<!-- assay:end -->"
    made = filled(text, "a.md", parts_of(text, "a.md"), lambda _: "| a |\n")
    assert made == "<!-- assay:begin a -->\n\n| a |\n\n<!-- assay:end -->"


def test_a_text_that_would_end_its_own_part_is_refused():
    text = "<!-- assay:begin a -->\n<!-- assay:end -->\n"
    with pytest.raises(OutputError, match="holds a line that marks a part"):
        filled(text, "a.md", parts_of(text, "a.md"), lambda _: "x\n<!-- assay:end -->\n")


@given(st.tuples(LINES, LINES, LINES, LINES), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_all_but_the_part_survives_and_doing_it_again_changes_nothing(lines, newline, bom):
    before, old, after, made = lines
    head = [*before, "<!-- assay:begin a -->"]
    tail = ["<!-- assay:end -->", *after]
    text = "\ufeff" * bom + newline.join([*head, *old, *tail])
    [part] = parts_of(text, "a.txt")
    once = filled(text, "a.txt", [part], lambda _: "\n".join(made))
    assert once.startswith(text[: part.start])
    assert once.endswith(text[part.end :])
    assert filled(once, "a.txt", parts_of(once, "a.txt"), lambda _: "\n".join(made)) == once

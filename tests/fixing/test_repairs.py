"""Which edits are proposed and proved, for each loader."""

from __future__ import annotations

import pytest

from assay import dotenv
from assay.fixing.edits import Edit, FixedFile, appended, proved, rewritten

VALUES = ("plain", "two words", "a#b", "pa$word", "it's", 'say "x"', "a\\nb", "#fff", " x ", "é")


def reads(text, dialect):
    return dotenv.parse(text, dialect).values


@pytest.mark.parametrize("dialect", dotenv.DIALECTS)
@pytest.mark.parametrize("value", VALUES)
def test_a_line_that_is_added_reads_as_meant_and_changes_nothing(dialect, value):
    file = FixedFile(path=".env", dialects=(dialect,))
    for text in ("", "A=1\n", "A=1", "# c\r\nA=1\r\n"):
        edits = [e for e in appended(file, text, "B", value, "") if proved(file, text, e, {})]
        if not edits:
            assert dialect in ("docker", "shell") or value in (
                "it's",
                'say "x"',
                "a\\nb",
                "pa$word",
            )
            continue
        after = edits[0].applied(text)
        assert after.startswith(text)
        assert reads(after, dialect) == {**reads(text, dialect), "B": value}


@pytest.mark.parametrize("dialect", dotenv.DIALECTS)
def test_quotes_of_a_value_are_kept_if_they_do(dialect):
    file = FixedFile(path=".env", dialects=(dialect,))
    text = "A='x'\nB=2\n"
    entry = dotenv.parse(text, dialect).entries[0]
    edits = [e for e in rewritten(file, entry, "y", "") if proved(file, text, e, {})]
    expected = "A=y\nB=2\n" if dialect == "docker" else "A='y'\nB=2\n"
    assert edits[0].applied(text) == expected


CHANGES_MORE = {
    "a neighbour": ("A=1\nB=2\n", 2, 5, "1\nB=3", {"A": "1"}),
    "a reference": ("A=1\nB=${A}\n", 2, 3, "2", {"A": "2"}),
    "not as meant": ("A=1\n", 2, 3, "2", {"A": "3"}),
    "a new name": ("A=1\n", 0, 0, "B=1\n", {}),
    "a name that goes": ("A=1\nB=2\n", 0, 4, "", {}),
    "a quote that is left open": ("A=1\n", 2, 3, "'1", {"A": "'1"}),
    "a dropped line": ("A=1\n", 0, 3, "A 1", {"A": None}),
}


@pytest.mark.parametrize("case", CHANGES_MORE.values(), ids=list(CHANGES_MORE))
def test_what_changes_more_than_it_names_is_not_proved(case):
    text, start, end, new, wanted = case
    edit = Edit(path=".env", start=start, end=end, text=new, told="", wanted=wanted)
    file = FixedFile(path=".env", dialects=("python",), others=("shell", "compose"))
    assert not proved(file, text, edit, {})


def test_all_loaders_have_to_agree_if_that_is_what_is_repaired():
    edit = Edit(path=".env", start=2, end=3, text="'2'", told="", wanted={"A": "2"})
    file = FixedFile(path=".env", dialects=("node",), others=("docker",))
    everywhere = Edit(
        path=".env", start=2, end=3, text="'2'", told="", wanted={"A": "2"}, everywhere=True
    )
    assert proved(file, "A=1\n", edit, {})
    assert not proved(file, "A=1\n", everywhere, {})


def test_edits_show_no_value():
    edit = Edit(path=".env", start=0, end=0, text="A=s3cret\n", told="", wanted={"A": "s3cret"})
    assert "s3cret" not in repr(edit)
    assert repr(edit) == "Edit(.env)"


REPAIRED = {
    "node, a hash in a word": (
        "node",
        "{type: text, min-length: 12, secret: true}",
        "v7Gk2pQ9#xLm4Rt8w",
    ),
    "next, a dollar": ("next", "{secret: true}", "pa$word9xKq7"),
    "compose, a dollar": ("compose", "{secret: true}", "pa$word9xKq7"),
    "docker, quotes": ("docker", "{secret: true}", '"v7Gk2pQ9xLm4Rt8w"'),
    "python, whitespace": ("python", "{type: hostname}", '"db.example.com "'),
    "ruby, quotes within quotes": ("ruby", "{type: hostname}", "'\"db.example.com\"'"),
    "node, its own name": ("node", "{secret: true}", "'A=9e107d9d372bb6826bd81d3542a419d6'"),
    "node, curly quotes": (
        "node",
        "{secret: true}",
        "\u201c9e107d9d372bb6826bd81d3542a419d6\u201d",
    ),
    "node, a newline as two characters": ("node", "{secret: true}", "'9e107d9d372bb682\\n'"),
}


@pytest.mark.parametrize("case", REPAIRED.values(), ids=list(REPAIRED))
def test_what_a_loader_makes_of_a_value_is_repaired(project, case):
    dialect, declared, written = case
    project.spec(
        f"environments: {{dev: {{values: [{{dotenv: {{path: .env, dialect: {dialect}}}}}]}}}}\n"
        f"variables: {{A: {declared}}}\n"
    )
    project.env(f"# first\nA={written}\n# last\n")
    assert project.run("check", "--fail-on", "warning").code == 1
    ran = project.run("fix", "dev", "--apply", "--fail-on", "warning")
    assert (ran.code, ran.err) == (0, "")
    text = (project.folder / ".env").read_text()
    assert text.startswith("# first\nA=")
    assert text.endswith("\n# last\n")


def test_a_byte_order_mark_goes(project):
    project.spec(
        "environments: {dev: {values: [{dotenv: {path: .env, dialect: shell}}]}}\n"
        "variables: {A: {}, B: {}}\n"
    )
    project.env("\ufeffA=1\nB=2\n")
    assert project.run("fix", "dev", "--apply").code == 0
    assert (project.folder / ".env").read_bytes() == b"A=1\nB=2\n"


def test_loaders_that_differ_are_made_to_agree(project):
    project.spec(
        "environments: {dev: {values: [{dotenv: {path: .env, also-read-by: [shell]}}]}}\n"
        "variables: {A: {}}\n"
    )
    project.env("A=Shop & Co\n")
    assert project.run("fix", "dev", "--apply", "--fail-on", "warning").code == 0
    assert (project.folder / ".env").read_text() == 'A="Shop & Co"\n'


def test_three_lines_that_say_the_same_become_one(project):
    project.spec("environments: {dev: {values: [{dotenv: .env}]}}\nvariables: {A: {}, B: {}}\n")
    project.env("A=1\nB=2\nA='1'\nexport A=1\n")
    assert project.run("fix", "dev", "--apply", "--fail-on", "warning").code == 0
    assert (project.folder / ".env").read_text() == "A=1\nB=2\n"


NOT_REPAIRED = {
    "a name that stands twice": "SESION_KEY=v7Gk2pQ9xLm4Rt8w\nSESION_KEY=v7Gk2pQ9xLm4Rt8x\n",
    "quotes around more than the value": 'A=\'"v7Gk2pQ9" "xLm4Rt8w"\'\n',
    "a reference with a default": "A=v7Gk2${pq:-x}9xLm4Rt8w\n",
    "a command": "A='v7Gk2pQ9xLm4Rt8w '$(date)\n",
    "a comment after a value": "A=v7Gk2pQ9xLm4 # Rt8w\nN=v7Gk2 #x\n",
    "the same value, each with its own comment": "A=v7Gk2pQ9xLm4Rt8w # 1\nA=v7Gk2pQ9xLm4Rt8w # 2\n",
    "two assignments on one line": "export A=v7Gk2pQ9xLm4Rt8w A=v7Gk2pQ9xLm4Rt8w\n",
}


@pytest.mark.parametrize("dialect", ["next", "shell"])
@pytest.mark.parametrize("content", NOT_REPAIRED.values(), ids=list(NOT_REPAIRED))
def test_what_may_be_meant_is_left_alone(project, content, dialect):
    project.spec(
        f"environments: {{dev: {{values: [{{dotenv: {{path: .env, dialect: {dialect}}}}}]}}}}\n"
        "variables: {A: {secret: true, required: false}, N: {type: integer, required: false},"
        " SESSION_KEY: {secret: true, required: false}}\n"
    )
    project.env(content)
    project.run("fix", "dev", "--apply")
    assert (project.folder / ".env").read_text() == content

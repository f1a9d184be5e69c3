"""Where reports get their excerpts and their paths from."""

from __future__ import annotations

import json
import os

from assay.cli.output import Excerpts
from assay.gate import inside_of
from assay.model import Location
from assay.redaction import Masker


def excerpts(
    project, masker: Masker | None = None, taken: dict[str, bytes] | None = None
) -> Excerpts:
    root = str(project.folder)
    return Excerpts(root, masker or Masker(), taken or {}, inside_of(root))


def read(project, masker: Masker, *places: tuple[str, int, int]) -> Masker:
    """Tell a masker of assignments in `.env` that may be shown: name, line, end of the line."""
    path = str(project.folder / ".env")
    for name, line, end in places:
        at = Location(file=".env", line=line, column=1)
        value = Location(file=".env", line=line, column=len(name) + 2, end_column=end + 1)
        masker.assignments.add(path, name, at, value, "x")
    return masker


def text(lines: Excerpts, file: str, line: int) -> str | None:
    found = lines.line(Location(file=file, line=line))
    return None if found is None else found.text


def test_an_excerpt_is_the_very_line_whatever_ends_it(project):
    project.env(b"\xef\xbb\xbfA=1\r\nB=\xff\rC=3\n")
    lines = excerpts(project, read(project, Masker(), ("A", 1, 3), ("B", 2, 3), ("C", 3, 3)))
    found = [text(lines, ".env", n) for n in (1, 2, 3, 4, 5)]
    assert found == ["A=1", "B=\ufffd", "C=3", None, None]


def test_there_is_no_excerpt_where_there_is_no_line(project):
    lines = excerpts(project)
    assert lines.line(Location(file=".env")) is None
    assert lines.line(Location(file="gone.yaml", line=1)) is None
    assert lines.line(Location(file=".", line=1)) is None


def test_there_is_no_excerpt_of_a_file_that_is_no_spec_and_was_not_read(project):
    project.env("A=1\n")
    project.write("README.md", "A=1\n")
    lines = excerpts(project)
    assert lines.line(Location(file=".env", line=1)) is None
    assert lines.line(Location(file="README.md", line=1)) is None


def test_a_line_with_a_known_secret_is_no_excerpt(project):
    project.env("A=1\nB=vR7mQ2xK9pL4\n")
    masker = read(project, Masker(["vR7mQ2xK9pL4"]), ("A", 1, 3), ("B", 2, 14))
    lines = excerpts(project, masker)
    assert text(lines, ".env", 1) == "A=1"
    assert text(lines, ".env", 2) is None


def test_excerpts_of_the_library_and_of_standard_input(project):
    lines = excerpts(project, taken={"<stdin>": b"project: a\n"})
    assert text(lines, "<stdin>", 1) == "project: a"
    assert any(text(lines, "builtin:supabase", line) for line in range(1, 20))


def test_sarif_places_count_from_the_top_of_the_repository(project):
    (project.folder / ".git").mkdir()
    inner = project.folder / "app"
    project.write("app/specs/a.yaml", "assay: 1\nvariables: {PORT: {type: port}}\n")
    project.write("app/.env", "PORT=0\n")
    ran = project.run("check", "--spec", "app/specs", "--format", "sarif")
    places = json.dumps(json.loads(ran.out)["runs"][0])
    assert "app/" in places
    assert str(inner) not in places


def test_a_spec_may_be_a_folder_of_any_name_or_a_file_in_specs(project):
    project.write("conf/a.yaml", "assay: 1\nvariables: {PORT: {type: port}}\n")
    project.write("conf/.env", "PORT=0\n")
    ran = project.run("check", "--spec", "conf")
    assert "--> .env:1:6" in ran.out, "any other folder is its own root"
    project.write("specs/a.yaml", "assay: 1\nvariables: {PORT: {type: port}}\n")
    project.write("specs/.hidden.yaml", "nonsense")
    project.write("specs/tests/fixture.yaml", "nonsense")
    project.env("PORT=1\n")
    assert project.run("check", "--spec", "specs/a.yaml").code == 0
    assert project.run("check").code == 0, "fixtures and hidden files are no specs"


def test_lint_of_a_folder_that_cant_be_listed_still_reports(project, monkeypatch):
    project.spec("variables: {A: }")

    def refuse(*_: object) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr("assay.spec.discovery.os.scandir", refuse)
    ran = project.run("lint")
    assert ran.code == 2
    assert "specs can't be read: reading it is not permitted" in ran.out

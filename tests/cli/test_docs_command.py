"""`assay docs`: writes, compares, prints; what is wrong is said before anything is written."""

from __future__ import annotations

import pytest

SPEC = """\
project: shop
environments:
  development: {values: [{dotenv: .env}]}
variables:
  PORT: {type: port, default: 3000, description: Where it listens.}
  SECRET: {type: hex, bytes: 32, secret: true}
documents:
  .env.example: env-example
  docs/environment.md: environment-reference
"""
PATHS = (".env.example", "docs/environment.md")


@pytest.fixture
def shop(project):
    project.spec(SPEC)
    return project


def text(project, path):
    return (project.folder / path).read_bytes().decode()


def test_it_writes_what_is_declared_and_then_nothing(shop):
    assert shop.run("docs") == (0, "".join(f"{path} written\n" for path in PATHS), "")
    assert "SECRET=\n" in text(shop, ".env.example")
    assert shop.run("docs") == (0, "2 documents up to date\n", "")
    assert shop.run("docs", "--quiet") == (0, "", "")
    assert shop.run("docs", "--check") == (0, "2 documents up to date\n", "")


def test_one_of_several_can_be_chosen(shop):
    assert shop.run("docs", ".env.example").out == ".env.example written\n"
    assert not (shop.folder / "docs").exists()
    ran = shop.run("docs", ".env.exmaple")
    assert ran.code == 2
    assert "is not a document in the spec: did you mean .env.example?" in ran.err


def test_a_path_may_be_relative_to_the_current_folder(shop):
    (shop.folder / "docs").mkdir()
    inside = type(shop)(shop.folder / "docs")
    assert inside.run("docs", "environment.md").out == "docs/environment.md written\n"


def test_check_shows_what_would_change_and_fails(shop):
    shop.run("docs")
    shop.spec(SPEC.replace("3000", "3001"))
    before = text(shop, ".env.example")
    ran = shop.run("docs", "--check")
    assert ran.code == 1
    assert "--- a/.env.example\n+++ b/.env.example\n" in ran.out
    assert "\n-PORT=••••••••\n" in ran.out
    assert "\n+PORT=3001\n" in ran.out
    assert "3000" not in ran.out
    assert ran.err == (
        "assay: 2 documents of 2 stale: .env.example, docs/environment.md\n"
        "  help: Run `assay docs` and commit the result.\n"
    )
    assert text(shop, ".env.example") == before
    assert "\x1b[32m+PORT=3001\x1b[0m\n" in shop.run("docs", "--check", "--color", "always").out


def test_what_is_missing_is_stale(shop):
    ran = shop.run("docs", "--check")
    assert ran.code == 1
    assert "--- /dev/null\n+++ b/.env.example\n" in ran.out


def test_they_can_be_listed_and_printed(shop):
    listed = ".env.example         env-example\ndocs/environment.md  environment-reference\n"
    assert shop.run("docs", "--list") == (0, listed, "")
    printed = shop.run("docs", "--stdout", ".env.example").out
    both = shop.run("docs", "--stdout").out
    assert both.startswith(f"==> .env.example <==\n{printed}\n==> docs/environment.md <==\n")
    assert not (shop.folder / ".env.example").exists()
    shop.run("docs")
    assert printed == text(shop, ".env.example")


def test_any_document_can_be_printed_without_being_declared(shop):
    shop.spec(SPEC.partition("documents:")[0])
    ran = shop.run("docs", "--as", "setup-guide", "--env", "development")
    assert (ran.code, ran.err) == (0, "")
    assert "# Setting up development\n" in ran.out
    assert "assay check development\n" in ran.out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--as", "setup-gide"), "setup-gide is not a kind of document: did you mean setup-guide?"),
        (
            ("--as", "reference"),
            "reference is not a kind of document: did you mean environment-reference?",
        ),
        (("--as", "runbook", "--env", "developmet"), "did you mean development?"),
        (("--as", "runbook", "a.md"), "--as prints a document, so a.md"),
        (("--env", "development"), "--env needs --as"),
        (("--check", "--list"), "not allowed with argument --check"),
    ],
)
def test_what_does_not_go_together_is_refused(shop, argv, said):
    ran = shop.run("docs", *argv)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "help: " in ran.err


def test_a_spec_without_documents_gets_a_hint(project):
    project.spec("variables: {A: {}}")
    ran = project.run("docs")
    assert (ran.code, ran.err) == (0, "")
    assert "the spec declares no documents" in ran.out
    assert ".env.example: env-example" in ran.out
    assert project.run("docs", "--check", "-q") == (0, "", "")
    assert "a.md is not a document in the spec" in project.run("docs", "a.md").err


def test_hand_written_parts_survive(shop):
    page = "# Shop\n\nMine.\n\n## Configuration\n\n<!-- assay:begin environment-reference -->\n"
    rest = "<!-- assay:end -->\n\nMine too."
    shop.write("docs/environment.md", page + rest)
    shop.run("docs")
    made = text(shop, "docs/environment.md")
    assert made.startswith(page)
    assert made.endswith(rest)
    assert "\n### Variables\n" in made
    assert "\n| `PORT` |" in made
    assert "Generated by assay" not in made
    assert shop.run("docs", "--check").code == 0


def test_a_hand_written_file_without_marks_is_not_replaced_unless_forced(shop):
    shop.write("docs/environment.md", "# Mine\n")
    ran = shop.run("docs")
    assert (ran.code, ran.out) == (2, "")
    assert "docs/environment.md was not generated by assay" in ran.err
    assert "<!-- assay:begin environment-reference -->" in ran.err
    assert not (shop.folder / ".env.example").exists()
    assert shop.run("docs", "--force").code == 0
    assert "# Mine" not in text(shop, "docs/environment.md")


def test_a_template_of_the_project_takes_the_place_of_assays(shop):
    shop.write("specs/templates/documents/env-example.j2", "{{ project }}\n")
    shop.write("specs/templates/own.md.j2", "{% for g in groups %}{{ g.variables | length }}\n")
    shop.spec(SPEC.replace("environment-reference", "{runbook: {template: own.md.j2}}"))
    ran = shop.run("docs")
    assert (ran.code, ran.out) == (2, "")
    assert "own.md.j2:1: this isn't a Jinja template" in ran.err
    shop.write("specs/templates/own.md.j2", "{{ nothing }}")
    assert "own.md.j2:1: the template can't be filled in: 'nothing'" in shop.run("docs").err
    shop.write("specs/templates/own.md.j2", "{{ live[0].name | upper }}")
    assert shop.run("docs").code == 0
    assert text(shop, ".env.example").endswith(".\nshop\n")
    assert text(shop, "docs/environment.md").endswith("\n\nDEVELOPMENT\n")


def test_documents_of_several_files_are_merged_and_those_of_imports_left(project):
    project.write("shared/web.yaml", "assay: 1\nvariables: {A: {}}\ndocuments: {a.md: runbook}\n")
    project.spec("imports: [../shared/web.yaml]\ndocuments: {b.md: runbook}\n")
    project.spec("documents: {c.md: runbook}\n", "specs/more.yaml")
    assert project.run("docs", "--list").out == "b.md  runbook\nc.md  runbook\n"
    project.spec("documents: {b.md: runbook}\n", "specs/more.yaml")
    ran = project.run("lint")
    assert ran.code == 2
    assert "spec-name-clash" in ran.out


def test_several_documents_share_a_file_with_marks_for_each(project):
    project.spec(
        "variables: {A: {}}\ndocuments: {README.md: {environment-reference: , runbook: }}\n"
    )
    assert "is for several documents" in project.run("docs").err
    marks = "".join(
        f"## {name}\n<!-- assay:begin {name} -->\n<!-- assay:end -->\n"
        for name in ("runbook", "environment-reference")
    )
    project.write("README.md", marks)
    assert project.run("docs").code == 0
    made = text(project, "README.md")
    assert made.index("### Before a deploy") < made.index("## environment-reference")
    assert project.run("docs", "--list").out == "README.md  environment-reference, runbook\n"


def test_a_file_that_cannot_be_written_is_named(shop, monkeypatch):
    (shop.folder / "docs").write_text("")
    ran = shop.run("docs")
    assert ran.code == 2
    assert "docs/environment.md" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("path", [".git/hooks/pre-commit", "sub/.GIT/config", ".hg/hgrc"])
def test_a_document_below_git_is_an_error_of_the_spec(shop, path):
    shop.spec(SPEC.partition("documents:")[0] + f"documents: {{{path}: runbook}}\n")
    for argv in (("lint",), ("docs",), ("docs", "--force")):
        ran = shop.run(*argv)
        assert ran.code == 2
        assert "belongs to version control" in " ".join(ran.said.split())
    assert not (shop.folder / path).exists()

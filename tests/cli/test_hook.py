"""`assay hook`: judges the files that it is given, offline, and no others."""

from __future__ import annotations

import json

import pytest

SPEC = """\
environments:
  dev: {values: [{dotenv: .env}, {dotenv: {path: .env.local, optional: true}}]}
  prod: {live: true, values: [{dotenv: ./prod.env}]}
  mixed: {values: [{dotenv: mixed.env}, process]}
variables:
  PORT: {type: port}
  HOST: {type: hostname, only-in: [dev, prod]}
"""


@pytest.fixture(autouse=True)
def _project(project):
    project.spec(SPEC)
    project.env("PORT=80\nHOST=db\n")


def findings(project, *argv: str, **more):
    ran = project.run("hook", "--format", "json", *argv, **more)
    assert ran.err == ""
    return [(f["environment"], f["rule"], f["subject"]) for f in json.loads(ran.out)["findings"]]


def test_a_clean_file_says_nothing_however_often_it_is_asked(project):
    for _ in range(3):
        assert project.run("hook", ".env") == (0, "", "")


def test_only_given_files_are_judged(project):
    project.env("PORT=0\n", "prod.env")
    assert project.run("hook", ".env") == (0, "", "")
    assert findings(project, "prod.env") == [
        ("prod", "port-out-of-range", "PORT"),
        ("prod", "variable-missing", "HOST"),
    ]


def test_a_name_that_another_file_of_the_environment_sets_is_never_called_missing(project):
    project.env("PORT=80\n")
    project.env("HOST=db\n", ".env.local")
    assert findings(project, ".env") == []
    assert findings(project, ".env.local") == []
    (project.folder / ".env.local").unlink()
    assert findings(project, ".env") == [("dev", "variable-missing", "HOST")]


def test_nothing_is_called_missing_where_another_source_may_set_it(project):
    project.env("PORT=80\n", "mixed.env")
    assert findings(project, "mixed.env") == []
    project.env("HOST=db\n", "mixed.env")
    assert findings(project, "mixed.env") == [("mixed", "variable-misplaced", "HOST")]


def test_nothing_is_called_missing_while_another_file_cant_be_read(project):
    project.env("PORT=80\n")
    (project.folder / ".env.local").mkdir()
    assert findings(project, ".env") == []


def test_faults_in_other_files_of_the_environment_are_theirs(project):
    project.env("PORT=0\nSTRAY=1\n", ".env.local")
    assert findings(project, ".env") == []
    assert findings(project, ".env.local") == [
        ("dev", "port-out-of-range", "PORT"),
        ("dev", "variable-undeclared", "STRAY"),
    ]


def test_several_given_files_of_one_environment_are_each_judged_once(project):
    project.env("PORT=0\n", ".env.local")
    project.env("HOST=a_b\n")
    assert findings(project, ".env", ".env.local", ".env") == [
        ("dev", "hostname-malformed", "HOST"),
        ("dev", "port-out-of-range", "PORT"),
    ]


def test_a_file_outside_of_every_environment_is_judged_by_its_values_alone(project):
    project.env("PORT=0\n", "elsewhere.env")
    assert findings(project, "elsewhere.env") == [("elsewhere.env", "port-out-of-range", "PORT")]
    project.env("HOST=db\n", "elsewhere.env")
    assert findings(project, "elsewhere.env") == []
    outside = project.folder.parent / "outside.env"
    outside.write_text("PORT=0\n")
    assert [rule for _, rule, _ in findings(project, str(outside))] == ["port-out-of-range"]


def test_a_file_may_be_given_by_any_path_that_leads_to_it(project):
    project.env("PORT=0\n", "prod.env")
    for path in ("./prod.env", "specs/../prod.env", str(project.folder / "prod.env")):
        assert ("prod", "port-out-of-range", "PORT") in findings(project, path)


def test_files_may_be_judged_as_the_whole_of_an_environment(project):
    project.env("PORT=80\n", "a.env")
    project.env("HOST=db\n", "b.env")
    assert findings(project, "--env", "prod", "a.env") == [("prod", "variable-missing", "HOST")]
    assert project.run("hook", "--env", "prod", "a.env", "b.env") == (0, "", "")
    assert project.run("hook", "--env", "mixed", "a.env") == (0, "", "")


def test_what_does_not_apply_is_no_reason_to_speak(project):
    project.env("PORT=80\n", "a.env")
    for _ in range(2):
        assert project.run("hook", "--env", "mixed", "a.env", "--color", "never") == (0, "", "")


def test_standard_input_is_judged_as_a_file_of_no_environment(project):
    assert project.run("hook", "-", stdin="PORT=80\n") == (0, "", "")
    ran = project.run("hook", "-", stdin="PORT=0\n")
    assert ran.code == 1
    assert "--> <stdin>:1:6" in ran.out
    assert " 1 | PORT=0\n" in ran.out
    assert findings(project, "--env", "prod", "-", stdin="PORT=80\n") == [
        ("prod", "variable-missing", "HOST")
    ]


def test_the_spec_may_come_on_standard_input(project):
    spec = "assay: 1\nvariables: {PORT: {type: integer}}\n"
    assert project.run("hook", "--spec", "-", ".env", stdin=spec).code == 0


def test_a_deleted_file_is_told(project):
    assert findings(project, "gone.env") == [("gone.env", "source-missing", "gone.env")]
    assert "help: Check the path of the file." in project.run("hook", "gone.env").out
    assert findings(project, ".env.local") == [("dev", "source-missing", ".env.local")]


def test_two_hundred_files_are_judged_in_one_run(project):
    names = [f"f{number}.env" for number in range(200)]
    for name in names:
        project.env("PORT=80\nHOST=db\n", name)
    assert project.run("hook", *names) == (0, "", "")
    project.env("PORT=0\n", "f77.env")
    ran = project.run("hook", *names)
    assert ran.code == 1
    assert ran.out.count("error[") == 1
    assert "--> f77.env:1:6" in ran.out


@pytest.mark.parametrize(
    ("form", "mark"),
    [
        ("text", "error[port-out-of-range]"),
        ("json", '"rule": "port-out-of-range"'),
        ("sarif", '"ruleId": "port-out-of-range"'),
        ("junit", "<failure"),
        ("github", "::error file=prod.env,line=1"),
        ("github-summary", "port-out-of-range"),
    ],
)
def test_every_format_can_be_printed_and_written(project, form, mark):
    project.env("PORT=0\nHOST=db\n", "prod.env")
    ran = project.run("hook", "prod.env", "--format", form, "--output", f"{form}=out")
    assert (ran.code, ran.err) == (1, "")
    assert mark in ran.out
    assert mark in (project.folder / "out").read_text()


def test_a_clean_report_is_written_too(project):
    assert project.run("hook", ".env", "--output", "json=out.json") == (0, "", "")
    assert json.loads((project.folder / "out.json").read_text())["findings"] == []


def test_the_threshold_counts_here_too(project):
    project.env("PORT=80\nHOST=db\nSTRAY=1\n")
    assert project.run("hook", ".env").code == 0
    assert project.run("hook", "--fail-on", "warning", ".env").code == 1


def test_values_of_this_process_do_not_matter(project):
    project.env("PORT=80\n", "mixed.env")
    assert project.run("hook", "mixed.env", environ={"PORT": "0", "HOST": "!"}).code == 0


def test_an_invalid_spec_is_a_usage_error(project):
    project.spec("variables: {PORT: {type: prot}}")
    ran = project.run("hook", ".env")
    assert (ran.code, ran.out) == (2, "")
    assert "help: Write `type: port`." in ran.err


@pytest.mark.parametrize(
    "name", ["--output=text=src/app.env", "--outp=json=a.env", "--allow-path=/.env", "-q.env"]
)
def test_the_name_of_a_file_is_no_option(project, name):
    """pre-commit passes names as they are, and a stranger may choose them."""
    project.env("PORT=0\n", name)
    project.env("PORT=0\n", "src/kept.env")
    ran = project.run("hook", ".env", name)
    assert (ran.code, ran.out) == (2, "")
    assert "would be taken for an option" in ran.err
    assert not (project.folder / "src/app.env").exists()
    assert not (project.folder / "a.env").exists()
    assert findings(project, "--", name) == [(name, "port-out-of-range", "PORT")]


@pytest.mark.parametrize("text", [b"HOST=caf\xe9\n", "HOST=db\n".encode("utf-16")])
def test_standard_input_in_another_encoding_is_to_be_converted_on_its_way(project, text):
    said = " ".join(project.run("hook", "-", stdin=text).said.split())
    assert "Pass UTF-8: put `iconv -f " in said
    assert "-t UTF-8 |` before this command." in said
    assert "<stdin>.utf8" not in said
    project.write("a.env", text)
    assert "-t UTF-8 a.env > a.env.utf8`" in " ".join(project.run("hook", "a.env").said.split())


def test_a_file_of_each_machine_decides_nothing_about_another(project):
    (project.folder / ".git").mkdir()
    project.write(".gitignore", ".env.local\n")
    project.env("PORT=80\n")
    elsewhere = project.run("hook", ".env")
    project.env("HOST=db\n", ".env.local")
    assert project.run("hook", ".env") == elsewhere == (0, "", "")
    project.env("PORT=0\n")
    here = findings(project, ".env")
    (project.folder / ".env.local").unlink()
    assert findings(project, ".env") == here == [("dev", "port-out-of-range", "PORT")]


def test_a_file_of_this_machine_is_judged_with_all_others(project):
    (project.folder / ".git").mkdir()
    project.write(".gitignore", ".env*\n")
    project.env("PORT=80\n")
    assert findings(project, ".env") == [("dev", "variable-missing", "HOST")]
    project.env("HOST=db\n", ".env.local")
    assert findings(project, ".env") == findings(project, ".env.local") == []

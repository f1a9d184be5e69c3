"""Commands as people type them."""

from __future__ import annotations

import io
import os

from assay.cli import main
from assay.reporters.display import columns, cut_apart
from assay.version import __version__


def test_help_is_a_command_too(project):
    assert project.run("help").out == project.run("--help").out
    assert project.run("help", "check").out == project.run("check", "--help").out
    assert project.run("help", "credentials", "explain").out.startswith("usage: assay credentials")
    assert project.run("help", "nonsense").code == 2


def test_a_capital_v_prints_the_version(project):
    assert project.run("-V") == (0, f"assay {__version__}\n", "")


def test_run_without_an_environment_has_one_complaint(project):
    ran = project.run("run", "--", "ls")
    assert ran.code == 2
    assert "required: ENV\n" in ran.err
    assert "CMD" not in ran.err.partition("\n")[0]


def test_a_stream_without_box_characters_gets_ascii(project):
    project.spec("environments: {a: {values: [process]}, b: {values: [process]}}\nvariables: {A: }")
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding="cp1252")
    os.chdir(project.folder)
    assert main(["check"], io.StringIO(), stdout, io.StringIO()) == 1
    stdout.flush()
    said = raw.getvalue().decode("cp1252")
    assert "-- a: 1 error -" in said
    assert "\\u" not in said


def test_a_page_on_a_stream_without_its_signs_refers_to_them(project):
    project.spec("variables: {A: }")
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding="cp1252")
    os.chdir(project.folder)
    assert main(["check", "--format", "html"], io.StringIO(), stdout, io.StringIO()) == 1
    stdout.flush()
    said = raw.getvalue().decode("cp1252")
    assert "&#10005;" in said
    assert "\\u" not in said


def test_init_says_that_it_found_nothing(project):
    said = project.run("init").out
    assert "no .env file and no code that reads variables was found" in said
    assert "declare your variables in specs/app.yaml" in said
    assert "assay check" not in said


def test_a_hook_says_that_an_optional_file_does_not_exist(project):
    project.spec(
        "environments: {dev: {values: [{dotenv: {path: .env.local, optional: true}}]}}\n"
        "variables: {A: {}}\n"
    )
    said = project.run("hook", ".env.local").out
    assert ".env.local does not exist" in said
    assert "help: Check the path of the file." in said


def test_texts_that_differ_are_cut_where_they_do():
    url = "https://a.long.host.of.development.example.com/path/one"
    assert cut_apart([url, f"{url}/two"], [99, 99]) == [url, f"{url}/two"]
    for others in (["six", "seven"], ["", "x"], ["six", "seven", "six"]):
        texts = [url + other for other in others]
        made = cut_apart(texts, [20] * len(texts))
        assert len(set(made)) == len(set(texts))
        assert all(columns(text) <= 20 for text in made)
    three = [f"a{url}", f"b{url}x", f"b{url}y"]
    assert len(set(cut_apart(three, [20] * 3))) == 3
    same = [f"a{url}{url}x", f"a{url}{url}y", f"a{url}z{url}"]
    made = cut_apart(same, [20] * 3)
    assert len(set(made)) == 3
    assert all(columns(text) <= 20 for text in made)


def test_an_environment_adds_to_what_the_project_says_of_undeclared_names(project):
    project.spec(
        "undeclared: {default: fail, prefixes: {A_: ignore}}\n"
        "variables: {PORT: {type: port}}\nenvironments:\n"
        "  dev: {undeclared: {prefixes: {B_: warn}}, values: [{dotenv: .env}]}\n"
        "  short: {undeclared: ignore, values: [{dotenv: .env}]}\n"
    )
    project.env("PORT=80\nA_X=1\nB_X=1\nC_X=1\n")
    said = project.run("check", "dev").out
    assert "warning[variable-undeclared]: B_X" in said
    assert "error[variable-undeclared]: C_X" in said
    assert "A_X" not in said
    assert project.run("check", "short").code == 0


def test_a_waiver_of_one_environment_covers_what_compares_it(project):
    project.spec(
        "environments: {a: {values: [{dotenv: a.env}]}, b: {values: [{dotenv: b.env}]}}\n"
        "variables: {NAME: {parity: same}}\n"
        "waivers: [{rule: parity-differs, subject: NAME, environment: a, reason: Known.}]\n"
    )
    project.env("NAME=one\n", "a.env")
    project.env("NAME=two\n", "b.env")
    assert project.run("check").code == 0

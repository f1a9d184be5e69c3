"""No text of a stranger commands the runner of a CI job, or a terminal, that shows our output."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.cli.log_safety import harmless
from assay.reporters import REPORTERS

if TYPE_CHECKING:
    from tests.project import Project, Ran

COMMANDS = (
    "::error file=a::b",
    "::set-env name=NODE_OPTIONS::--require=./x.js",
    "::add-mask::e",
    "::stop-commands::x",
    "::debug::x",
    "##[add-path]/tmp/evil",
    "##[set-env name=A;]b",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[buildStatus text='x']",
    "section_start:1:x",
    "travis_fold:start:x",
)
OBEYED = re.compile(
    r"^\s*::|##\w*\[|(?:section_start|section_end|travis_fold|travis_time):",
    re.MULTILINE,
)
"""What a runner takes for a command: GitHub's after blanks, those of the others anywhere."""
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("before", ["", "a\n", "a\r\n", "  ", "\t", "x\n \u00a0", "\x1b[31m"])
def test_no_command_is_obeyed_wherever_its_line_begins(command, before):
    said = harmless(before + command)
    assert not OBEYED.search(re.sub(r"\x1b\[[0-9;]*m", "", said))
    assert said.replace(" ", "") == (before + command).replace(" ", "")


@pytest.mark.parametrize("command", COMMANDS[5:])
def test_the_commands_of_others_are_not_obeyed_in_the_middle_of_a_line(command):
    assert not OBEYED.search(harmless(f"some words {command}"))
    assert not OBEYED.search(harmless(f"#{command}"))


def test_the_annotations_of_the_github_format_stay_and_nothing_else_does():
    own = "::error file=.env,line=1::PORT is wrong##[x]y\n::set-env name=A::b\n ::add-mask::x\n"
    said = harmless(own, commands=True)
    assert said == (
        "::error file=.env,line=1::PORT is wrong# #[x]y\n: :set-env name=A::b\n : :add-mask::x\n"
    )


@given(st.text(st.sampled_from(":#[]a \n\r\t\x1b\x9b\u202e\x85\u2028vsoerr\x00"), max_size=60))
def test_no_text_commands_a_runner_or_a_terminal(text):
    said = harmless(text)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", said)
    assert not OBEYED.search(bare)
    assert not UNSEEN.search(bare.replace("\r\n", "\n"))
    assert harmless(said) == said


def test_ordinary_text_stays_as_it_is():
    text = "a::b std::vector ## Heading\n# [x]\n--- a\n+++ b\n\tx = é :: y\r\n\x1b[1mbold\x1b[0m\n"
    assert harmless(text) == text


def test_escapes_mean_the_same_to_readers_of_json():
    text = json.dumps({"a": "\x7f\u202e\x85\u2028"}, ensure_ascii=False)
    assert json.loads(harmless(text)) == json.loads(text)


def hostile(project: Project, command: str) -> list[Ran]:
    """All that prints a stranger's text, with a command in every place that takes one."""
    said = json.dumps(f"x {'word ' * 22}{command} {'more ' * 20}\n{command}")
    word = json.dumps(command)
    spec = f"""\
project: {word}
variables:
  PORT: {{type: port, description: {said}, group: {word}, obtain: {said}}}
  {word}: {{}}
  MODE: {{type: enum, values: [{word}, b], required: false}}
environments:
  dev: {{values: [dotenv: .env]}}
  {word}: {{values: [dotenv: {json.dumps(command.replace("/", "_"))}]}}
rules:
  {word}: {{assert: 'MODE == "b"', message: {said}, remedy: {said}}}
waivers:
- {{rule: {word}, subject: {word}, reason: {said}}}
"""
    project.spec(spec.split("waivers:", maxsplit=1)[0])
    project.env(f"PORT={command}\nMODE={command}\nX={command}\n\u202e\x1b]0;x\x07{command}=1\n")
    project.write("docs.md", f"{command}\n## Mine\n")
    name = command.replace("/", "_")
    project.write(name, f"PORT={command}\n")
    runs = [
        *(project.run("check", "--format", form, "-v") for form in REPORTERS),
        *(project.run("lint", "--format", form) for form in REPORTERS),
        project.run("check", "--color", "always", environ={"COLUMNS": "40"}),
        project.run("check", command),
        project.run("check", f"\x1b[8m{command}"),
        project.run("check", f"x\n{command}"),
        project.run("check", "--only", f"x\n{command}"),
        project.run("explain", f"x\n{command}"),
        project.run("hook", name, "-v"),
        project.run("hook", "--env", f"x\n{command}", ".env"),
        project.run("hook", "--spec", f"x\n{command}", ".env"),
        project.run(f"x\n{command}"),
        project.run("docs", "--stdout"),
        project.run("docs", "--check"),
        project.run("docs", "--as", "runbook"),
        project.run("docs", "--as", "env-example"),
        project.run("docs", f"x\n{command}"),
        project.run("diff", "dev", command, "--all"),
        project.run("diff", "dev", command, "--all", "--format", "markdown"),
        project.run("snapshot"),
        project.run("init", "--stdout"),
        project.run("run", "dev", "--", f"./x\n{command}"),
        project.run("completion", "bash"),
        project.run("schema"),
    ]
    project.spec(spec)
    return [*runs, *(project.run("lint", "--format", form) for form in REPORTERS)]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_of_a_repository_reaches_the_runner(project, command):
    for ran in hostile(project, command):
        lines = ran.said
        if re.match(r"::(?:error|warning|notice) ", lines):  # what `github` writes itself
            lines = re.sub(r"^::(?:error|warning|notice) ", "", lines, flags=re.MULTILINE)
        bare = re.sub(r"\x1b\[[0-9;]*m", "", lines)
        assert not OBEYED.search(bare)
        assert not UNSEEN.search(bare)


def test_a_diff_of_documents_commands_nothing(project):
    said = "a paragraph\n\n::add-mask::a\n ##[add-path]/evil\n::stop-commands::x"
    for description in ("harmless", said):
        project.spec(
            f"variables: {{PORT: {{type: port, description: {json.dumps(description)}}}}}\n"
            "environments: {dev: {values: [dotenv: .env]}}\n"
            "documents: {.env.example: env-example, doc.md: environment-reference}\n"
        )
        if description != said:
            project.run("docs")
    ran = project.run("docs", "--check")
    assert "add-mask" in ran.said
    assert not OBEYED.search(ran.said)


def test_json_on_standard_output_stays_json(project):
    project.spec(
        "variables: {PORT: {type: port}}\n"
        "environments: {dev: {values: [dotenv: .env]}}\n"
        "rules: {r: {assert: 'PORT > 1', message: '##[add-path]/x \\\\ ::error::x'}}\n"
    )
    project.env("PORT=1")
    for form in ("json", "sarif", "gitlab"):
        ran = project.run("check", "--format", form)
        assert "add-path" in json.dumps(json.loads(ran.out))


@pytest.mark.parametrize("filler", ["\n", " \n", " ", "\r\n", "\x1b[0m", "\x1b[0m\n", "#", ":"])
@pytest.mark.parametrize("commands", [True, False])
def test_its_time_grows_with_the_text(filler, commands):
    """Squared, a megabyte of blank lines would take hours."""
    started = time.process_time()
    said = harmless(f"a::b{filler * 200_000}::error::x", commands=commands)
    assert time.process_time() - started < 10
    assert said.startswith("a::b")


HIDING = "\x1b[8mha:AAAA"
"""What terminals hide, and Jenkins takes for the beginning of an object."""
FAKES = ("x\nerror: all is well", f"x{HIDING}", "x\r\x1b[2Kerror: all is well")


@pytest.mark.parametrize("code", ["8", "30;40", "0;8", "31;41", "5", "7", "38;5;0", "1;30", ""])
def test_no_style_passes_but_our_own(code):
    assert harmless(f"a\x1b[{code}mb") == f"a\\u001b[{code}mb"
    assert harmless("a\x1b[1;31mb\x1b[0m") == "a\x1b[1;31mb\x1b[0m"


def told_on_one_line(ran: Ran, fake: str) -> None:
    assert "error: all is well" not in ran.said.splitlines()
    assert HIDING not in ran.said
    assert fake not in ran.said


@pytest.mark.parametrize("fake", FAKES)
def test_a_path_that_can_not_be_read_is_told_on_one_line(project, fake):
    told_on_one_line(project.run("check", "--spec", fake), fake)


@pytest.mark.parametrize("fake", FAKES)
@pytest.mark.parametrize("command", [("check",), ("hook", ".env"), ("snapshot",)])
def test_a_link_that_leads_out_is_told_on_one_line(project, fake, command):
    (project.folder / "specs").mkdir()
    (project.folder / "specs" / "a.yaml").symlink_to(f"/etc/{fake}")
    ran = project.run(*command)
    assert ran.code == 2
    told_on_one_line(ran, fake)


@pytest.mark.parametrize("fake", FAKES)
def test_the_folder_of_a_project_is_told_on_one_line(project, fake):
    project.spec("variables: {PORT: {type: port}}", f"{fake}/specs/a.yaml")
    ran = project.run("lint", "--all")
    assert ran.code == 0
    told_on_one_line(ran, fake)


@pytest.mark.parametrize("fake", FAKES)
def test_the_name_of_a_key_is_told_on_one_line(project, fake):
    spec = {
        "assay": 1,
        "environments": {name: {"values": [{"dotenv": ".env"}]} for name in "ab"},
        "variables": {"K": {"secret": True}},
        "keys": {fake: {"variable": "K", "cipher": "aes-256-gcm", "encoding": "hex"}},
    }
    project.spec(json.dumps(spec).encode())
    project.env("K=x\n")
    for command in (("show",), ("compare", fake)):
        told_on_one_line(project.run("key", *command), fake)

"""What the command line makes of its arguments, good and bad."""

from __future__ import annotations

import pytest

from assay.cli.commands import COMMANDS
from assay.cli.parsing import parser
from assay.cli.program import _hook_arguments
from assay.screen import simple_arguments
from assay.version import __version__

SPEC = "variables: {PORT: {type: port}}\nenvironments: {dev: {values: [{dotenv: .env}]}}\n"


@pytest.fixture(autouse=True)
def _spec(project):
    project.spec(SPEC)
    project.env("PORT=80\n")


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_with_examples(project, command):
    ran = project.run(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: assay {command}")
    assert "examples:" in ran.out
    assert ran.out.count(f"assay {command}") > 1
    summary = COMMANDS[command]
    assert f"{summary[0].upper()}{summary[1:]}." in ran.out


def test_help_lists_every_command_and_exit_code(project):
    ran = project.run("--help")
    assert (ran.code, ran.err) == (0, "")
    for command, summary in COMMANDS.items():
        assert command in ran.out
        assert summary in ran.out
    for code in ("0 pass", "1 a check failed", "2 usage", "3 nothing failed", "130 interrupted"):
        assert code in ran.out


def test_no_command_prints_the_help_and_is_a_usage_error(project):
    ran = project.run()
    assert ran.code == 2
    assert ran.out == project.run("--help").out


def test_version_is_one_line(project):
    ran = project.run("--version")
    assert ran == (0, f"assay {__version__}\n", "")


@pytest.mark.parametrize(
    ("argv", "message", "remedy"),
    [
        (["chek"], "chek is not a command of assay: did you mean check?", "`assay --help`"),
        (["zzzzzz"], "zzzzzz is not a command of assay\n", "`assay --help`"),
        (["--verison"], "--verison is not an option of `assay`: did you mean --version?", ""),
        (
            ["check", "--ony", "x"],
            "--ony is not an option of `assay check`: did you mean --only?",
            "`assay check --help`",
        ),
        (["check", "--ony=x"], "--ony is not an option of `assay check`: did you mean", ""),
        (["lint", "extra"], "`assay lint` does not take the argument extra", "assay lint --help"),
        (
            ["check", "--fail-on", "eror"],
            "eror is not one of info, warning, error: did you mean error?",
            "`assay check --help`",
        ),
        (
            ["check", "--colour", "alway"],
            "alway is not one of auto, always, never: did you mean always?",
            "`assay check --help`",
        ),
        (["check", "--format", "sarf"], "did you mean sarif?", "Choose one of github, "),
        (["completion", "bsh"], "bsh is not one of bash, zsh, fish: did you mean bash?", ""),
        (
            ["schema", "--of", "specs"],
            "specs is not one of spec, report, snapshot, tests: did you mean spec?",
            "",
        ),
        (["check", "--format"], "argument --format: expected one argument", "check --help"),
        (["hook"], "the following arguments are required: FILE", "`assay hook --help`"),
        (["check", "--output", "sarif"], "--output sarif does not name a file", "FORMAT=FILE"),
        (["check", "--output", "sarif="], "--output sarif= does not name a file", "FORMAT=FILE"),
        (["check", "--output", "sarf=x"], "sarf is not a report format: did you mean sarif?", ""),
        (["check", "--wait", "soon"], "--wait soon is not a duration", "60s"),
        (["check", "--wait", "5d"], "--wait 5d is not a duration", "60s"),
        (["check", "--wait", "1ms"], "--wait 1ms is not a duration", "60s"),
        (["check", "--wait", "1s", "--watch"], "not allowed with argument", ""),
        (["check", "devv"], "devv is not an environment: did you mean dev?", "Use one of dev."),
        (["check", "--only", "PROT"], "--only PROT selects nothing: did you mean PORT?", "kind"),
        (["hook", "--env", "dvv", ".env"], "dvv is not an environment: did you mean dev?", "dev"),
        (
            ["hook", "--spec", "-", "-"],
            "only one of the inputs can be standard input",
            "Name a file",
        ),
        (["explain", "variable-mising"], "did you mean variable-missing?", "`assay explain`"),
        (["check", "a\0b"], "an argument contains a NUL character", "Remove that character."),
        (["hook", "a\0b"], "an argument contains a NUL character", "Remove that character."),
        (
            ["check", "--spec", "a\0b"],
            "an argument contains a NUL character",
            "Remove that character.",
        ),
    ],
)
def test_a_mistaken_argument_gets_one_line_and_a_remedy(project, argv, message, remedy):
    ran = project.run(*argv)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    first, second, *rest = ran.err.splitlines()
    assert first.startswith("assay: ")
    assert second.startswith("  help: ")
    assert remedy in second
    assert not rest


@pytest.mark.parametrize(
    "argv",
    [
        ["f.env"],
        ["-q", "f.env", "g.env"],
        ["--spec", "specs", "f.env"],
        ["--env", "dev", "--quiet", "f.env"],
    ],
)
def test_simple_arguments_are_what_the_parser_makes_of_them(argv):
    simple = simple_arguments(argv)
    assert simple is not None
    quick = vars(_hook_arguments(simple))
    assert vars(parser(only="hook").parse_args(["hook", *argv])) == quick


@pytest.mark.parametrize(
    "argv",
    [[], ["--", "f"], ["--format", "json", "f"], ["--env"], ["--spec", "-", "f"], ["-", "f"], [""]],
)
def test_arguments_that_are_not_simple_are_left_to_the_parser(argv):
    assert simple_arguments(argv) is None

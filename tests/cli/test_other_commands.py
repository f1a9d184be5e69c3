"""`lint`, `explain` and `completion`."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from assay.cli.commands import COMMANDS
from assay.spec.rulebook import all_rules


def test_lint_counts_what_a_valid_spec_declares(project):
    project.spec("variables: {A: , B: }\nenvironments: {a: {}, b: {}}")
    assert project.run("lint").out == "the spec is valid: 2 environments, 2 variables in 1 file\n"
    assert project.run("lint", "-q") == (0, "", "")
    assert project.run("lint", "--spec", "-", stdin=b"assay: 1\nvariables: {A: }\n").out == (
        "the spec is valid: 1 environment, 1 variable in 1 file\n"
    )


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github"])
def test_lint_reports_in_every_format(project, form):
    project.spec("variables: {A: }")
    good = project.run("lint", "--format", form)
    assert good.code == 0
    assert "spec-wrong-value" not in good.out
    project.spec("variables: {A: {type: prot}}")
    bad = project.run("lint", "--format", form, "--output", "json=out.json")
    assert bad.code == 2
    assert "spec-wrong-value" in bad.out
    written = json.loads((project.folder / "out.json").read_text())
    assert [f["rule"] for f in written["findings"]] == ["spec-wrong-value"]


def test_lint_never_looks_at_an_environment(project):
    project.spec("variables: {A: }\nenvironments: {a: {values: [{dotenv: nowhere}]}}")
    assert project.run("lint").code == 0


def test_explain_lists_every_rule_in_a_line(project):
    ran = project.run("explain")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines] == list(all_rules())
    assert all("{" not in line.partition("holds")[0] or "{{" in line for line in lines)


@pytest.mark.parametrize("code", sorted(all_rules()))
def test_every_rule_explains_itself(project, code):
    ran = project.run("explain", code)
    assert (ran.code, ran.err) == (0, "")
    rule = all_rules()[code]
    assert ran.out.startswith(f"{code} ({rule.severity}, {rule.category})\n")
    for label in ("what", "why", "remedy"):
        [line] = [line for line in ran.out.splitlines() if line.startswith(f"  {label:<6}  ")]
        text = line.removeprefix(f"  {label:<6}  ")
        assert len(text.split()) > 1, line
    assert rule.why.endswith((".", "?"))


def test_explain_takes_several_rules_and_prints_json(project):
    ran = project.run("explain", "variable-missing", "variable-empty")
    assert ran.out.count("  why ") == 2
    data = json.loads(project.run("explain", "variable-missing", "--format", "json").out)
    assert [rule["code"] for rule in data] == ["variable-missing"]
    assert len(json.loads(project.run("explain", "--format", "json").out)) == len(all_rules())


def test_the_bash_script_is_valid_and_completes(project):
    script = project.run("completion", "bash").out
    file = project.write("complete.bash", script)
    subprocess.run(["bash", "-n", str(file)], check=True)

    def completed(*words: str) -> list[str]:
        line = " ".join(f"'{word}'" for word in ("assay", *words))
        probe = (
            f"source {file}; COMP_WORDS=({line}); COMP_CWORD={len(words)}; _assay; "
            'printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(
            ["bash", "-c", probe], capture_output=True, text=True, check=True, cwd=project.folder
        )
        return done.stdout.split()

    assert completed("ch") == ["check"]
    assert set(completed("")) == {*COMMANDS, "--help", "--version"}
    assert completed("check", "--fail") == ["--fail-on"]
    assert completed("completion", "zs") == ["zsh"]
    assert completed("hook", "compl") == ["complete.bash"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_scripts_name_every_command_and_option(project, shell):
    script = project.run("completion", shell).out
    for command in COMMANDS:
        assert command in script
    assert "allow-unknown" in script
    if shutil.which(shell):
        file = project.write("complete", script)
        subprocess.run([shell, "-n", str(file)], check=True)

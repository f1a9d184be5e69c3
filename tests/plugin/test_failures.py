"""Whatever is wrong with a plug-in is said at its name in the spec, and shows no secret."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from tests.plugin.made import END, GADGETS, KIND, install

import assay
from assay.formats import FORMATS
from assay.kinds import KINDS
from assay.spec.rulebook import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project, Ran

SECRET = "acme_4f9Q2m7Xb1Zk8Rt3Vw6Yc0Ls"
SPEC = """\
assay: 1
environments:
  dev: {values: [dotenv: .env]}
plugins:
  - bad-plugin
variables:
  A: {required: false}
"""
USED = f"{SPEC}gadgets:\n  one: {{size: 1}}\n"
TYPE = """
from typing import ClassVar
from assay.formats.base import Format
class T(Format, frozen=True, kw_only=True, tag="bad"):
    "A type."
    title: ClassVar[str] = "a bad one"
    def violations(self, value):
        yield from ()
    def example(self):
        return "x"
"""
HOSTILE = """
class M(type):
    @property
    def of(cls):
        raise OSError
class X(metaclass=M):
    pass
"""
SOURCE = """
from typing import ClassVar
from assay.sources.base import Source, SourceContent
class S(Source, frozen=True, kw_only=True):
    "A source."
    label = "bad store"
    def read(self, world):
        return SourceContent()
"""


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, importable: None) -> Path:
    """A folder of packages."""
    del importable
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def refused(done: Ran, said: str, rule: str = "spec-plugin-failed") -> None:
    """A spec was refused, at the entry of its plug-in."""
    assert done.code == 2, done.said
    assert f"error[{rule}]" in done.said
    assert "specs/app.yaml:5:5" in done.said
    assert said in " ".join(done.said.replace("|", " ").split()), done.said
    assert "Traceback" not in done.said
    assert SECRET not in done.said


def test_a_missing_one_is_named_with_the_command_that_installs_it(
    project: Project, packages: Path
) -> None:
    install(packages, {"types.bad": "bad_plugin:T"}, TYPE)
    project.spec(SPEC.replace("bad-plugin", "bad-plugn"))
    done = project.run("lint")
    refused(done, "is not installed: did you mean bad-plugin?", "spec-plugin-missing")
    assert "pip install bad-plugn" in done.said
    project.spec(SPEC.replace("bad-plugin", "entirely-elsewhere"))
    done = project.run("check")
    refused(done, "entirely-elsewhere is not installed", "spec-plugin-missing")
    assert "did you mean" not in done.said


@pytest.mark.parametrize("name", ["Bad.Plugin", "bad_plugin", "BAD--PLUGIN"])
def test_a_name_is_what_pip_understands(project: Project, packages: Path, name: str) -> None:
    install(packages, {"types.bad": "bad_plugin:T"}, TYPE)
    project.spec(SPEC.replace("bad-plugin", name) + "  B: {type: bad, required: false}\n")
    assert project.run("lint").code == 0


def test_one_that_is_named_twice_is_used_once(project: Project, packages: Path) -> None:
    install(packages, {"types.bad": "bad_plugin:T"}, TYPE)
    project.spec(SPEC.replace("  - bad-plugin", "  - bad-plugin\n  - bad_plugin"))
    assert project.run("lint").code == 0


def test_a_module_that_a_program_has_made_itself_counts(
    project: Project, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(packages, {"types.bad": "bad_plugin:T"}, "raise SystemExit")
    made = ModuleType("bad_plugin")
    monkeypatch.setitem(sys.modules, "bad_plugin", made)
    exec(TYPE, made.__dict__)
    project.spec(SPEC + "  B: {type: bad, required: false}\n")
    assert project.run("lint").code == 0


@pytest.mark.parametrize("plugins", ["bad-plugin", "3", "[3]", "['../x']", "['']", "{a: b}"])
def test_what_is_no_list_of_names_is_refused(project: Project, plugins: str) -> None:
    project.spec(f"plugins: {plugins}\nvariables: {{A: }}\n")
    done = project.run("lint")
    assert done.code == 2
    assert "plugins" in done.said
    assert "bug" not in done.said


@pytest.mark.parametrize(
    ("entries", "code", "said"),
    [
        ({}, "", "it has no entry points in the group assay.plugins"),
        ({"gadgets.x": "bad_plugin:X"}, "X = 1", "gadgets.x doesn't begin with one of databases,"),
        ({"types.bad": "bad_plugin"}, "X = 1", "types.bad isn't of the form `module:attribute`"),
        ({"types.bad": "bad_plugin:X"}, "X = 1", "which isn't a subclass of Format"),
        ({"types.other": "bad_plugin:T"}, TYPE, "which has the tag bad"),
        ({"types.bad": "bad_plugin:Y"}, TYPE, "failed with AttributeError"),
        ({"types.bad": "bad_plugin:T"}, f"raise OSError('{SECRET}')", "OSError at bad_plugin.py:1"),
        ({"types.bad": "bad_plugin:T"}, "1 1", "failed with SyntaxError"),
        ({"types.bad": "nowhere_plugin:T"}, "", "failed with ModuleNotFoundError"),
        ({"types.bad": "bad_plugin:T"}, f"{TYPE}\n    rules = 3", "has rules that aren't a tuple"),
        ({"types.bad": "bad_plugin:T"}, f"{TYPE}\n    rules = (3,)", "rules that aren't a Rule"),
        ({"reporters.bad": "bad_plugin:X"}, "X = 1", "which isn't a function"),
        ({"sources.bad": "bad_plugin:X"}, "X = int", "which isn't a subclass of Source"),
        ({"kinds.gadgets": "bad_plugin:X"}, "X = 1", "which isn't a Kind"),
        ({"kinds.others": "bad_plugin:KIND"}, KIND + END, "which calls its section gadgets"),
        (GADGETS, f"{KIND}\nlint = 3\n{END}", "kinds.gadgets has no function lint"),
        ({"probes.Asked": "bad_plugin:X"}, "X = 1", "probes.Asked is bad_plugin:X"),
        ({"probes.Asked": "bad_plugin:X"}, "class X: pass", "has no function of"),
        ({"probes.Asked": "bad_plugin:X"}, HOSTILE, "looking at probes.Asked failed with OSError"),
        (GADGETS, f"{KIND}\nraise SystemExit\n{END}", "failed with SystemExit"),
    ],
)
def test_one_that_can_not_be_used_is_refused(
    project: Project, packages: Path, entries: dict[str, str], code: str, said: str
) -> None:
    install(packages, entries, code)
    project.spec(SPEC)
    refused(project.run("lint"), said)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"types.port": "bad_plugin:T"}, "bad-plugin and assay both provide types.port"),
        ({"kinds.tables": "bad_plugin:KIND"}, "bad-plugin and assay both provide kinds.tables"),
        ({"reporters.json": "bad_plugin:X"}, "bad-plugin and assay both provide reporters.json"),
    ],
)
def test_a_name_of_ours_is_taken(
    project: Project, packages: Path, entries: dict[str, str], said: str
) -> None:
    install(packages, entries, f"{TYPE}\nX = print\nKIND = 3\n")
    project.spec(SPEC)
    done = project.run("lint")
    refused(done, said, "spec-plugin-clash")


def test_two_with_the_same_name_can_not_be_used_together(project: Project, packages: Path) -> None:
    install(packages, {"types.bad": "other_plugin:T"}, TYPE, name="other-plugin")
    install(packages, {"types.bad": "bad_plugin:T"}, TYPE)
    project.spec(SPEC.replace("  - bad-plugin", "  - other-plugin\n  - bad-plugin"))
    done = project.run("lint")
    assert done.code == 2
    assert "bad-plugin and other-plugin both provide types.bad" in done.said
    assert "specs/app.yaml:6:5" in done.said
    project.spec(SPEC)
    assert project.run("lint").code == 0


def test_a_rule_of_ours_can_not_be_given_another_meaning(project: Project, packages: Path) -> None:
    install(packages, GADGETS, KIND.replace("gadget-bad", "variable-missing") + END)
    project.spec(SPEC)
    done = project.run("lint")
    refused(done, "bad-plugin and assay both provide the rule", "spec-plugin-clash")


@pytest.mark.parametrize("name", ["parse", "shape", "lint"])
def test_a_kind_that_fails_on_a_spec_is_refused(
    project: Project, packages: Path, name: str
) -> None:
    install(packages, GADGETS, f"{KIND}\n{name} = fail\n{END}")
    project.spec(USED.replace("size: 1", "size: x") if name == "shape" else USED)
    for command in ("lint", "check"):
        refused(project.run(command), "it failed with RuntimeError at bad_plugin.py:")


def test_a_type_that_fails_on_a_spec_is_refused(project: Project, packages: Path) -> None:
    code = f"{TYPE}\n    def problems(self):\n        raise OSError('{SECRET}')\n"
    install(packages, {"types.bad": "bad_plugin:T"}, code)
    project.spec(SPEC + "  B: {type: bad}\n")
    refused(project.run("lint"), "it failed with OSError at bad_plugin.py:")


@pytest.mark.parametrize(
    "code",
    [
        *(f"{name} = fail" for name in ("checks", "needs", "evaluate")),
        "checks = lambda *_: [3]",
        "checks = lambda *_: 3",
        "evaluate = lambda *_: [3]",
        "evaluate = lambda *_: 3",
        "evaluate = lambda *_: [BAD.violated(name='x')]",
        "needs = lambda _: [3]",
        "MORE = {'first': fail, 'applies': fail}",
        "MORE = {'applies': fail}",
        "MORE = {'across': fail}",
    ],
)
def test_a_kind_that_fails_in_a_run_makes_its_checks_unknown(
    project: Project, packages: Path, code: str
) -> None:
    install(packages, GADGETS, f"{KIND}\n{code}\n{END}")
    project.spec(USED)
    project.env("A=1\n")
    done = project.run("check", "-v")
    assert done.code == 3, done.said
    assert "the plug-in bad-plugin 1.0 failed with " in done.out
    assert "Report this to the authors of bad-plugin" in done.out
    assert "A (variable)" in done.out, "the others are checked"
    assert SECRET not in done.said


def test_a_question_that_nobody_answers_is_unknown(project: Project, packages: Path) -> None:
    code = "needs = lambda _: [Asked('x')]\nevaluate = lambda _, facts: [facts[Asked('x')]]\n"
    install(packages, GADGETS, KIND + code + END)
    project.spec(USED)
    project.env("")
    done = project.run("check")
    assert done.code == 3, done.said
    assert "one could not be observed: no probe answers Asked" in done.out


def test_a_type_that_fails_on_a_value_makes_it_unknown(project: Project, packages: Path) -> None:
    code = TYPE.replace("yield from ()", "raise ValueError(value)")
    install(packages, {"types.bad": "bad_plugin:T"}, code)
    project.spec(SPEC + "  B: {type: bad}\n")
    project.env(f"B={SECRET}\n")
    done = project.run("check")
    assert done.code == 3, done.said
    said = " ".join(done.out.split())
    assert "the plug-in bad-plugin 1.0 failed with ValueError at bad_plugin.py:" in said
    assert SECRET not in done.said
    assert project.run("hook", ".env").code == 3


@pytest.mark.parametrize("slow", ["True", "False"])
@pytest.mark.parametrize(
    "code",
    [f"raise OSError('{SECRET}')", f"raise SystemExit('{SECRET}')", "return 3", "return {}"],
)
def test_a_source_that_fails_is_unknown(
    project: Project, packages: Path, code: str, slow: str
) -> None:
    made = SOURCE.replace("return SourceContent()", code)
    install(packages, {"sources.bad": "bad_plugin:S"}, f"{made}\n    slow: ClassVar = {slow}\n")
    project.spec(SPEC.replace("[dotenv: .env]", "[bad]"))
    done = project.run("check")
    assert done.code == 3, done.said
    assert "the plug-in bad-plugin 1.0 failed with" in done.out
    assert SECRET not in done.said


def test_a_source_that_contacts_a_server_is_not_read_for_strangers(
    project: Project, packages: Path
) -> None:
    made = SOURCE.replace("return SourceContent()", "raise SystemExit")
    install(packages, {"sources.bad": "bad_plugin:S"}, f"{made}\n    contacts: ClassVar = True\n")
    project.spec(SPEC.replace("[dotenv: .env]", "[bad]"))
    done = project.run("check", "--untrusted")
    assert done.code == 3, done.said
    assert "bad store is not read for specs that strangers wrote" in done.out


PROBE = """
class P:
    answers = (Asked,)
    live = False
    @classmethod
    def of(cls, run):
        return cls()
    def __call__(self, queries):
        return {query: 1 for query in queries}
    def close(self):
        pass
needs = lambda _: [Asked('x')]
def evaluate(model, facts):
    yield BAD.violated(name="x", why=str(facts[Asked('x')]))
"""
PROBED = {**GADGETS, "probes.Asked": "bad_plugin:P"}


def test_a_probe_answers(project: Project, packages: Path) -> None:
    install(packages, PROBED, KIND + PROBE + END)
    project.spec(USED)
    project.env("")
    done = project.run("check")
    assert done.code == 1
    assert "x is bad: 1" in done.out


def test_a_probe_that_contacts_something_is_left_out_for_strangers(
    project: Project, packages: Path
) -> None:
    code = PROBE.replace("live = False", "live = True")
    install(packages, PROBED, KIND + code + END)
    project.spec(USED)
    project.env("")
    assert project.run("check").code == 1
    done = project.run("check", "--untrusted")
    assert done.code == 3
    assert "one could not be observed: this run contacts nothing" in done.out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return cls()", "fail()"),
        ("return {query: 1 for query in queries}", "fail()"),
        ("return {query: 1 for query in queries}", "return {}"),
        ("return {query: 1 for query in queries}", "return 3"),
        ("pass\nneeds", "fail()\nneeds"),
    ],
)
def test_a_probe_that_fails_is_unknown(
    project: Project, packages: Path, old: str, new: str
) -> None:
    install(packages, PROBED, KIND + PROBE.replace(old, new) + END)
    project.spec(USED)
    project.env("")
    done = project.run("check")
    assert done.code == 3, done.said
    assert "the plug-in bad-plugin 1.0 failed with" in done.out
    assert SECRET not in done.said


@pytest.mark.parametrize(
    "code", [f"raise OSError('{SECRET}')", "return 3", "return report.nothing", "raise KeyError"]
)
def test_a_report_that_can_not_be_made_is_an_error(
    project: Project, packages: Path, code: str
) -> None:
    install(packages, {"reporters.bad": "bad_plugin:r"}, f"def r(report, context):\n    {code}\n")
    project.spec(SPEC)
    project.env("A=1\n")
    done = project.run("check", "--format", "bad")
    assert (done.code, done.out) == (2, "")
    assert "assay: the plug-in bad-plugin 1.0 " in done.err
    assert "bug in assay" not in done.err
    assert SECRET not in done.said


def test_a_report_of_a_plug_in_is_masked(project: Project, packages: Path) -> None:
    code = "def r(report, context):\n    with open('.env') as file:\n        return file.read()\n"
    install(packages, {"reporters.bad": "bad_plugin:r"}, code)
    project.spec(SPEC + "  TOKEN: {secret: true}\n")
    project.env(f"TOKEN={SECRET}\n")
    done = project.run("check", "--format", "bad")
    assert done.out.startswith("TOKEN=")
    assert SECRET not in done.out


def test_specs_see_the_names_of_their_own_plug_ins_only(tmp_path: Path, packages: Path) -> None:
    """Also if they are loaded and run at the same time in threads of one process."""
    names = ["one", "two"]
    for name in names:
        made = TYPE.replace('"bad"', f'"{name}"').replace(
            "yield from ()", f"yield {name.upper()}.violated()"
        )
        rule = (
            f"from assay.model import Category, Rule\n{name.upper()} = Rule(code='{name}-bad', "
            "category=Category.FORMAT, message='{name} is bad', remedy='Fix it.', why='It is.')\n"
        )
        code = rule + made + f"    rules: ClassVar = ({name.upper()},)\n"
        install(packages, {f"types.{name}": f"{name}_plugin:T"}, code, name=f"{name}-plugin")
        folder = tmp_path / name / "specs"
        folder.mkdir(parents=True)
        (folder.parent / ".env").write_text("A=1\n")
        (folder / "app.yaml").write_text(
            f"assay: 1\nplugins: [{name}-plugin]\nvariables: {{A: {{type: {name}}}}}\n"
        )
        (tmp_path / name / f"wrong-{name}.yaml").write_text(
            f"assay: 1\nplugins: [{name}-plugin]\n"
            f"variables: {{A: {{type: {'two' if name == 'one' else 'one'}}}}}\n"
        )

    def tried(name: str) -> tuple[str, ...]:
        spec = assay.load(str(tmp_path / name / "specs"))
        wrong = assay.lint(str(tmp_path / name / f"wrong-{name}.yaml"))
        found = assay.run(spec, process={}).failures()
        return (*(one.rule for one in found), *(one.rule for one in wrong.findings))

    with ThreadPoolExecutor(max_workers=8) as pool:
        for name, rules in zip(names * 20, pool.map(tried, names * 20), strict=True):
            assert rules == (f"{name}-bad", "spec-wrong-value")
    assert not {"one", "two"} & set(FORMATS)
    assert not {"one-bad", "two-bad"} & set(all_rules())
    assert "gadgets" not in KINDS


def test_a_plug_in_is_confined_with_the_rest(
    project: Project, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(packages))
    project.spec(USED)
    for code in (
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "open('here.txt', 'w')",
        "import subprocess; subprocess.run(['true'])",
    ):
        lint = f"def lint(entry, spec):\n    {code}\n    yield from ()\n"
        install(packages, GADGETS, KIND + lint + END)
        done = project.spawn("lint")
        assert done.code == 2, done.said
        assert "would be written" in done.err or "tried something forbidden" in done.err
        assert not (project.folder / "here.txt").exists()
    assert sys.path

"""Specs from paths of any sort, from text and from data, each validated in the same way."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import OrderedDict
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from tests.packaging.conftest import ROOT

import assay
from assay.spec.yaml_text import read_yaml

SPEC = {
    "assay": 1,
    "project": "shop",
    "environments": {"laptop": {"values": [{"dotenv": ".env"}]}, "ci": {"values": ["process"]}},
    "variables": {"PORT": {"type": "port"}, "NAME": None, "MODE": {"default": "no"}},
}
TEXT = yaml.safe_dump(SPEC)
FILE = re.compile("specs/app.yaml|<text>|<dict>")


def sources(project) -> list[assay.Spec]:
    """The same spec from a file, a text, bytes and data."""
    project.spec(TEXT)
    root = project.folder
    return [
        assay.load(root / "specs"),
        assay.loads(TEXT, root=root),
        assay.loads(TEXT.encode(), root=str(root)),
        assay.from_dict(SPEC, root=root),
        assay.from_dict(MappingProxyType(OrderedDict(SPEC)), root=root),
    ]


def test_the_same_spec_gives_the_same_findings_wherever_it_is_from(project):
    project.env("PORT=0\nNAME=\nEXTRA=1\n")
    told = [
        sorted(
            (f.outcome, f.rule, f.environment, f.subject, f.message, f.remedy)
            for f in report.findings
        )
        for report in (assay.run(spec, process={"PORT": "80"}) for spec in sources(project))
    ]
    assert told[1:] == told[:1] * 4
    assert "port-out-of-range" in [rule for _, rule, *_ in told[0]]


@pytest.mark.parametrize(
    "change",
    [
        {"variables": {"PORT": {"type": "prot"}}},
        {"variables": {"PORT": 3}},
        {"variabels": {}},
        {"assay": 2},
        {"imports": ["builtin:no-such"]},
        {"imports": ["./gone.yaml"]},
        {"variables": {"A": {"required": "PORT =="}}},
        {"variables": {"A": {"type": "integer", "minimum": 9, "maximum": 1}}},
        {"waivers": [{"rule": "variable-missing", "subject": "NOBODY", "reason": "x"}]},
        {"environments": {"a": {"values": ["nowhere"]}}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_wrong_is_the_same_wherever_it_is_from(project, change):
    data: Any = {**SPEC, **change}
    text = yaml.safe_dump(data)
    project.spec(text)
    told = []
    for load in (
        lambda: assay.load(project.folder / "specs"),
        lambda: assay.loads(text, root=project.folder),
        lambda: assay.from_dict(data, root=project.folder),
    ):
        with pytest.raises(assay.SpecError) as caught:
            load()
        problems = caught.value.problems
        told.append(sorted((p.rule, FILE.sub("", p.subject + p.message)) for p in problems))
    assert told[0]
    assert told[1:] == told[:1] * 2


def test_problems_name_the_text_or_the_data(project):
    for load, name in (
        (assay.loads, "<text>"),
        (lambda t: assay.from_dict(yaml.safe_load(t)), "<dict>"),
    ):
        with pytest.raises(assay.SpecError) as caught:
            load("assay: 1\nvariables:\n  A: {type: prot}\n")
        (problem,) = caught.value.problems
        assert problem.location is not None
        assert problem.location.file == name
        assert problem.subject == "variables.A.type"


def test_imports_and_files_are_relative_to_the_root(project, tmp_path, monkeypatch):
    project.write("base.yaml", "assay: 1\nvariables: {URL: {type: url}}\n")
    project.env("URL=nonsense\n")
    monkeypatch.chdir(tmp_path)
    data: Any = {
        "assay": 1,
        "imports": ["./base.yaml"],
        "environments": {"laptop": {"values": [{"dotenv": ".env"}]}},
    }
    for spec in (
        assay.loads(yaml.safe_dump(data), root=project.folder),
        assay.from_dict(data, root=project.folder),
    ):
        assert spec.root == str(project.folder)
        assert [f.subject for f in assay.run(spec).failures()] == ["URL"]
    with pytest.raises(assay.SpecError, match="base"):
        assay.loads(yaml.safe_dump(data))
    monkeypatch.chdir(project.folder)
    assert assay.from_dict(data).variables


def test_what_lies_outside_is_read_only_if_it_may_be(project, tmp_path):
    outside = tmp_path / "outside.env"
    outside.write_text("PORT=0\n")
    data = {**SPEC, "environments": {"laptop": {"values": [{"dotenv": str(outside)}]}}}
    text = yaml.safe_dump(data)
    for allow in (outside, str(outside), [outside], (str(outside),), iter([outside])):
        spec = assay.from_dict(data, root=project.folder, allow_paths=allow)
        assert [f.rule for f in assay.run(spec, only=["PORT"]).failures()] == ["port-out-of-range"]
    for spec in (
        assay.loads(text, root=project.folder, allow_paths=outside),
        assay.from_dict(data, root=project.folder, allow_paths=outside),
    ):
        assert len(assay.run(spec, only=["PORT"]).failures()) == 1
    for spec in (
        assay.loads(text, root=project.folder),
        assay.from_dict(data, root=project.folder),
    ):
        assert assay.run(spec, only=["PORT"]).select(outcome="fail", rule="port-*").findings == ()


def test_data_may_hold_what_python_writes_for_yaml():
    data: Any = {
        "assay": 1,
        "environments": {"ci": {"values": ("process", {"dotenv": Odd("gone.env")})}},
        "variables": {"A": None, "B": {"type": "integer", "minimum": 1}},
        "waivers": [
            {
                "rule": "variable-missing",
                "subject": "A",
                "reason": "later",
                "expires": dt.date(2027, 1, 31),
            }
        ],
    }
    spec = assay.from_dict(data)
    assert spec.waivers[0].expires == dt.date(2027, 1, 31)
    report = assay.run(spec, process={"B": "0"}, today=dt.date(2027, 1, 30))
    assert "gone.env" in [f.subject for f in report.select(outcome="fail").findings]


def test_loading_changes_nothing_of_the_data():
    data: Any = {"assay": 1, "imports": ["builtin:web"], "variables": {"PORT": {"required": True}}}
    before = yaml.safe_dump(data)
    assay.from_dict(data)
    assert yaml.safe_dump(data) == before


@pytest.mark.parametrize("name", ["mpesa", "monorepo/services/billing", "monorepo"])
def test_every_example_loads_from_text_and_data(name):
    folder = ROOT / "examples" / name
    for path in sorted((folder / "specs").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        by_text = assay.loads(text, root=folder / "specs")
        by_data = assay.from_dict(read_yaml(text, "").data, root=folder / "specs")
        assert list(by_data.sections) == list(by_text.sections)
        assert [e.declared for s in by_data.sections.values() for e in s.values()] == [
            e.declared for s in by_text.sections.values() for e in s.values()
        ]


class Odd(os.PathLike[str]):
    def __init__(self, text: str) -> None:
        self.text = text

    def __fspath__(self) -> str:
        return self.text


def test_paths_are_texts_or_anything_like_a_path(project, monkeypatch):
    project.spec(TEXT)
    project.env("PORT=80\nNAME=x\n")
    folder = project.folder
    for path in (str(folder / "specs"), folder / "specs", Odd(str(folder / "specs"))):
        assert assay.load(path).project == "shop"
        assert assay.lint(path).ok
    for working in (str(folder), folder, Odd(str(folder))):
        assert assay.load(working=working).project == "shop"
        assert assay.load("specs", working=working).project == "shop"
        assert assay.load(Path("specs"), working=working, allow_paths=working).project == "shop"
        assert assay.lint(working=working, allow_paths=[working]).ok


LOAD: Any = assay.load
TEXTS: Any = assay.loads
DATA: Any = assay.from_dict
LOADS: Any = (assay.load, assay.lint)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        *((lambda f=f: f(3), "path must be a path, not int") for f in LOADS),
        *((lambda f=f: f(b"specs"), "path must be a path, not bytes") for f in LOADS),
        *((lambda f=f: f(["specs"]), "path must be a path, not list") for f in LOADS),
        *((lambda f=f: f(working=3), "working must be a path, not int") for f in LOADS),
        *((lambda f=f: f(allow_paths=3), "allow_paths must be a path, not int") for f in LOADS),
        *((lambda f=f: f(allow_paths=[3]), "allow_paths must be a path, not int") for f in LOADS),
        (lambda: LOAD(allow_paths=None), "allow_paths must be a path, not NoneType"),
        (lambda: TEXTS({}), "text must be text, not dict"),
        (lambda: TEXTS(None), "text must be text, not NoneType"),
        (lambda: TEXTS("assay: 1", root=3), "root must be a path, not int"),
        (lambda: DATA("assay: 1"), "data must be a mapping, not str"),
        (lambda: DATA([]), "data must be a mapping, not list"),
        (lambda: DATA({}, root=None), "root must be a path, not NoneType"),
        (
            lambda: DATA({"variables": {"A": {"default": b"x"}}}),
            "variables.A.default must be a mapping, a list, text, a number, True, False or None",
        ),
        (
            lambda: DATA({"imports": ["a", {1}]}),
            "imports[1] must be a mapping, a list, text, a number, True, False or None, not set",
        ),
        (
            lambda: DATA({"variables": {3: None}}),
            "a key of the spec.variables must be text, not int",
        ),
        (lambda: DATA(endless()), "is nested too deeply"),
    ],
)
def test_arguments_of_the_wrong_type_are_said(ask: Any, said):
    with pytest.raises(assay.UsageError) as caught:
        ask()
    assert said in caught.value.message
    assert caught.value.remedy


def endless() -> dict[str, Any]:
    data: dict[str, Any] = {"assay": 1}
    data["variables"] = data
    return data


def test_a_text_that_is_no_spec_is_a_problem_of_the_spec():
    for text in ("", "- a", "a: b", "\ud800", b"\xff"):
        with pytest.raises(assay.SpecError):
            assay.loads(text)
    with pytest.raises(assay.SpecError):
        assay.from_dict({})

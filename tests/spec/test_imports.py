"""Specs import specs: once each, narrowed but never loosened in silence."""

from __future__ import annotations

import pytest

import assay
from assay.spec.files import library
from assay.spec.narrowing import laid, loosened


def variables(project):
    spec = assay.load(working=str(project.folder))
    return {name: entry.declared.variable for name, entry in spec.variables.items()}


@pytest.mark.parametrize("name", library())
def test_each_spec_of_the_library_loads(project, name):
    project.spec(f"imports: ['builtin:{name}']")
    assert project.run("lint").code == 0
    assert variables(project)


def test_a_diamond_is_merged_once(project):
    project.spec("imports: [../left.yaml, ../right.yaml]\nvariables: {TOP: {}}")
    project.write("left.yaml", "imports: [./base.yaml]\nvariables: {LEFT: {}}")
    project.write("right.yaml", "imports: [./base.yaml]\nvariables: {RIGHT: {}}")
    project.write("base.yaml", "variables: {BASE: {}}")
    assert list(variables(project)) == ["BASE", "LEFT", "RIGHT", "TOP"]


def test_the_same_name_in_two_imports_is_a_clash_that_shows_both_places(project):
    project.spec("imports: [../left.yaml, ../right.yaml]")
    project.write("left.yaml", "variables: {X: {}}")
    project.write("right.yaml", "variables: {X: {}}")
    ran = project.run("lint")
    assert ran.code == 2
    assert "error[spec-name-clash]: X is declared twice\n  --> right.yaml:1:13" in ran.out
    assert "first declared here: left.yaml:1:13" in ran.out


def test_an_import_may_narrow_what_it_imports_itself(project):
    project.spec("imports: [../web.yaml]\nvariables: {N: {maximum: 8}}")
    project.write("web.yaml", "imports: [./base.yaml]\nvariables: {N: {minimum: 2}}")
    project.write("base.yaml", "variables: {N: {type: integer, minimum: 1, maximum: 9}}")
    assert project.run("lint").said.startswith("the spec is valid")
    form = assay.load(working=str(project.folder)).variables["N"].declared.format
    assert (form.minimum, form.maximum) == (2, 8)


def test_an_import_that_loosens_what_it_imports_is_told(project):
    project.spec("imports: [../web.yaml]")
    project.write("web.yaml", "imports: [./base.yaml]\nvariables: {N: {minimum: 0}}")
    project.write("base.yaml", "variables: {N: {type: integer, minimum: 1}}")
    assert (
        "N loosens what the imported spec demands: minimum\n  --> web.yaml"
        in project.run("lint").out
    )


def test_two_imports_that_narrow_the_same_name_clash(project):
    project.spec("imports: [../left.yaml, ../right.yaml]")
    project.write("left.yaml", "imports: [./base.yaml]\nvariables: {N: {minimum: 2}}")
    project.write("right.yaml", "imports: [./base.yaml]\nvariables: {N: {maximum: 8}}")
    project.write("base.yaml", "variables: {N: {type: integer}}")
    assert (
        "error[spec-name-clash]: N is declared twice\n  --> right.yaml" in project.run("lint").out
    )


def test_a_file_that_imports_itself_is_a_circle(project):
    project.spec("imports: [./app.yaml]")
    ran = project.run("lint")
    assert ran.code == 2
    assert "the imports form a circle: specs/app.yaml -> specs/app.yaml" in ran.out


def test_a_file_of_the_project_may_be_imported_by_another(project):
    project.spec("imports: [./b.yaml]\nvariables: {A: {}}", "specs/a.yaml")
    project.write("specs/b.yaml", "variables: {B: {}}")
    assert list(variables(project)) == ["B", "A"]


def test_an_imported_spec_names_neither_the_project_nor_its_purpose(project):
    project.spec("imports: [../other.yaml]")
    project.write("other.yaml", "project: other\ndescription: x\nvariables: {B: {}}")
    spec = assay.load(working=str(project.folder))
    assert (spec.project, spec.description) == ("", "")


def test_waivers_of_all_files_hold(project):
    waiver = "{rule: variable-empty, subject: %s, reason: later}"
    project.spec(f"imports: [../o.yaml]\nvariables: {{A: , B: }}\nwaivers: [{waiver % 'A'}]")
    project.write("o.yaml", f"waivers: [{waiver % 'B'}]")
    project.env("A=\nB=\n")
    ran = project.run("check")
    assert ran.code == 0
    assert "2 waived" in ran.out


@pytest.mark.parametrize(
    ("imported", "own"),
    [
        ({"required": False}, {"required": True}),
        ({"required": False}, {"required": "A == 'x'"}),
        ({"required": False}, {"deprecated": "NEW"}),
        ({}, {"deprecated": False}),
        ({"required": "A == 'x'"}, {"required": True}),
        ({}, {"required": True}),
        ({}, {"secret": True}),
        ({"allow-empty": True}, {"allow-empty": False}),
        ({"severity": "warning"}, {"severity": "error"}),
        ({}, {"severity": "error"}),
        ({}, {"type": "port"}),
        ({"type": "text"}, {"type": "port"}),
        ({"parity": "any"}, {"parity": "same"}),
        ({}, {"parity": "same"}),
        ({"options": ["a", "b"]}, {"options": ["a"]}),
        ({}, {"options": ["a"]}),
        ({"minimum": 1}, {"minimum": 2}),
        ({"max-length": 9}, {"max-length": 8}),
        ({}, {"pattern": "a"}),
        ({"pattern": "a"}, {"pattern": "a"}),
        ({"required": True}, {"description": "x", "group": "y", "obtain": "z", "example": 1}),
        ({"minimum": 5}, {"minimum": 1, "loosens": ["minimum"]}),
        ({"only-in": ["a", "b"]}, {"only-in": ["a"]}),
    ],
)
def test_a_declaration_may_demand_more(imported, own):
    assert loosened("variables", imported, own) == []


@pytest.mark.parametrize(
    ("imported", "own"),
    [
        ({}, {"required": False}),
        ({}, {"deprecated": True}),
        ({"required": True}, {"required": "A == 'x'"}),
        ({"required": "A == 'x'"}, {"required": "A == 'y'"}),
        ({"secret": True}, {"secret": False}),
        ({"allow-empty": False}, {"allow-empty": True}),
        ({"severity": "error"}, {"severity": "warning"}),
        ({}, {"severity": "info"}),
        ({"severity": "odd"}, {"severity": "warning"}),
        ({"type": "port"}, {"type": "text"}),
        ({"pattern": "a"}, {"type": "port"}),
        ({}, {"default": "x"}),
        ({}, {"when": "A == 'x'"}),
        ({"parity": "same"}, {"parity": "any"}),
        ({"options": ["a"]}, {"options": ["a", "b"]}),
        ({"options": ["a"]}, {"options": []}),
        ({"minimum": 2}, {"minimum": 1}),
        ({"max-length": 8}, {"max-length": 9}),
        ({"pattern": "a"}, {"pattern": "b"}),
    ],
)
def test_a_declaration_that_demands_less_is_told(imported, own):
    assert loosened("variables", imported, own) == [(field,) for field in own]


@pytest.mark.parametrize("listed", ["columns", "columns.id", "columns.id.type"])
def test_a_listed_field_stands_for_all_that_is_in_it(listed):
    own = {"columns": {"id": "text"}, "loosens": [listed]}
    assert loosened("tables", {"columns": {"id": "uuid"}}, own) == []
    own["loosens"] = ["columns.id.nullable", "column"]
    assert loosened("tables", {"columns": {"id": "uuid"}}, own) == [("columns", "id", "type")]


def test_a_database_that_is_reached_otherwise_is_reached_so_alone():
    imported = {"sql": {"url": "DATABASE_URL"}, "role": "reader"}
    own = {"sqlite": {"path": "app.db"}}
    assert laid("databases", imported, own) == {"sqlite": {"path": "app.db"}, "role": "reader"}
    assert loosened("databases", imported, own) == [("sqlite",)]
    assert loosened("databases", {"role": "reader"}, own) == []


@pytest.mark.parametrize(
    ("section", "imported", "own"),
    [
        ("tables", {"columns": {"id": "uuid"}}, {"columns": None}),
        ("tables", {"columns": {"id": "uuid"}}, {"columns": ["id"]}),
        ("tables", {"grants": {"anon": []}}, {"grants": {"anon": None}}),
        ("tables", {"policies": ["a", "b"]}, {"policies": ["a"]}),
        ("tables", {"unique": [["a"]]}, {"unique": "a"}),
        ("keys", {"check-value": {"a": "0"}}, {"check-value": {"b": "0"}}),
        ("parity", {"between": ["a", "b"]}, {"ignore": ["PORT"]}),
        ("rules", {"assert": "A == 'x'"}, {"assert": "true"}),
    ],
)
def test_an_entry_of_any_section_that_demands_less_is_told(section, imported, own):
    assert [path[0] for path in loosened(section, imported, own)] == list(own)


def test_what_is_loosened_on_purpose_passes(project):
    project.spec("imports: [../o.yaml]\nvariables: {A: {required: false, loosens: [required]}}")
    project.write("o.yaml", "variables: {A: {}}")
    assert project.run("lint").code == 0
    assert variables(project)["A"].required is False


def test_of_two_specs_of_the_library_that_clash_one_is_to_be_imported(project):
    project.spec("imports: [builtin:postgres, builtin:mysql]\n")
    said = project.run("lint").said
    assert "help: Import only one of builtin:postgres and builtin:mysql." in said
    assert "Remove one of the two" not in said


def test_a_url_is_not_imported(project):
    project.spec("imports: [https://example.org/app.yaml]\n")
    said = project.run("lint").said
    assert "can't be imported: it is a URL" in said
    assert "help: Save a copy in the project" in said

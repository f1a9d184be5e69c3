"""What docs/language.md says of merging and replacing is what happens, line by line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assay.errors import SpecError
from assay.kinds.table.spec import Table
from assay.spec.loader import load_spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.project import Project

    from assay.spec.document import Spec

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
IMPORT = "imports: [../below.yaml]\n"


def rows() -> list[tuple[str, str, str]]:
    """The table: what comes later, what it comes after, and what it does."""
    part = PAGE.read_text(encoding="utf-8").partition("## What merges and what replaces")[2]
    lines = part.partition("\n## ")[0].splitlines()
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return [(what, after, does) for what, after, does in cells[2:]]


def over(project: Project, below: str, above: str) -> Spec:
    """A spec that imports another."""
    project.write("below.yaml", f"assay: 1\n{below}")
    project.spec(IMPORT + above)
    return load_spec(str(project.folder / "specs"))


def beside(project: Project, one: str, other: str) -> Spec:
    """A spec of two files."""
    project.spec(one, "specs/one.yaml")
    project.write("specs/other.yaml", other)
    return load_spec(str(project.folder / "specs"))


def refused(make: Callable[[], object]) -> str:
    with pytest.raises(SpecError) as error:
        make()
    return ", ".join(problem.rule for problem in error.value.problems)


def a_declaration(project: Project) -> str:
    spec = over(
        project,
        "variables: {PORT: {type: integer, minimum: 1, maximum: 9, description: old}}\n",
        "variables: {PORT: {minimum: 2, description: new}}\n",
    )
    port = spec.variables["PORT"].declared
    bounds: Any = port.format
    shown = (bounds.minimum, bounds.maximum, port.variable.description)
    return "merges" if shown == (2, 9, "new") else str(shown)


def named_parts(project: Project) -> str:
    tables = (
        "databases: {main: {sqlite: {path: a.db}}}\ntables: {t: {columns: {a: text, b: text}}}\n"
    )
    spec = over(project, tables, "tables: {t: {columns: {b: {nullable: false}, c: text}}}\n")
    columns = spec.entries(Table)["t"].declared.columns
    shown = {name: getattr(column, "type", column) for name, column in columns.items()}
    return "merge" if shown == {"a": "text", "b": "text", "c": "text"} else str(shown)


def other_parts(project: Project) -> str:
    spec = over(
        project,
        "variables: {PLAN: {type: enum, options: [a, b]}}\n",
        "variables: {PLAN: {options: [b]}}\n",
    )
    options: Any = spec.variables["PLAN"].declared.format
    return "replaces" if options.options == ("b",) else str(options)


def values_of_an_environment(project: Project) -> str:
    spec = over(
        project,
        "environments: {a: {description: old, values: [{dotenv: .env}]}}\n",
        "environments: {a: {values: [process]}}\n",
    )
    names = [source.label for source in spec.environments["a"].values]
    return "replace" if names == ["the process environment"] else str(names)


def undeclared_of_an_import(project: Project) -> str:
    spec = over(
        project,
        "undeclared: {default: warn, prefixes: {A_: warn}}\n",
        "undeclared: {default: fail, prefixes: {A_: fail, B_: fail}}\n",
    )
    return "replaces" if getattr(spec.undeclared, "default", "") == "fail" else "?"


def joined(project: Project) -> str:
    waiver = "waivers: [{{rule: variable-weak, subject: {}, reason: tests}}]\n"
    imported = "variables: {A: , B: , C: }\nunused: []\n" + waiver.format("A")
    spec = over(project, imported, waiver.format("B") + "unused: [C]\n")
    project.write("specs/more.yaml", waiver.format("D") + "variables: {D: }\n")
    spec = load_spec(str(project.folder / "specs"))
    found = [waiver.subject for waiver in spec.waivers]
    return "merge" if found == ["A", "B", "D"] else str(found)


def of_the_project(project: Project) -> str:
    spec = over(
        project,
        "project: below\ndescription: below\ndocuments: {.env.example: env-example}\n",
        "variables: {A: }\n",
    )
    return "replace" if spec.project != "below" and not spec.documents else "?"


def two_imports(project: Project) -> str:
    project.write("one.yaml", "assay: 1\nvariables: {A: }\n")
    project.write("two.yaml", "assay: 1\nvariables: {A: {type: port}}\n")
    project.spec("imports: [../one.yaml, ../two.yaml]\n")
    said = refused(lambda: load_spec(str(project.folder / "specs")))
    project.write("two.yaml", "assay: 1\nimports: [one.yaml]\nvariables: {A: {type: port}}\n")
    load_spec(str(project.folder / "specs"))
    return "is an error" if said == "spec-name-clash" else said


def two_files(project: Project) -> str:
    said = refused(lambda: beside(project, "variables: {A: }\n", "variables: {A: }\n"))
    top = refused(lambda: beside(project, "undeclared: fail\n", "undeclared: fail\n"))
    return "is an error" if said == top == "spec-name-clash" else f"{said}, {top}"


def imports_of_two_files(project: Project) -> str:
    project.write("one.yaml", "assay: 1\nvariables: {A: }\n")
    project.write("two.yaml", "assay: 1\nvariables: {B: }\n")
    spec = beside(project, "imports: [../one.yaml]\n", "imports: [../two.yaml]\n")
    return "merge" if list(spec.variables) == ["A", "B"] else "?"


def later_source(project: Project) -> str:
    project.spec(
        "environments: {a: {values: [{dotenv: one.env}, {dotenv: two.env}]}}\n"
        "variables: {PORT: {type: port}, NAME: }\n"
    )
    project.env("PORT=0\nNAME=shop\n", "one.env")
    project.env("PORT=80\n", "two.env")
    assert project.run("check").code == 0
    project.env("PORT=80\nNAME=\n", "two.env")
    said = project.run("check").said
    return "replaces" if "NAME is set in two.env, but empty" in said else said


def later_line(project: Project) -> str:
    project.spec("variables: {PORT: {type: port}}\n")
    project.env("PORT=0\nPORT=80\n")
    done = project.run("check")
    return "replaces" if done.code == 0 and "source-duplicate" in done.said else done.said


UNDECLARED = """
undeclared: {default: fail, prefixes: {OLD_: ignore, BOTH_: ignore}}
environments: {a: {undeclared: OWN}}
"""


def policies(project: Project, own: str) -> list[str]:
    """What happens to a name of the project's prefix, of one that both have, and to others."""
    project.spec(UNDECLARED.replace("OWN", own))
    spec = load_spec(str(project.folder / "specs"))
    policy = spec.undeclared_policy(spec.environments["a"])
    return [policy.policy(name, exhaustive=True) for name in ("OLD_X", "BOTH_X", "REST")]


def mapping_in_an_environment(project: Project) -> str:
    found = policies(project, "{prefixes: {BOTH_: fail}}")
    assert policies(project, "{default: warn}") == ["ignore", "ignore", "warn"]
    return "merges" if found == ["ignore", "fail", "fail"] else str(found)


def word_in_an_environment(project: Project) -> str:
    found = policies(project, "warn")
    return "replaces" if found == ["warn"] * 3 else str(found)


PARITY = """
environments:
  a: {values: [{dotenv: a.env}]}
  b: {values: [{dotenv: b.env}]}
variables:
  PLAN: {parity: OWN}
parity:
  both: {between: [a, b], variables: {ASKED}}
"""


def parity(project: Project, own: str, asked: str) -> int:
    """The exit code where two environments have different values."""
    project.spec(PARITY.replace("OWN", own).replace("ASKED", asked))
    project.env("PLAN=free\n", "a.env")
    project.env("PLAN=paid\n", "b.env")
    return project.run("check").code


def named_in_parity(project: Project) -> str:
    found = parity(project, "same", "PLAN: any"), parity(project, "any", "PLAN: same")
    return "replaces" if found == (0, 1) else str(found)


def default_of_parity(project: Project) -> str:
    found = parity(project, "same", "default: any"), parity(project, "different", "default: same")
    return "gives way" if found == (1, 0) else str(found)


def values_of_a_test(project: Project) -> str:
    project.spec(
        "variables: {A: {type: port}, B: {type: port}, C: {type: port, required: false}}\n"
    )
    project.write(
        "specs/tests/app.yaml",
        "assay: 1\nvalues: {A: 0, B: 1, C: 0}\ntests:\n"
        "  - {name: merged, values: {A: 1, C: null}, findings: []}\n",
    )
    return "merge" if (done := project.run("test")).code == 0 else done.said


def template(project: Project) -> str:
    project.spec("variables: {A: }\n")
    project.write("specs/templates/documents/runbook.md.j2", "Call us.\n")
    runbook = project.run("docs", "--as", "runbook").out
    reference = project.run("docs", "--as", "environment-reference").out
    return "replaces" if "Call us." in runbook and "Call us." not in reference else runbook


LINES = (
    a_declaration,
    named_parts,
    other_parts,
    values_of_an_environment,
    undeclared_of_an_import,
    joined,
    of_the_project,
    two_imports,
    two_files,
    imports_of_two_files,
    later_source,
    later_line,
    mapping_in_an_environment,
    word_in_an_environment,
    named_in_parity,
    default_of_parity,
    values_of_a_test,
    template,
)
"""What proves each line of the table, in its order."""


@pytest.mark.parametrize(
    ("line", "proof"), list(zip(rows(), LINES, strict=True)), ids=[line.__name__ for line in LINES]
)
def test_a_line_of_the_table(
    line: tuple[str, str, str], proof: Callable[[Project], str], project: Project
) -> None:
    assert line[2].startswith(proof(project))

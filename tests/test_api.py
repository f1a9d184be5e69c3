"""The Python API: exactly what it exports, documented, and cheap to import."""

from __future__ import annotations

import datetime as dt
import inspect
import os
import subprocess
import sys
import textwrap

import pytest

import assay

HEAVY = (
    "argparse",
    "cel_expr_python",
    "cryptography",
    "hashlib",
    "jsonschema",
    "msgspec",
    "re",
    "re2",
    "typing",
    "yaml",
)


def test_what_is_exported_is_what_is_importable():
    assert sorted(assay.__all__) == list(assay.__all__) == dir(assay)
    for name in assay.__all__:
        assert getattr(assay, name) is not None
    known = {name for names in assay._HOMES.values() for name in names}
    assert known | {"credentials"} == set(assay.__all__)


def test_nothing_else_is_there():
    with pytest.raises(AttributeError, match="module 'assay' has no attribute 'nothing'"):
        assay.nothing  # noqa: B018
    with pytest.raises(ImportError):
        from assay import nothing  # noqa: F401


@pytest.mark.parametrize("name", [n for n in assay.__all__ if n != "__version__"])
def test_each_public_thing_is_documented(name):
    thing = getattr(assay, name)
    assert inspect.getdoc(thing)
    if inspect.isclass(thing):
        own = [m for m in vars(thing).values() if inspect.isfunction(m)]
        bare = [m.__name__ for m in own if not m.__name__.startswith("_") and not m.__doc__]
        assert bare == []


def loaded(project, code: str) -> set[str]:
    """The modules that are loaded after a piece of code, beyond those of the bare interpreter."""
    probe = "import sys\nbefore = set(sys.modules)\n" + textwrap.dedent(code)
    probe += "\nprint('MODULES', *(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", probe],
        capture_output=True,
        text=True,
        check=True,
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": "/".join(assay.__file__.split("/")[:-2])},
    )
    return set(done.stdout.rpartition("MODULES")[2].split())


def test_importing_the_package_imports_nothing_else(project):
    assert loaded(project, "import assay") <= {"assay", "__future__"}


def test_the_names_of_the_model_come_without_the_rest(project):
    modules = loaded(project, "import assay; assay.Severity")
    assert not {"yaml", "jsonschema", "cel_expr_python", "cryptography"} & modules


ALLOWED = {
    "_blake2",
    "__future__",
    "assay",
    "assay.cli",
    "assay.gate",
    "assay.hygiene",
    "assay.hygiene.lists",
    "assay.screen",
    "assay.screen.forms",
    "assay.screen.judge",
    "assay.screen.places",
    "assay.screen.fast_dotenv",
    "assay.screen.private",
    "assay.screen.reading",
    "assay.screen.store",
    "assay.package_data",
    "assay.spec",
    "assay.spec.discovery",
    "assay.version",
    "binascii",
    "gc",
    "marshal",
}
"""All that `assay hook` may import where the files are clean and the plan is remembered."""


def test_a_clean_hook_imports_next_to_nothing(project):
    project.spec(
        "variables: {PORT: {type: port}, URL: {type: url}, KEY: {secret: true}, ID: {type: uuid},"
        " MODE: {type: enum, options: [on, off]}, HOST: {type: hostname}, NAME: }"
    )
    project.env(
        "# all of them\nPORT=80\nURL=https://example.org/x?y=1\nKEY='vR7mQ2xK9pL4tW8zN3cJ6yB1'\n"
        'ID=0b7c2f4e-6d1a-4c3b-9e8f-1a2b3c4d5e6f\nMODE=on\nHOST=db.internal\nNAME="two words"\n'
    )
    assert project.run("hook", ".env") == (0, "", "")
    modules = loaded(project, "from assay.cli import main\nassert main(['hook', '.env']) == 0")
    assert modules <= ALLOWED, modules - ALLOWED
    assert not modules & set(HEAVY)


def test_loading_and_running_a_spec(project):
    project.spec("variables: {PORT: {type: port}}\nenvironments: {d: {values: [process]}}")
    spec = assay.load(working=str(project.folder))
    assert spec.location("variables", "PORT", key=True).column == 13
    assert assay.run(spec, process={"PORT": "80"}).exit_code() == 0
    report = assay.run(spec, process={"PORT": "0"}, environments=["d"], only=["PORT"])
    [finding] = report.failures()
    assert (finding.rule, finding.subject) == ("port-out-of-range", "PORT")
    assert assay.lint(working=str(project.folder)).findings == ()


def test_running_by_a_date(project):
    project.spec(
        "variables: {A: }\nenvironments: {d: {values: [process]}}\n"
        "waivers: [{rule: variable-missing, subject: A, reason: x, expires: 2027-01-31}]"
    )
    spec = assay.load(working=str(project.folder))
    assert assay.run(spec, process={}, today=dt.date(2027, 1, 31)).exit_code() == 0
    assert assay.run(spec, process={}, today=dt.date(2027, 2, 1)).exit_code() == 1


def test_what_is_wrong_is_raised_with_all_problems(project):
    project.spec("variables: {A: {type: prot}, B: {type: txt}}")
    with pytest.raises(assay.SpecError, match="the spec has 2 problems") as caught:
        assay.load(working=str(project.folder))
    assert [problem.subject for problem in caught.value.problems] == [
        "variables.A.type",
        "variables.B.type",
    ]
    assert len(assay.lint(working=str(project.folder)).failures()) == 2
    project.spec("variables: {A: }")
    with pytest.raises(assay.UsageError, match="x is not an environment"):
        assay.run(assay.load(working=str(project.folder)), environments=["x"])


def test_an_environment_has_its_own_policy_for_undeclared_names(project):
    project.spec("undeclared: fail\nenvironments: {a: {undeclared: ignore}, b: {}}")
    spec = assay.load(working=str(project.folder))
    policies = {n: spec.undeclared_policy(e).default for n, e in spec.environments.items()}
    assert policies == {"a": "ignore", "b": "fail"}
    assert spec.undeclared_policy().default == "fail"

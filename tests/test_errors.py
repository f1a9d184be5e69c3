"""Our errors cross processes whole, and carry no secret there."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

import assay
from assay import errors
from assay.errors import AssayError, CheckFailed, CredentialError, SpecError
from assay.model import Finding, Outcome, Severity
from assay.templating import TemplateError


def finding(message: str = "PORT is not a port number", **more) -> Finding:
    given = {"outcome": Outcome.FAIL, "kind": "variable", "subject": "PORT", **more}
    return Finding(message=message, **given)


def every() -> list[type[AssayError]]:
    found, waiting = [], [AssayError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    assert TemplateError in found
    return sorted(found, key=lambda kind: kind.__name__)


def made(kind: type[AssayError], findings: list[Finding]) -> AssayError:
    if issubclass(kind, SpecError):
        return kind(findings, {"app.yaml": b"A: hunter2"})
    if issubclass(kind, CheckFailed):
        return kind(findings, 3)
    if issubclass(kind, CredentialError):
        return kind("shut", "open it", rule="a-rule", confidence="proved", evidence=["seen"])
    return kind("a message", "a remedy")


def told(error: AssayError) -> dict[str, object]:
    return {
        **{name: value for name, value in vars(error).items() if name != "contents"},
        "args": error.args,
        "text": str(error),
        "type": type(error),
        "code": error.exit_code,
    }


@pytest.mark.parametrize("findings", [[], [finding()]], ids=["none", "one"])
@pytest.mark.parametrize("kind", every(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "copied",
    [
        lambda error: pickle.loads(pickle.dumps(error)),
        lambda error: pickle.loads(pickle.dumps(error, 0)),
        copy.copy,
        copy.deepcopy,
    ],
    ids=["pickled", "pickled as text", "copied", "copied deeply"],
)
def test_every_error_is_the_same_after_a_copy(kind, findings, copied):
    error = made(kind, findings)
    error.add_note("seen by a caller")
    assert told(copied(error)) == told(error)


def test_the_files_of_a_spec_are_not_pickled():
    error = SpecError([finding()], {"app.yaml": b"A: hunter2"})
    assert b"hunter2" not in pickle.dumps(error)
    assert error.contents == {"app.yaml": b"A: hunter2"}
    assert pickle.loads(pickle.dumps(error)).contents == {}


def load(folder: str) -> None:
    assay.load(folder)


def check(folder: str) -> None:
    assay.run(assay.load(folder), process={"PORT": "0"}).raise_for_failures()


@pytest.mark.parametrize(
    ("spec", "work", "kind", "said"),
    [
        ("variables: {A: {type: prot}}", load, SpecError, "variables.A.type"),
        (
            "environments: {d: {values: [process]}}\nvariables: {PORT: {type: port}}",
            check,
            CheckFailed,
            "d: PORT is not a port number: expected 1 to 65535 [port-out-of-range]",
        ),
    ],
    ids=["SpecError", "CheckFailed"],
)
def test_errors_come_back_from_a_pool_of_processes(project, spec, work, kind, said):
    project.spec(spec)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        waiting = pool.submit(work, str(project.folder / "specs"))
        with pytest.raises(kind) as caught:
            waiting.result()
    assert said in str(caught.value)


def test_a_failed_check_lists_what_failed():
    several = [
        finding(rule="port-out-of-range", environment="live", remedy="Set PORT."),
        finding("a\nb\x1b[8m", severity=Severity.WARNING, remedy="Set PORT."),
        finding(""),
    ]
    error = CheckFailed(several)
    assert error.message.splitlines() == [
        "3 checks failed",
        "  live: PORT is not a port number [port-out-of-range]",
        "  a\\nb\\x1b[8m",
        "  PORT",
    ]
    assert (error.remedy, error.exit_code, error.findings) == ("Set PORT.", 1, tuple(several))


@pytest.mark.parametrize(
    ("code", "count", "headline"),
    [
        (1, 1, "1 check failed"),
        (2, 1, "the spec has 1 problem"),
        (2, 2, "the spec has 2 problems"),
        (3, 1, "1 check could not observe what it needs"),
        (3, 2, "2 checks could not observe what they need"),
    ],
)
def test_a_failed_check_says_what_sort_of_failure_it_was(code, count, headline):
    error = CheckFailed([finding()] * count, code)
    assert (str(error).splitlines()[0], error.exit_code) == (headline, code)


def test_a_failed_check_lists_no_more_than_people_read():
    error = CheckFailed([finding(f"number {n}") for n in range(99)])
    lines = str(error).splitlines()
    assert len(lines) == CheckFailed.LISTED + 2
    assert lines[-1] == "  and 79 more"


def test_what_looks_like_a_secret_is_bullets_in_a_failed_check():
    error = CheckFailed([finding(environment="sk_live_4eC39HqLyjWDarjtT1zdp7dc")])
    assert "4eC39HqLyjWDarjtT1zdp7dc" not in str(error)


def test_every_error_is_drawn_in_the_docstring():
    drawn = errors.__doc__ or ""
    ours = [kind.__name__ for kind in every() if kind.__module__ == "assay.errors"]
    assert [name for name in ours if name not in drawn] == []

"""Arguments of the wrong type or name are said, before anything else goes wrong with them."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections import UserDict
from types import MappingProxyType
from typing import Any

import pytest
from tests.credentials.sealing import OLD, PLAIN, TEXT, loaded, sealed
from tests.properties import canaries

import assay
from assay import credentials
from assay.credentials import Recipe
from assay.errors import KeyFault, UsageError
from assay.facts import Unobservable

LAYOUT = {"cipher": "aes-128-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]}
HEX = Recipe(cipher="aes-128-gcm", encoding="hex")
OUTRIGHT: dict[str, Any] = {"key": HEX, "text": TEXT, "envelope": LAYOUT}


def by_spec(project, **more: Any) -> dict[str, Any]:
    names = {"environment": "ci", "credential": "mpesa", "column": "secret"}
    return {"spec": loaded(project), "process": {"KEY": TEXT}, **names, **more}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"spec": 17}, "spec must be a path or what `assay.load` returned, not int"),
        ({"spec": b"specs"}, "spec must be a path or what `assay.load` returned, not bytes"),
        ({"environment": None}, "environment must be text, not NoneType"),
        ({"environment": ["ci"]}, "environment must be text, not list"),
        ({"credential": 3}, "credential must be text, not int"),
        ({"column": b"secret"}, "column must be text, not bytes"),
        ({"process": ["KEY"]}, "process must be a mapping of names to texts, not list"),
        ({"process": "KEY"}, "process must be a mapping of names to texts, not str"),
        ({"process": {"KEY": 3}}, "process['KEY'] must be text, not int"),
        ({"process": {"KEY": None}}, "process['KEY'] must be text, not NoneType"),
        ({"process": {3: "KEY"}}, "process[3] must be text, not str"),
    ],
)
@pytest.mark.parametrize("ask", ["open", "opener"])
def test_what_a_spec_is_asked_for_is_of_the_right_type(project, ask, wrong, said):
    expect(ask, by_spec(project, **wrong), said)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key": "aes"}, "key says how a key is made: expected a Recipe, not str"),
        ({"key": None}, "key says how a key is made: expected a Recipe, not NoneType"),
        ({"text": 3}, "text is the text of a variable, not int"),
        ({"envelope": 3}, "there is no such envelope"),
        ({"envelope": None}, "there is no such envelope"),
        ({"envelope": {"cipher": {1}}}, "there is no such envelope"),
        ({"variable": 3}, "variable must be text, not int"),
        ({"previous": ["OLD"]}, "previous must be a mapping of names to texts, not list"),
        ({"previous": {"OLD": 3}}, "previous['OLD'] must be text, not int"),
        ({"previous": {3: OLD}}, "a name in previous must be text, not int"),
    ],
)
@pytest.mark.parametrize("ask", ["open", "opener"])
def test_what_is_given_outright_is_of_the_right_type(ask, wrong, said):
    expect(ask, {**OUTRIGHT, **wrong}, said)


def expect(ask: str, how: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        call(ask, how)
    assert caught.value.message == said
    assert caught.value.remedy
    assert caught.value.__context__ is None


def call(ask: str, how: dict[str, Any]) -> object:
    if ask == "aopen":
        return asyncio.run(credentials.aopen(sealed(), **how))
    return credentials.open(sealed(), **how) if ask == "open" else credentials.opener(**how)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (
            {},
            "key, text and envelope; missing: environment, credential, column",
        ),
        ({"environment": "ci", "credential": "mpesa"}, "; missing: column"),
        ({"key": HEX, "envelope": LAYOUT}, "; missing: text"),
        ({**OUTRIGHT, "spec": "specs"}, "() got an unexpected keyword argument 'spec'"),
        (
            {**OUTRIGHT, "variabel": "KEY"},
            "() got an unexpected keyword argument 'variabel': did you mean variable?",
        ),
        ({"environmnt": "ci"}, "keyword argument 'environmnt': did you mean environment?"),
    ],
)
@pytest.mark.parametrize("ask", ["open", "opener"])
def test_arguments_that_are_missing_or_unknown_are_named(ask, how, said):
    with pytest.raises(TypeError) as caught:
        call(ask, how)
    assert str(caught.value).startswith(f"{ask}()")
    assert str(caught.value).endswith(said)


def test_an_argument_that_does_not_exist_is_refused_though_the_rest_is_known():
    assert credentials.open(sealed(), **OUTRIGHT) == PLAIN
    with pytest.raises(TypeError, match="'nonsense'"):
        credentials.open(sealed(), nonsense=1, **OUTRIGHT)  # type: ignore[call-overload]


def test_open_leaves_options_to_openers():
    with pytest.raises(TypeError, match="unexpected keyword argument 'explain'"):
        credentials.open(sealed(), explain="none", **OUTRIGHT)  # type: ignore[call-overload]


class Path(os.PathLike[str]):
    def __init__(self, text: str) -> None:
        self.text = text

    def __fspath__(self) -> str:
        return self.text


def test_paths_mappings_and_envelopes_of_all_sorts_are_taken(project, monkeypatch):
    how = by_spec(project, process=None, environment="production")
    folder = str(project.folder / "specs")
    for spec in (Path(folder), folder, project.folder / "specs"):
        assert credentials.open(sealed(), **{**how, "spec": spec}) == PLAIN
    monkeypatch.chdir(project.folder)
    for given in ("specs", Path("specs"), None):
        assert credentials.open(sealed(), **{**how, "spec": given}) == PLAIN
    for process in (UserDict({"KEY": TEXT}), MappingProxyType({"KEY": TEXT})):
        assert credentials.open(sealed(), **by_spec(project, process=process)) == PLAIN
    for envelope in (MappingProxyType(LAYOUT), credentials.opener(**OUTRIGHT)._keys.case.envelope):
        assert credentials.open(sealed(), **{**OUTRIGHT, "envelope": envelope}) == PLAIN
    secret = assay.Secret(OLD)
    with pytest.raises(KeyFault, match="encrypted with OLD"):
        credentials.open(sealed(OLD), **OUTRIGHT, previous=MappingProxyType({"OLD": secret}))


def test_a_relative_spec_is_looked_for_where_the_process_is(project, tmp_path, monkeypatch):
    how: Any = {"spec": "specs", "environment": "production", "credential": "mpesa"}
    loaded(project)
    monkeypatch.chdir(project.folder)
    assert credentials.open(sealed(), column="secret", **how) == PLAIN
    monkeypatch.chdir(tmp_path)
    with pytest.raises(assay.SpecError):
        credentials.open(sealed(), column="secret", **how)


def frames(error: BaseException) -> str:
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "\n".join(
        f"{name}={value}"
        for frame in trace.stack
        if "/src/assay/" in frame.filename
        for name, value in (frame.locals or {}).items()
    )


@pytest.mark.parametrize("ask", ["open", "opener", "aopen"])
@pytest.mark.parametrize(
    "wrong", [{"process": {"OTHER": OLD, "KEY": ""}}, {"column": "gone"}, {"environment": 3}]
)
def test_no_frame_of_ours_shows_variables_or_rows(project, ask, wrong):
    how = by_spec(project, **{"process": {"OTHER": OLD, "KEY": TEXT}, **wrong})
    if ask != "opener":
        how["row"] = {"id": 9, "note": OLD, "cell": sealed()}
    with pytest.raises(assay.AssayError) as caught:
        call(ask, how)
    shown = frames(caught.value)
    assert canaries.found([OLD, TEXT], shown) == []
    assert repr(sealed()) not in shown


@pytest.mark.parametrize("cell", [sealed(OLD), None, 17], ids=["another key", "NULL", "a number"])
@pytest.mark.parametrize("column", ["secret", "bound"])
@pytest.mark.parametrize("ask", ["open", "aopen"])
def test_no_frame_of_ours_shows_what_could_not_be_opened(project, ask, cell, column):
    made = credentials.opener(
        **by_spec(project, column=column, process={"KEY": TEXT, "KEY_OLD": OLD})
    )
    row = {"tenant": "a", "note": OLD, "cell": sealed(OLD)}
    work: Any = {"open": made.open, "aopen": lambda *given: asyncio.run(made.aopen(*given))}[ask]
    with pytest.raises(assay.AssayError) as caught:
        work(cell, row)
    shown = frames(caught.value)
    assert canaries.found([OLD, TEXT], shown) == []
    assert repr(sealed(OLD)) not in shown
    assert caught.value.__context__ is None


def test_no_frame_of_ours_shows_the_other_keys_where_one_is_missing(project, monkeypatch):
    loaded(project, f"KEY=\nKEY_OLD={OLD}\n")
    monkeypatch.setenv("UNRELATED", TEXT)
    how: Any = {"environment": "production", "credential": "mpesa", "column": "secret"}
    with pytest.raises(KeyFault, match="KEY is not set, or empty in production") as caught:
        credentials.opener(spec=project.folder / "specs", **how)
    assert canaries.found([OLD, TEXT], frames(caught.value)) == []


def test_a_key_that_can_not_be_read_back_is_a_key_fault(project, monkeypatch):
    gap = Unobservable(reason="KEY can't be read back from Vercel", remedy="Run it there.")
    monkeypatch.setattr("assay.probes.credentials.unreadable", lambda *_: gap)
    how: Any = {"environment": "production", "credential": "mpesa", "column": "secret"}
    with pytest.raises(KeyFault) as caught:
        credentials.opener(spec=loaded(project), **how)
    told = (caught.value.message, caught.value.remedy, caught.value.__context__)
    assert told == ("KEY can't be read back from Vercel in production", "Run it there.", None)


def test_the_process_may_be_passed_as_it_is(project, monkeypatch):
    monkeypatch.setenv("KEY", OLD)
    made = credentials.opener(**by_spec(project, process=os.environ))
    monkeypatch.setenv("KEY", TEXT)  # it is looked at again after a failure
    assert made.open(sealed()) == PLAIN


def test_what_an_envelope_says_of_its_parameters_is_said():
    with pytest.raises(UsageError) as caught:
        credentials.opener(**{**OUTRIGHT, "envelope": {"format": "fernet", "aad": "x"}})
    assert caught.value.message == "envelope: aad: fernet has no additional authenticated data"

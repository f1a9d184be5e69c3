"""Every example of docs/python.md runs and does what the page says."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import assay

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.project import Project

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(python|yaml)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEY = "d24d877382afb57b3d40f9f7427ca2c62a1f82821cbdb2ae02fcef3e95e1973b"
OLD = "98cd57eecf9243ba9835ced7400fb70132c4aa400c90224d316d2598de216778"
PENDING = () if "arun" in assay.__all__ else ("arun", "values=")
"""What examples show that isn't there yet."""


class Block(NamedTuple):
    file: str
    text: str


def blocks() -> list[Block]:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    return [Block(m[2] or "", m[3]) for m in FENCE.finditer(page)]


NAMED = {block.file: block.text for block in blocks() if block.file}
PLAIN = [block.text for block in blocks() if not block.file]


@pytest.fixture(autouse=True)
def shop(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project of the page, whose configuration is good."""
    for file, text in NAMED.items():
        project.write(file, text)
    project.env(f"PORT=8080\nTOKENS_KEY={KEY}\n")
    monkeypatch.chdir(project.folder)
    monkeypatch.setenv("PORT", "8080")
    monkeypatch.setenv("TOKENS_KEY", KEY)
    monkeypatch.setenv("TOKENS_KEY_OLD", OLD)
    return project


def module(file: str) -> Any:
    """An example as a module of its own."""
    spec = importlib.util.spec_from_file_location(file.replace(".", "_"), file)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_each_example_without_a_name_runs(capsys):
    heard: list[object] = []
    names: dict[str, Any] = {"reencrypt_later": heard.append, "log": SimpleNamespace(error=print)}
    names["row"] = {"id": 9, "token": sealed(OLD)}
    for text in PLAIN:
        if not any(part in text for part in PENDING):
            exec(compile(text, "docs/python.md", "exec"), names)
    assert (names["token"], heard) == (b"a token", [9])
    assert names["report"].ok
    assert set(names["reports"]) == {"laptop", "production"}
    assert "shop" in Path("report.html").read_text(encoding="utf-8")
    heard_of = capsys.readouterr().out.splitlines()
    assert heard_of == [] if PENDING else "PORT pass" in heard_of


def test_no_example_with_a_name_is_left_out():
    assert set(NAMED) == {
        "specs/shop.yaml",
        "shop_api.py",
        "shop_checks.py",
        "test_configuration.py",
        "check_all.py",
        "gunicorn.conf.py",
    }


def test_the_start_prints_what_failed(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "0")
    exec(PLAIN[0], {})
    printed = capsys.readouterr().out
    assert printed.startswith("PORT is not a port number: expected 1 to 65535 Set PORT to ")


def test_a_report_is_read_as_the_page_says(monkeypatch, capsys):
    monkeypatch.setenv("TOKENS_KEY", "nonsense")
    (text,) = [text for text in PLAIN if "report.select" in text]
    exec(text, {})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("failed, 0 unknown")
    assert len(lines) == 2
    assert re.fullmatch(r"(key|bytes)-[a-z-]+ error production (tokens|TOKENS_KEY)", lines[1])


def test_a_program_does_not_start_with_a_broken_configuration(monkeypatch):
    monkeypatch.setenv("PORT", "0")
    (text,) = [text for text in PLAIN if "raise_for_failures()" in text and "arun" not in text]
    with pytest.raises(assay.CheckFailed, match="PORT is not a port number"):
        exec(text, {})


def sealed(key: str, plain: bytes = b"a token") -> str:
    nonce = b"made up once"
    made = AESGCM(bytes.fromhex(key)).encrypt(nonce, plain, b"")
    return ":".join(part.hex() for part in (nonce, made[-16:], made[:-16]))


def test_a_coroutine_logs_what_can_not_be_decrypted():
    logged: list[tuple[str, ...]] = []
    names: dict[str, Any] = {
        "reencrypt_later": print,
        "log": SimpleNamespace(error=lambda *words: logged.append(words)),
        "row": {"id": 9, "token": sealed(KEY)},
    }
    for text in PLAIN:
        if "tokens" in text:
            exec(text, names)
    assert asyncio.run(names["token_of"]({"id": 9, "token": sealed(KEY)})) == b"a token"
    with pytest.raises(assay.credentials.KeyFault):
        asyncio.run(names["token_of"]({"id": 7, "token": sealed("5b" * 32)}))
    ((_, message, remedy),) = logged
    assert message.startswith("accounts.token, row 7: ")
    assert remedy


def stand_in(monkeypatch: pytest.MonkeyPatch, names: dict[str, dict[str, object]]) -> bool:
    """Whether modules with as much of a framework as the page uses had to take its place."""
    if importlib.util.find_spec(next(iter(names))) is not None:
        return False
    for name, members in names.items():
        made = ModuleType(name)
        vars(made).update(members)
        monkeypatch.setitem(sys.modules, name, made)
    return True


class Application:
    """As much of FastAPI as the page uses."""

    def __init__(self, *, lifespan: object) -> None:
        self.lifespan = lifespan

    def get(self, path: str) -> Callable[[object], object]:
        assert path.startswith("/health")
        return lambda function: function


class Answer(SimpleNamespace):
    """A response of FastAPI."""


def test_fastapi_starts_and_tells_its_health(monkeypatch):
    stand_in(monkeypatch, {"fastapi": {"FastAPI": Application, "Response": Answer}})
    from fastapi import Response  # type: ignore[import-not-found,unused-ignore]

    made = module("shop_api.py")

    async def started() -> None:
        async with made.lifespan(made.app):
            pass

    asyncio.run(started())
    answer = Response()
    assert made.configuration(answer) == {"ok": True, "rules": []}
    assert answer.status_code == 200
    monkeypatch.setenv("PORT", "0")
    assert made.configuration(answer)["ok"]  # within a minute nothing is checked again
    made.report.cache_clear()
    assert made.configuration(answer) == {"ok": False, "rules": ["port-out-of-range"]}
    assert answer.status_code == 503
    made.report.cache_clear()
    with pytest.raises(assay.CheckFailed):
        asyncio.run(started())


class Trouble:
    """An error of Django's checks."""

    def __init__(self, msg: str, hint: str, id: str) -> None:  # noqa: A002 - as Django calls it
        self.msg, self.hint, self.id = msg, hint, id


class Json:
    """A response of Django."""

    def __init__(self, data: object, status: int) -> None:
        self.content, self.status_code = json.dumps(data).encode(), status


def test_django_checks_and_tells_its_health(monkeypatch):
    checks = {"Error": Trouble, "register": lambda _: lambda function: function}
    modules: dict[str, dict[str, object]] = {"django": {}, "django.core": {}}
    modules |= {"django.core.checks": checks, "django.http": {"JsonResponse": Json}}
    if not stand_in(monkeypatch, modules):
        from django.conf import settings  # type: ignore[import-not-found,unused-ignore]

        settings.configured or settings.configure()
    made = module("shop_checks.py")
    assert made.configuration(None) == []
    good = made.health(None)
    assert (good.status_code, json.loads(good.content)) == (200, {"ok": True, "rules": []})
    monkeypatch.setenv("PORT", "0")
    (found,) = made.configuration(None)
    assert (found.id, found.msg) == (
        "assay.port-out-of-range",
        "PORT is not a port number: expected 1 to 65535",
    )
    assert found.hint.startswith("Set PORT to ")
    bad = made.health(None)
    assert bad.status_code == 503
    assert json.loads(bad.content) == {"ok": False, "rules": ["port-out-of-range"]}


def run(*argv: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *argv], capture_output=True, text=True, check=False, env=environ
    )


def test_the_tests_of_the_page_pass_and_fail_as_they_should(project: Project):
    argv = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_configuration.py")
    done = run(*argv)
    assert "4 passed" in done.stdout, done.stdout + done.stderr
    project.env(f"PORT=0\nTOKENS_KEY={KEY}\n")
    done = run(*argv)
    assert "1 failed, 3 passed" in done.stdout
    assert "error[port-out-of-range]" in done.stdout


def test_reports_and_errors_come_back_from_a_pool_of_processes(project: Project):
    done = run("check_all.py")
    assert (done.returncode, done.stderr) == (0, "")
    project.env("PORT=0\n")
    done = run("check_all.py")
    assert "laptop: PORT is not a port number: expected 1 to 65535" in done.stderr
    assert done.returncode == 1


def test_gunicorn_stops_before_it_forks(monkeypatch):
    made = module("gunicorn.conf.py")
    made.on_starting(None)
    monkeypatch.setenv("PORT", "0")
    with pytest.raises(assay.CheckFailed):
        made.on_starting(None)

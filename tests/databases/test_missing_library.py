"""A database that needs a library which isn't installed: one sentence, with the command."""

from __future__ import annotations

import sys

import pytest

NEEDS = {
    "sqlite: {path: shop.db}": "sql",
    "sql: {url: DATABASE_URL}": "postgres",
    "sql: {url: OTHER_URL}": "sql",
    "sql: {url: FILE_URL}": "sql",
}


@pytest.mark.parametrize("reached", NEEDS)
def test_the_library_is_named_with_the_command_that_installs_it(project, monkeypatch, reached):
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    project.spec(
        "environments: {dev: {values: [{dotenv: .env}]}}\n"
        "variables: {DATABASE_URL: {secret: true}, OTHER_URL: {secret: true}, FILE_URL: }\n"
        f"databases: {{main: {{{reached}}}}}\n"
    )
    project.env(
        "DATABASE_URL=postgres://app@127.0.0.1:1/shop\n"
        "OTHER_URL=mysql://app@127.0.0.1:1/shop\n"
        "FILE_URL=sqlite:///shop.db\n"
    )
    ran = project.run("check", "--only", "database")
    assert ran.code == 1
    assert "checking main needs SQLAlchemy, which is not installed here" in ran.out
    assert f"Run `pip install 'assay[{NEEDS[reached]}]'`, then check again." in ran.out

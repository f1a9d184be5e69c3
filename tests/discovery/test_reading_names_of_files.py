"""What the names of .env files say, and how a spec's values are written as YAML."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assay.discovery.dotenvs import classified
from assay.discovery.yaml_writing import entry, flow, scalar
from assay.spec.yaml_text import read_yaml


@pytest.mark.parametrize(
    ("path", "service", "environment", "local", "template"),
    [
        (".env", "", "", False, False),
        (".env.local", "", "", True, False),
        (".env.production", "", "production", False, False),
        (".env.production.local", "", "production", True, False),
        (".env.prod", "", "production", False, False),
        (".env.example", "", "", False, True),
        (".env.production.sample", "", "production", False, True),
        ("env.example", "", "", False, True),
        ("prod.env", "", "production", False, False),
        (".env-staging", "", "staging", False, False),
        (".env.eu-west", "", "eu-west", False, False),
        ("apps/web/.env", "apps/web", "", False, False),
        ("config/production.env", "", "production", False, False),
        ("apps/api/envs/staging/.env", "apps/api", "staging", False, False),
        (".envs/.production/.env", "", "production", False, False),
    ],
)
def test_a_name_tells_what_a_file_is_for(path, service, environment, local, template):
    found = classified(path)
    assert found is not None
    assert found[:5] == (path, service, environment, local, template)


@pytest.mark.parametrize(
    "path",
    [
        *(".env~", ".env.bak", ".env.vault", ".env.keys", ".env.swp", ".env.gpg", ".env.ts"),
        *("tests/.env", "docs/.env", "env", "environment.ts", "README.md", ".envrc"),
        ".env.9fK2mQ7xT4vL8wR3pZ6y",
    ],
)
def test_other_files_are_none_of_the_application_s(path):
    assert classified(path) is None


SCALARS = st.one_of(
    st.booleans(),
    st.integers(),
    st.text(),
    st.sampled_from(["no", "1e3", "~", "a: b", "a #b", "-"]),
)


@given(st.dictionaries(st.text(min_size=1), st.one_of(SCALARS, st.lists(SCALARS)), max_size=4))
def test_what_is_written_reads_back(fields):
    fields = {
        key: value
        for key, value in fields.items()
        if (key + str(value)).isprintable() and key not in ("<<", "=")
    }
    for text in ("\n".join(entry("NAME", fields, indent=2)), f"  NAME: {flow(fields)}"):
        assert (yaml.safe_load(text)["NAME"] or {}) == fields
        assert (read_yaml(text, "a.yaml").data["NAME"] or {}) == fields


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (3000, "3000"),
        ("yes", '"yes"'),
        ("3000", '"3000"'),
        ("0x1F", '"0x1F"'),
        ("builtin:stripe", "builtin:stripe"),
        ("a sentence, with a comma", '"a sentence, with a comma"'),
        ("environment == 'production'", "environment == 'production'"),
        ("ends with a colon:", '"ends with a colon:"'),
        ("", '""'),
    ],
)
def test_a_scalar_is_quoted_only_where_it_must_be(value, text):
    assert scalar(value, flow=True) == text

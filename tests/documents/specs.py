"""Specs for documents: one of every feature, one with hostile texts, random ones, large ones."""

from __future__ import annotations

import json
import string
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from tests.project import Project

import assay
from assay.document_kind import DeclaredDocument
from assay.documents import DOCUMENTS
from assay.documents.rendering import text_of
from assay.dotenv import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = (
    "a\nb",
    "# assay:end",
    "<!-- assay:end -->",
    "--> */ */ \\",
    '"""',
    'ends with "',
    "'''",
    "`",
    "``` ```",
    "| a | b |",
    "{{ 7 * 7 }} {% raw %}",
    "<script>alert(1)</script>",
    "@deprecated {@link x}",
    "\u202eevil\u202c",
    "\u2028\u2029\x85\x0b\x0c",
    "$(id) ${HOME} $PATH `id`",
    "# ## - + 1. = ---",
    "*bold* _it_ [a](b) ![c](d) &amp;",
    "https://example.com/a_b?c=d&e=f#g.",
    "A=1",
    "export B=2",
    "é ✓ 日本語",
    "\\n \\u0041 \\",
    "x" * 300,
)
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=3).map(" ".join),
    st.text(st.characters(exclude_categories=["Cc", "Cn", "Co", "Cs"]), max_size=60),
)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True)
SECRET = "the-one-that-no-page-may-show"

FULL: dict[str, Any] = {
    "assay": 1,
    "project": "shop",
    "description": "Sells | things.",
    "environments": {
        "development": {
            "description": "A laptop.",
            "values": [
                {"dotenv": {"path": ".env", "dialect": "next", "also-read-by": ["compose"]}},
                {"dotenv": {"path": ".env.local", "optional": True}},
            ],
        },
        "production": {"live": True, "values": ["process"]},
    },
    "variables": {
        "CALLBACK": {"type": "url", "required": "MODE == 'live'", "group": "Pay"},
        "MODE": {"type": "enum", "options": ["test", "live"], "group": "Pay", "parity": "same"},
        "API_KEY": {
            "secret": True,
            "group": "Pay",
            "obtain": "the bank's portal",
            "rotate-every": "90d",
            "example": SECRET,
            "parity": "different",
        },
        "SALT": {"secret": True, "default": SECRET, "obtain": "the vault"},
        "PORT": {"type": "port", "default": 3000, "description": "Where it | listens."},
        "RATIO": {"type": "number", "example": 0.5},
        "BOTH": {"type": "enum", "options": ["on"], "default": "on", "allow-empty": True},
        "DEBUG": {"type": "boolean", "default": False},
        "FLAG": {"type": "boolean", "truthy": ["on"], "falsy": ["off"], "required": False},
        "HOSTS": {"type": "list", "default": "a, b", "trim": True},
        "TOKEN": {"type": "hex", "bytes": 16, "secret": True, "only-in": ["production"]},
        "PIN": {"type": "enum", "options": [SECRET, "other"], "secret": True, "required": False},
        "CASE": {"type": "enum", "options": ["a.b"], "ignore-case": True, "required": False},
        "NOTE": {"allow-empty": True, "pattern": "[a-z ]*", "max-length": 9, "required": False},
        "CI_ONLY": {"required": "environment == 'production'", "when": "MODE == 'live'"},
        "OLD": {"deprecated": "API_KEY"},
        "OLDER": {"deprecated": True, "severity": "info"},
        "class": {"required": False, "parity": "shape"},
        "my.name": {"required": False, "default": ""},
        "1ST": {"required": False},
    },
    "keys": {
        "vault": {
            "variable": "TOKEN",
            "description": "Seals cards.",
            "cipher": "aes-128-gcm",
            "encoding": "hex",
            "rotate-every": "1y",
        }
    },
    "rules": {
        "live-is-public": {
            "when": "MODE == 'live'",
            "assert": "CALLBACK.startsWith('https://')",
            "message": "the callback is not public",
            "remedy": "Set CALLBACK to the deployed address.",
        }
    },
    "parity": {
        "alike": {
            "between": ["development", "production"],
            "variables": {
                "default": "shape",
                "API_KEY": "different",
                "TOKEN": {"only-in": ["production"]},
            },
            "ignore": ["PORT"],
            "description": "What is tested is what runs.",
        }
    },
    "waivers": [
        {
            "rule": "variable-weak",
            "subject": "API_KEY",
            "reason": "The bank | is slow.",
            "owner": "payments",
            "expires": "2027-01-31",
        }
    ],
}


STORED: dict[str, Any] = {
    **FULL,
    "variables": {**FULL["variables"], "DATABASE_URL": {"type": "postgres", "group": "Data"}},
    "databases": {
        "main": {
            "sql": {"url": "DATABASE_URL"},
            "description": "Orders | and cards.",
            "role": "shop_reader",
            "extensions": ["uuid-ossp"],
            "group": "Data",
        },
        "local": {"sqlite": {"path": "app.db"}, "when": "MODE == 'test'"},
    },
    "tables": {
        "cards": {
            "database": "main",
            "description": "Cards, sealed.",
            "group": "Data",
            "columns": {
                "id": {"type": "uuid", "primary-key": True, "default": "gen_random_uuid()"},
                "owner": {
                    "type": "text",
                    "references": {"table": "users", "column": "id", "on-delete": "cascade"},
                    "nullable": False,
                    "description": "Whose | it is.",
                },
                "kind": {"options": ["debit", "credit"], "unique": True, "check": "kind <> ''"},
                "note": {"nullable": True, "default": None, "generated": True},
            },
            "unique": [["owner", "kind"]],
            "indexes": ["owner", {"columns": ["kind"], "unique": True}],
            "foreign-keys": [
                {"columns": ["owner", "kind"], "table": "kinds", "targets": ["a", "b"]}
            ],
            "checks": ["kind_known", {"expression": "owner <> kind"}],
            "row-level-security": True,
            "policies": {"own": {"command": "select", "roles": ["authenticated"]}, "all": None},
            "grants": {"service_role": ["select", "insert"], "anon": []},
            "may": ["select"],
        },
        "report": {
            "database": "main",
            "name": "monthly",
            "schema": "reports",
            "view": True,
            "row-level-security": False,
            "only-in": ["production"],
            "when": "MODE == 'live'",
        },
        "logs": {"database": "local", "primary-key": ["day", "id"], "only-in": ["development"]},
    },
}
"""The same with databases and tables."""


@contextmanager
def project_of(data: dict[str, Any]) -> Iterator[Project]:
    """A project with this spec."""
    with Project.temporary() as project:
        text = json.dumps(data, ensure_ascii=False)  # YAML knows no pairs of surrogates
        project.spec("".join(map(_escaped, text)).encode())
        yield project


def _escaped(char: str) -> str:
    return char if char.isprintable() or ord(char) > 0xFFFF else f"\\u{ord(char):04x}"


def spec_of(data: dict[str, Any]) -> assay.Spec:
    """The loaded spec of some data."""
    with project_of(data) as project:
        return assay.load(str(project.folder / "specs"))


def made(data: dict[str, Any], kind: str, level: int = 0, **parameters: Any) -> str:
    """The text of a document."""
    found = DOCUMENTS[kind]
    document = DeclaredDocument(kind=kind, parameters=found.parameters(**parameters))
    return text_of(spec_of(data), document, found.path, level)


@st.composite
def hostile(draw: st.DrawFn) -> dict[str, Any]:
    """A spec whose every text is hostile, with all documents declared."""
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    variables: dict[str, Any] = {}
    for name in names:
        variables[name] = {
            "description": draw(TEXTS),
            "obtain": draw(TEXTS),
            "group": draw(st.one_of(st.just(""), TEXTS)),
            "secret": draw(st.booleans()),
            "required": draw(st.booleans()),
        }
        field = draw(st.sampled_from(["default", "example", None]))
        if field:
            variables[name][field] = draw(TEXTS)
    sources = [
        {"dotenv": {"path": path, "dialect": draw(st.sampled_from(DIALECTS))}}
        for path in draw(st.lists(st.sampled_from([".env", ".env.local"]), max_size=2))
    ]
    return {
        "assay": 1,
        "project": draw(TEXTS.filter(bool)),
        "description": draw(TEXTS),
        "environments": {"dev": {"description": draw(TEXTS), "values": sources}},
        "variables": variables,
        "databases": {
            "main": {"sqlite": {"path": "app.db"}, "description": draw(TEXTS)},
            "other": {"sqlite": {"path": draw(TEXTS.filter(bool))}, "description": draw(TEXTS)},
        },
        "tables": {
            name: {
                "database": draw(st.sampled_from(["main", "other"])),
                "description": draw(TEXTS),
                "columns": {
                    draw(TEXTS.filter(bool)): {
                        "type": draw(TEXTS),
                        "default": draw(TEXTS),
                        "description": draw(TEXTS),
                    }
                },
                "checks": [draw(TEXTS.filter(str.strip))],
            }
            for name in names
        },
        "documents": {DOCUMENTS[kind].path: kind for kind in DOCUMENTS},
    }


def large(count: int) -> dict[str, Any]:
    """A spec of many variables of common types, with all documents declared."""
    shapes = (
        {"type": "port", "default": 8080},
        {"type": "url", "schemes": ["https"], "example": "https://example.com/a"},
        {"type": "hex", "bytes": 32, "secret": True},
        {"type": "enum", "options": ["on", "off"], "default": "on"},
        {"secret": True, "obtain": "the vault, under app"},
        {"required": "VARIABLE_0 > 1024", "min-length": 3},
    )
    letters = string.ascii_uppercase
    variables = {
        f"VARIABLE_{number}": {
            "description": f"What number {number} is for, in a sentence of ordinary length.",
            "group": f"Group {letters[number % 26]}",
            **shapes[number % len(shapes)],
        }
        for number in range(count)
    }
    documents = {DOCUMENTS[kind].path: kind for kind in DOCUMENTS}
    return {"assay": 1, "project": "large", "variables": variables, "documents": documents}

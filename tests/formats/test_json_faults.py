"""What happened to JSON on its way into a variable is named, with the place where it shows."""

from __future__ import annotations

import pytest

from assay.formats.documents import Json
from assay.formats.json_faults import json_array


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (r"{\"type\": \"service_account\"}", "escaped with backslashes, the first at line 1, col"),
        ('{"web":{"client_id":"x"}}\'', "something follows its end: a quote, at line 1, column 26"),
        ('  {"web":{"client_id":"x"}}"', "something follows its end: a quote"),
        ('{"a": 1}}', "something follows its end, at line 1, column 9"),
        ('\'{"a": 1}', "a quote precedes it, at line 1, column 1"),
        ('{"a": \u201cx\u201d}', "curly, see line 1, column 7"),
        ('{"a": "x\ny"}', "broken over lines at line 1, column 9"),
        ('{"a": [1, 2,]}', "a comma precedes a closing bracket, see line 1, column"),
        ('{"a": None}', "True, False or None"),
        ("{", "it ends too early: what begins at line 1, column 1 is never closed"),
        ('{"a": "x', "what begins at line 1, column 7 is never closed"),
        ("{beta: true}", "no double quotes, which it needs at line 1, column 2"),
        ("eyJhIjoxfQ==", "base64 of JSON"),
        ("/run/secrets/account.json", "the path of a file"),
        ("https://a.example,https://b.example", "a list joined by commas"),
        ('{"a": 1\n "b": 2}', "fails at line 2, column 2"),
        ("hello", "fails at line 1, column 1"),
        ("", "fails at its end"),
        ("NaN", "a word that JSON does not have at line 1, column 1"),
        ('{"NaN": 1,\n "b": -Infinity}', "a word that JSON does not have at line 2, column 7"),
        ('{"a": {"b": []}, "c": ["[",', "what begins at line 1, column 23 is never closed"),
    ],
)
def test_the_cause_and_the_place_are_named(value, words):
    (found,) = Json().violations(value)
    found = found.with_values(name="ACCOUNT")
    assert words in found.message
    assert found.remedy.endswith(".")


def test_arrays_in_json_and_as_python_prints_them():
    assert json_array('["a"]')
    assert json_array("['a', 'b']")
    assert not json_array("[a]")
    assert not json_array("[::1]")
    assert not json_array('{"a": []}')

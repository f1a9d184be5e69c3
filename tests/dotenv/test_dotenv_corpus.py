"""What six real parsers made of 600 texts; `__error` where they refused, null where unjudged."""

import json
from pathlib import Path

import pytest

from assay import dotenv

CORPUS = json.loads(Path(__file__).with_name("corpus.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("dialect", ["node", "node20", "python", "ruby", "compose", "shell"])
def test_every_text_is_read_as_the_real_parser_reads_it(dialect):
    wrong = []
    for case in CORPUS:
        expected = case[dialect]
        if expected is None:
            continue
        try:
            got: object = dict(dotenv.loads(case["input"], dialect))
        except dotenv.DotenvError:
            got = "refused"
        if got != ("refused" if "__error" in expected else expected):
            wrong.append((case["input"], expected, got))
    assert wrong == []


@pytest.mark.parametrize("dialect", dotenv.DIALECTS)
def test_every_text_survives_whole(dialect):
    for case in CORPUS:
        document = dotenv.parse(case["input"], dialect)
        assert document.text == case["input"]
        for entry in document.entries:
            assert 0 <= entry.key_start <= entry.key_end <= entry.value_start <= entry.value_end
            assert entry.value_end <= len(case["input"])
            if "\r" not in case["input"]:
                name = case["input"][entry.key_start : entry.key_end]
                assert name.startswith(entry.key), entry

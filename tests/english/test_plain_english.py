"""No text reads like a translation: strings, comments, pages, templates, specs, help, rules."""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from tests.english.patterns import found
from tests.english.texts import Text, every

from assay.cli.parsing import parser
from assay.spec.rulebook import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.model import Rule

ALLOWED = {
    ("src/assay/discovery/survey.py", "without:"),  # the name of an argument
    ("src/assay/discovery/vocabulary.py", "behind"),  # one of the words that everybody knows
    ("src/assay/errors.py", "is no"),  # "there is no such program", in a column of its own
    ("src/assay/spec/narrowing.py", "where there"),  # "a constraint where there was none"
}
"""Phrases that are right where they are, reviewed one by one."""


def help_texts() -> Iterator[Text]:
    """The help of every command and of its actions, paragraph by paragraph."""

    def below(made: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
        yield made
        for action in made._actions:  # argparse has no public way
            if isinstance(action, argparse._SubParsersAction):
                for inner in action.choices.values():
                    yield from below(inner)

    for made in below(parser()):
        for paragraph in re.split(r"\n\s*\n|\n  (?=[-\w])", made.format_help()):
            yield Text(f"help of {made.prog}", 0, " ".join(paragraph.split()))


def hits() -> dict[str, list[str]]:
    """Every bad turn of phrase that is not allowed, by path."""
    by_path: dict[str, list[str]] = defaultdict(list)
    for text in (*every(), *help_texts()):
        for phrase, instead in found(text.text):
            if (text.path, phrase.strip().lower()) not in ALLOWED:
                at = max(text.text.find(phrase) - 40, 0)
                around = text.text[at : at + len(phrase) + 80]
                by_path[text.path].append(f"{text.path}:{text.line}: {around!r}: {instead}")
    return by_path


@pytest.fixture(scope="module")
def by_path() -> dict[str, list[str]]:
    return hits()


def test_every_text_is_plain_english(by_path: dict[str, list[str]]) -> None:
    assert [line for lines in by_path.values() for line in lines] == []


def rules() -> list[Rule]:
    return [*all_rules().values()]


def messages(rule: Rule) -> tuple[str, ...]:
    return (rule.message, *rule.messages.values())


def remedies(rule: Rule) -> tuple[str, ...]:
    return (rule.remedy, *rule.remedies.values())


def test_a_message_begins_with_what_is_wrong() -> None:
    codes = [
        rule.code
        for rule in rules()
        for text in messages(rule)
        if not re.match(r"[{a-z`]", text) or re.search(r"[^.]\.$", text)
    ]
    assert codes == []


def test_a_remedy_is_a_sentence() -> None:
    codes = [
        rule.code
        for rule in rules()
        for text in remedies(rule)
        if not re.match(r"[A-Z{]", text) or not text.endswith((".", "}"))
    ]
    assert codes == []


def test_a_reason_is_a_sentence() -> None:
    codes = [
        rule.code
        for rule in rules()
        if not rule.why.endswith(".") or re.search(r"(?<![{$])\{[a-z_]+\}", rule.why)
    ]
    assert codes == []


def test_each_rule_has_a_reason_of_its_own() -> None:
    codes: dict[str, list[str]] = defaultdict(list)
    for rule in rules():
        codes[rule.why].append(rule.code)
    assert [shared for shared in codes.values() if len(shared) > 1] == []


@pytest.mark.parametrize("word", ["holds?", "good", "bad", "names no", "mostly"])
def test_rules_use_everyday_words(word: str) -> None:
    """A file contains something, a value is valid, and what happens often happens usually."""
    texts = {rule.code: " ".join((*messages(rule), *remedies(rule), rule.why)) for rule in rules()}
    assert [code for code, text in texts.items() if re.search(rf"\b{word}\b", text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Mend this line.",
        "create it anew",
        "ends with a line end",
        "`printf` in place of `echo`",
        "it hangs on a variable",
        "two hex digits behind it",
        "Replace the example by a real value.",
        "0 bytes, without a word",
        "no connection comes about",
        "K makes no key",
        "bytes that are no UTF-8",
        "Country codes that are none.",
        "what it is told of",
        "`sql` shows what it does not tell; `x` tells",
        "`assay explain X` says more",
        "a truth value",
        "may be null, expected that it may not",
        "Copy it again, whole.",
        "None where there is none",
        "the offset, where the time is in UTC",
        "Where the name is unknown, correct it.",
        "a key of another kind",
        "can't be opened, for K is not a key",
        "expected a URL without",
        "a whole number",
    ],
)
def test_what_reads_like_a_translation_is_found(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "There is no such file.",
        "None if there is none.",
        "They can't be told apart.",
        "The line ends with a semicolon.",
        "Set it in a stack, where CloudFormation resolves it.",
        "with or without.",
        "for example `printf %s`, for which it is made",
        "as a whole.",
        "it is no longer read",
        "The service is behind a proxy.",
        "Rows were left behind.",
        "if you can't tell what was added",
    ],
)
def test_what_a_native_writes_is_not(text: str) -> None:
    assert found(text) == []

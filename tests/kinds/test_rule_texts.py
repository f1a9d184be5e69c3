"""Every message and remedy is a complete sentence, whose placeholders stand for data."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

import assay
from assay.model import Category, Rule
from assay.spec.rulebook import all_rules
from assay.spec.rules import PARAMETER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

RULES = all_rules()
FRAGMENTS = frozenset(
    (
        *("about", "also", "but", "how", "hint", "instead", "intact", "key_right", "layers"),
        *("node", "opens", "or", "served", "so", "step", "where", "whose"),
    )
)
"""What placeholders for parts of sentences were called."""
GLUED = re.compile(r"[\w}]\{\w|\}\{")
"""A placeholder right behind a word or another one: what it adds would be part of the sentence."""


def texts(rule: Rule) -> list[str]:
    return [rule.message, *rule.messages.values(), rule.remedy, *rule.remedies.values()]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", RULES)
def test_no_text_is_a_placeholder_or_glued_to_one(code):
    for text in texts(RULES[code]):
        assert re.search("[A-Za-z]", re.sub(r"\{\w+\}", "", text)) or RULES[code] == PARAMETER, text
        assert not fields(text) & FRAGMENTS
        bare = text.replace("{{", "").replace("}}", "")
        assert not GLUED.search(bare), text


@pytest.mark.parametrize("code", RULES)
def test_a_remedy_is_a_sentence_and_a_message_begins_small(code):
    rule = RULES[code]
    for remedy in (rule.remedy, *rule.remedies.values()):
        assert remedy.endswith(".")
        assert remedy[0].isupper() or remedy.startswith(("`", "{"))
    for message in (rule.message, *rule.messages.values()):
        assert not message.endswith(".") or "..." in message
    assert rule.why.endswith(".")


def test_a_case_is_known_by_a_name_that_people_can_read():
    for rule in RULES.values():
        for case in (*rule.messages, *rule.remedies):
            assert re.fullmatch("[A-Za-z0-9][A-Za-z0-9' -]*", case), (rule.code, case)


def said(node: ast.AST) -> Iterator[str]:
    """Texts and names of arguments in code, but not the names under which rules keep texts."""
    match node:
        case ast.keyword(arg="messages" | "remedies", value=ast.Dict(values=kept)):
            inner: Iterable[ast.AST] = kept
        case _:
            inner = ast.iter_child_nodes(node)
    if isinstance(node, ast.keyword) and node.arg:
        yield node.arg
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in inner:
        yield from said(child)


def made_of(name: str, known: Collection[str]) -> bool:
    """Whether code puts a name together, as in `f"{sort}-in-rule"` or `"-".join(parts)`."""
    dashes = [at for at, char in enumerate(name) if char == "-"]
    return any(
        (name[:at] in known or made_of(name[:at], known))
        and (name[at:] in known or name[at + 1 :] in known)
        for at in dashes
    )


def test_every_named_text_is_asked_for_by_its_name():
    home = Path(assay.__file__).parent
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in home.rglob("*.py"))
    known = {text for tree in trees for text in said(tree)}
    unused = [
        (rule.code, name)
        for rule in RULES.values()
        for name in (*rule.messages, *rule.remedies)
        if name not in known and not made_of(name, known)
    ]
    assert unused == []


def test_rules_stand_with_those_who_judge():
    """Probes, databases and the autopsy answer with causes; SARIF has two rules of its own."""
    home = Path(assay.__file__).parent
    places = {
        path.relative_to(home).as_posix()
        for path in home.rglob("*.py")
        if re.search(r"(?<!\w)Rule\(\n? *code=", path.read_text(encoding="utf-8"))
    }
    others = {place for place in places if not place.startswith(("kinds/", "formats/", "hygiene/"))}
    own = ("plugin_rules", "revealing_rules", "rules")
    assert others == {*(f"spec/{name}.py" for name in own), "reporters/sarif.py"}


def test_a_code_names_no_other_rule_that_was_or_is():
    known = [*RULES, *(old for rule in RULES.values() for old in rule.formerly)]
    assert len(known) == len(set(known))


def test_a_case_that_a_rule_does_not_have_is_a_mistake():
    rule = Rule(
        code="a-b",
        category=Category.SPEC,
        message="{x} is wrong",
        messages={"long": "{x} is too long"},
        remedy="Fix {x}.",
        remedies={"sqlite": "Recreate {x}."},
        why="It is.",
    )
    assert rule.violated(x=1).message == "1 is wrong"
    named = rule.violated(case="long", x=1)
    assert (named.message, named.remedy) == ("1 is too long", "Fix 1.")
    assert named.advised("sqlite").remedy == "Recreate 1."
    assert named.advised("mysql").remedy == "Fix 1."
    assert rule.violated(case="sqlite", x=1).advised("sqlite").remedy == "Recreate 1."
    assert rule.violated(case="long", advice="sqlite", x=1).remedy == "Recreate 1."
    for wrong in ({"case": "short"}, {"advice": "long"}):
        with pytest.raises(KeyError):
            rule.violated(**wrong)  # type: ignore[arg-type]  # mypy can't see which it is

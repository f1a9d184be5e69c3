"""Placeholders are told from values that only begin like one."""

from __future__ import annotations

import pytest

from assay.hygiene.standins import is_placeholder


@pytest.mark.parametrize(
    "value",
    [
        "changeme",
        "CHANGE_ME",
        "your-api-key",
        "your_key_here",
        "<token>",
        "[your-password]",
        "xxx",
        "xxx-xxx",
        "TODO",
        "todo",
        "TODO: set this",
        "TODO_fill_in",
        "replace-me",
        "replace with your key",
        "REPLACE_THIS_VALUE",
        "insert-key-here",
        "paste your token here",
    ],
)
def test_what_a_person_left_to_be_replaced_is_a_placeholder(value):
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "todos",
        "todo-api",
        "todo_list_service",
        "todoist",
        "replace-all",
        "replace",
        "replace-",
        "insert-only",
        "insert",
        "paste-service",
        "xxxl",
        "<2.0",
        "<b>bold</b>",
        "yourself",
        "none",
    ],
)
def test_what_only_begins_like_a_placeholder_is_a_value(value):
    assert not is_placeholder(value)

"""Templates: a project's own come first, what is wrong with one is named with its place."""

from __future__ import annotations

import pytest

from assay.templating import Overrides, TemplateError, render


def test_a_projects_own_template_comes_first(tmp_path):
    (tmp_path / "greeting.j2").write_text("hello {{ name }}\n")
    assert (
        render("greeting.j2", {"name": "you"}, overrides=Overrides(str(tmp_path), "."))
        == "hello you\n"
    )


def test_html_is_escaped_and_nothing_else(tmp_path):
    (tmp_path / "a.html.j2").write_text("{{ name }}")
    (tmp_path / "a.j2").write_text("{{ name }}")
    assert (
        render("a.html.j2", {"name": "<b>"}, overrides=Overrides(str(tmp_path), ".")) == "&lt;b&gt;"
    )
    assert render("a.j2", {"name": "<b>"}, overrides=Overrides(str(tmp_path), ".")) == "<b>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n{{ y.z }}\n", "a.j2:2: the template can't be filled in: 'y' is undefined"),
        ("\n\n{{ 1 / 0 }}", "a.j2:3: the template can't be filled in: division by zero"),
        ("a\n{% if %}", "a.j2:2: this is no Jinja template: Expected an expression"),
        ("{{ name.__class__ }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{% include 'none.j2' %}", "there is no template none.j2"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_place(tmp_path, text, said):
    (tmp_path / "a.j2").write_text(text)
    with pytest.raises(TemplateError) as failure:
        render("a.j2", {"name": "x"}, overrides=Overrides(str(tmp_path), "."))
    assert said in failure.value.message
    assert failure.value.remedy

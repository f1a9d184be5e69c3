"""Templates: a project's own come first, what is wrong with one is named with its place."""

from __future__ import annotations

import resource
import time

import pytest

from assay.templating import Overrides, TemplateError, environment, render


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
        ("a\n{% if %}", "a.j2:2: this isn't a Jinja template: Expected an expression"),
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


BOMBS = {
    "range": "{% for i in range(10 ** 9) %}{% endfor %}",
    "nested loops": "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
    "filtered": "{% for i in range(999) %}{% for j in range(99999) if 0 %}{% endfor %}{% endfor %}",
    "times": "{{ 'x' * 10 ** 9 }}",
    "times a list": "{{ ([1] * 10 ** 9)|length }}",
    "times from the left": "{{ 10 ** 9 * 'x' }}",
    "plus": "{% set n = namespace(a='x') %}"
    "{% for i in range(60) %}{% set n.a = n.a + n.a %}{% endfor %}",
    "tilde": "{% set n = namespace(a='x') %}"
    "{% for i in range(60) %}{% set n.a = n.a ~ n.a %}{% endfor %}",
    "a list of itself": "{% set n = namespace(a=['x']) %}"
    "{% for i in range(60) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a }}",
    "a pair of itself": "{% set n = namespace(a=('x',)) %}"
    "{% for i in range(60) %}{% set n.a = (n.a, n.a) %}{% endfor %}{{ n.a }}",
    "a dict of itself": "{% set n = namespace(a={}) %}"
    "{% for i in range(60) %}{% set n.a = {'a': n.a, 'b': n.a} %}{% endfor %}{{ n.a }}",
    "a call of itself": "{% set n = namespace(a={}) %}"
    "{% for i in range(60) %}{% set n.a = dict(a=n.a, b=n.a) %}{% endfor %}{{ n.a }}",
    "slices": "{% set n = namespace(a=[], x='a' * 10 ** 7) %}"
    "{% for i in range(9999) %}{% set n.a = [n.x[1:], n.a] %}{% endfor %}",
    "power": "{{ (10 ** (10 ** 8)) is odd }}",
    "powers": "{% set n = namespace(a=3) %}"
    "{% for i in range(60) %}{% set n.a = n.a * n.a %}{% endfor %}",
    "a macro without end": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a macro twice": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}"
    "{% endmacro %}{{ m(60) }}",
    "a caller": "{% macro m() %}{{ caller() }}{{ caller() }}{% endmacro %}"
    "{% macro r(n) %}{% if n %}{% call m() %}{{ r(n - 1) }}{% endcall %}{% endif %}{% endmacro %}"
    "{{ r(60) }}",
    "a block of itself": "{% block a %}{{ self.a() }}{% endblock %}",
    "an include of itself": "{% include 'a.j2' %}",
    "a recursive loop": "{% for i in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
    "percent": "{{ '%1000000000d' % 1 }}",
    "percent with a star": "{{ '%*d' % (10 ** 9, 1) }}",
    "the format filter": "{{ '%1000000000d'|format(1) }}",
    "the format method": "{{ '{:>1000000000}'.format(1) }}",
    "a nested width": "{{ '{:>{}}'.format(1, 10 ** 7) }}",
    "format_map": "{{ '{a:999999999}'.format_map({'a': 1}) }}",
    "center": "{{ name|center(10 ** 9) }}",
    "ljust": "{{ name.ljust(10 ** 9) }}",
    "attr": "{{ (name|attr('zfill'))(10 ** 9) }}",
    "expandtabs": "{{ '\t'.expandtabs(10 ** 9) }}",
    "join": "{{ range(1000)|join('x' * 10 ** 7) }}",
    "join of a map": "{{ range(1000)|map('string')|join('x' * 10 ** 7) }}",
    "join of pieces": "{{ ('x' * 10 ** 7).join(range(1000)|map('string')) }}",
    "replace": "{{ long|replace('', long)|replace('', long) }}",
    "a replace for each": "{{ range(9)|map('string')|map('replace', '', long * 9999)|join }}",
    "indent": "{{ ('\n' * 1000)|indent(10 ** 9) }}",
    "batch": "{{ range(9)|batch(10 ** 9, 0)|list|length }}",
    "tojson": "{{ [1]|tojson(indent=10 ** 9) }}",
    "lipsum": "{{ lipsum(100000) }}",
    "the same many times": "{% for i in range(99999) %}{{ long }}{% endfor %}",
    "a captured text": "{% set a %}{% for i in range(99999) %}{{ long }}{% endfor %}{% endset %}",
    "a deep nest": "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "parentheses": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "a large file": "x" * (1024 * 1024 + 1),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_template_that_would_take_all_time_or_memory_is_refused(tmp_path, text, monkeypatch):
    monkeypatch.setattr("assay.sandbox.STEPS", 200_000)
    (tmp_path / "a.j2").write_text(text)
    started = time.process_time()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TemplateError) as failure:
        render("a.j2", {"name": "x", "long": "x" * 2000}, overrides=Overrides(str(tmp_path), "."))
    assert "a.j2" in failure.value.message
    assert failure.value.remedy
    assert time.process_time() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600 * 1024  # KiB


def test_includes_that_double_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("assay.sandbox.STEPS", 200_000)
    for number in range(40):
        (tmp_path / f"t{number}.j2").write_text(f"{{% include 't{number + 1}.j2' %}}" * 2)
    (tmp_path / "t40.j2").write_text("x")
    with pytest.raises(TemplateError):
        render("t0.j2", {}, overrides=Overrides(str(tmp_path), "."))


def test_a_template_that_only_calculates_is_stopped_by_the_clock(tmp_path, monkeypatch):
    monkeypatch.setattr("assay.sandbox.SECONDS", 0.2)
    (tmp_path / "a.j2").write_text(
        "{% for i in range(99999) %}{% for j in range(99) %}{{ (i, j)|list|string|length }}"
        "{% endfor %}{% endfor %}"
    )
    with pytest.raises(TemplateError, match=r"takes more than 0.2 seconds"):
        render("a.j2", {}, overrides=Overrides(str(tmp_path), "."))


def test_what_people_write_in_templates_works(tmp_path):
    (tmp_path / "a.j2").write_text(
        "{% macro row(a, b='-') %}{{ '%-5s|' % a }}{{ '{:>4}'.format(b) }}\n{% endmacro %}"
        "{% for key, value in {'k': 'v'}.items() if value %}{{ loop.index }}{{ row(key, value) }}"
        "{% endfor %}{{ names|join(', ') }}\n"
        "{{ names|map('upper')|list }} {{ names[1:]|first }} {{ name|replace('x', 'yy') }} "
        "{{ 2 ** 10 }} {{ 'ab' * 3 }} {{ [1] + [2] }} {{ name ~ 1 ~ name }} {{ 7 % 4 }} "
        "{{ 3 * 4 }} "
        "{{ '%s-%s'|format(name, 1) }} {{ 'a\nb'|indent(2) }} {{ names|batch(1)|list }} "
        "{{ {'a': 1}|tojson(2) }} {{ name|center(3) }} {{ 1.5 * 2 }} {{ (1, 2) }} {{ 2.0 ** 3 }}"
    )
    assert render(
        "a.j2", {"name": "x", "names": ["a", "b"]}, overrides=Overrides(str(tmp_path), ".")
    ) == (
        "1k    |   v\na, b\n['A', 'B'] b yy 1024 ababab [1, 2] x1x 3 12 x-1 a\n  b [['a'], ['b']] "
        '{\n  "a": 1\n}  x  3.0 (1, 2) 8.0'
    )


def test_the_shipped_templates_are_counted_beside_a_projects_own(tmp_path):
    environment(Overrides(str(tmp_path), ".")).from_string(
        "{% block a %}{{ 1 }}{% endblock %}"
    ).render()

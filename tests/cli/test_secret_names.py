"""A variable that sounds like a secret is one in every command, though no spec says so."""

from __future__ import annotations

import pytest

VALUES = ("swordfish", "correct horse battery staple", "JBSWY3DPEHPK3PXP", "pr0duct10n-db")
NAMES = ("DB_PASSWORD", "apiKey", "SESSION_TOKEN_OLD", "PGPASSWORD", "SLACK_WEBHOOK", "CARD_PIN")
FORMATS = ("text", "json", "html", "markdown", "sarif", "junit", "github", "gitlab", "tap")


@pytest.fixture(params=NAMES)
def shop(project, request):
    name = request.param
    project.spec(
        "environments:\n"
        "  dev: {values: [{dotenv: .env}]}\n"
        "  prod: {values: [{dotenv: prod.env}], live: true}\n"
        "documents: {env.example: env-example, doc.md: environment-reference}\n"
        "variables:\n"
        f"  {name}: {{parity: same, pattern: '[a-z]{{2,9}}[0-9]'}}\n"
        f"  {name}_2: {{parity: different}}\n"
    )
    project.env(f'{name}="{VALUES[1]}"\n{name}_2="{VALUES[0]}"\n')
    project.env(f"{name}={VALUES[2]}\n{name}_2={VALUES[0]}\n", "prod.env")
    return project


def shown(text: str) -> list[str]:
    return [value for value in VALUES if value in text]


@pytest.mark.parametrize("form", FORMATS)
def test_no_report_shows_its_value(shop, form):
    ran = shop.run("check", "--format", form)
    assert ran.code == 1, ran.said
    assert shown(ran.out + ran.err) == []


@pytest.mark.parametrize(
    "command",
    [
        ("diff", "dev", "prod", "--matching"),
        ("diff", "dev", "prod", "--matching", "--format", "json"),
        ("lint",),
        ("hook", ".env"),
    ],
)
def test_no_command_shows_its_value(shop, command):
    ran = shop.run(*command)
    assert ran.code < 2, ran.said
    assert shown(ran.out + ran.err) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_document_shows_its_default_and_its_example(project, name):
    project.spec(
        "documents: {env.example: env-example, doc.md: environment-reference, env.ts: typescript}\n"
        f"variables: {{{name}: {{default: {VALUES[3]}, example: {VALUES[0]}}}}}\n"
    )
    assert project.run("docs").code == 0
    text = "".join((project.folder / name).read_text() for name in ("env.example", "doc.md"))
    assert "ecret" in text
    assert shown(text) == []


def test_what_says_that_it_is_public_is_shown(project):
    project.spec(
        "environments: {dev: {values: [{dotenv: .env}]}, ci: {values: [{dotenv: .env}]}}\n"
        "variables: {CACHE_TOKEN: {secret: false}, TOKEN_URL: {}, TOKENS: {type: boolean}}\n"
    )
    project.env("CACHE_TOKEN=swordfish\nTOKEN_URL=https://id.acme.io\nTOKENS=true\n")
    ran = project.run("diff", "dev", "ci", "--matching")
    assert {"swordfish", "https://id.acme.io", "true"} <= set(ran.out.split())


def test_a_name_with_a_public_prefix_is_public_unless_the_spec_or_its_value_says_otherwise(project):
    project.spec(
        "environments: {dev: {values: [{dotenv: .env}]}}\n"
        "variables: {NEXT_PUBLIC_API_KEY: {}, NEXT_PUBLIC_TOKEN: {secret: true}}\n"
    )
    project.env("NEXT_PUBLIC_API_KEY=swordfish\nNEXT_PUBLIC_TOKEN=staple\n")
    ran = project.run("check")
    assert "NEXT_PUBLIC_TOKEN" in ran.out
    assert "variable-exposed" in ran.out
    assert "NEXT_PUBLIC_API_KEY" not in ran.out

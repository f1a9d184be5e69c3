"""Pages in Markdown: what they tell, and that a real parser shows every text as it was meant."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.documents import specs

from assay.documents import DOCUMENTS, markdown
from assay.reporters.display import visible

if TYPE_CHECKING:
    from markdown_it.token import Token

PAGES = [kind for kind in DOCUMENTS if DOCUMENTS[kind].markdown]
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})


@cache
def page(kind: str, environment: str | None = None) -> str:
    return specs.made(specs.FULL, kind, environment=environment)


def shown(tokens: list[Token] | None) -> str:
    """What a reader sees of inline Markdown."""
    found = []
    for token in tokens or ():
        assert token.type not in ("html_inline", "image", "strong_open", "em_open", "s_open")
        if token.type in ("text", "code_inline"):
            found.append(token.content)
    return "".join(found)


def inline(text: str) -> str:
    """A text as a reader sees it, alone in a paragraph."""
    blocks = MARKDOWN.parse(text)
    assert [block.type for block in blocks] == ["paragraph_open", "inline", "paragraph_close"]
    return shown(blocks[1].children)


@given(specs.TEXTS.filter(markdown.line))
def test_prose_is_shown_as_it_was_written(text):
    seen = inline(markdown.prose(text))
    wanted = markdown.line(text)
    # backticks in pairs are code, and not seen themselves
    assert seen.replace("`", "").replace(" ", "") == wanted.replace("`", "").replace(" ", "")


@given(specs.TEXTS)
def test_code_is_shown_as_it_was_written(text):
    [token] = MARKDOWN.parse(markdown.code(text))[1].children or []
    assert token.type == "code_inline"
    assert token.content.strip() == visible(text).strip()


@given(specs.TEXTS, specs.TEXTS, st.sampled_from([markdown.prose, markdown.code]))
def test_no_text_ends_the_cell_of_a_table(first, second, made):
    row = f"| {markdown.cell(made(first))} | {markdown.cell(made(second))} |"
    tokens = MARKDOWN.parse(f"| a | b |\n| --- | --- |\n{row}\n")
    assert sum(token.type == "td_open" for token in tokens) == 2
    assert tokens[-1].type == "table_close"


@given(specs.TEXTS)
def test_no_text_ends_a_fence(text):
    [token] = MARKDOWN.parse(markdown.fenced(text))
    assert token.type == "fence"
    assert token.info == "text"


def outline(text: str) -> list[str]:
    """The headings of a page with their levels."""
    tokens = MARKDOWN.parse(text)
    return [
        f"{token.tag[1]} {tokens[number + 1].content}"
        for number, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


@settings(phases=[Phase.explicit, Phase.generate], max_examples=30)
@given(specs.hostile(), st.sampled_from(PAGES))
def test_no_text_changes_the_outline_of_a_page(data, kind):
    tokens = MARKDOWN.parse(specs.made(data, kind))
    assert {t.type for t in tokens if t.type.startswith("html")} <= set()
    for token in tokens:
        if token.type == "inline":
            assert "html_inline" not in {child.type for child in token.children or ()}
    places: dict[str, str] = {}  # a guide has a heading for each place

    def tamed(obtain: str) -> str:
        place = re.split("[,;:(]", obtain)[0].strip()
        return obtain and places.setdefault(place, f"Place {len(places)}.")

    tame: dict[str, Any] = {
        **data,
        "project": "p",
        "description": "d",
        "environments": {
            "dev": {"description": "d", "values": data["environments"]["dev"]["values"]}
        },
        "variables": {
            name: {**variable, "description": "d", "obtain": tamed(variable["obtain"])}
            for name, variable in data["variables"].items()
        },
        "databases": {name: {"sqlite": {"path": "app.db"}} for name in data["databases"]},
        "tables": {
            name: {"database": "main", "columns": {"id": "uuid"}} for name in data["tables"]
        },
    }
    assert len(outline(specs.made(tame, kind))) == len(outline(specs.made(data, kind)))


@pytest.mark.parametrize("kind", PAGES)
def test_every_page_is_tidy_and_shows_no_secret(kind):
    text = page(kind)
    assert "\n\n\n" not in text
    assert " \n" not in text
    assert specs.SECRET not in text
    assert outline(text)[0].startswith("1 ")


@pytest.mark.parametrize("kind", PAGES)
def test_in_a_part_the_headings_go_below_the_one_above(kind):
    whole = outline(page(kind))
    part = outline(specs.made(specs.FULL, kind, level=3))
    assert not any(heading.startswith(("1 ", "2 ", "3 ")) for heading in part)
    assert len(part) == len(whole) - 1


def test_a_reference_tells_all_there_is_to_know():
    text = page("environment-reference")
    assert outline(text)[:3] == ["1 shop environment", "2 Environments", "2 Pay"]
    assert "| `development` | A laptop. | `.env`, then `.env.local` (optional) |" in text
    assert "| `production`, live |  | the process environment |" in text
    assert "| `CALLBACK` |  | A URL. For example `https://api.example.com`. | Required if" in text
    assert "| Required if `MODE` is `live`. |" in text
    assert "One of `test`, `live`. | Required. Must be `live` in" not in text
    assert "One of `test`, `live`. | Required. Must be the same in every environment. |" in text
    assert "| `SALT` (secret) | Get it here: the vault. | Text. Its default is secret. |" in text
    assert "Replace it every 90 days." in text
    assert "Generate one: `assay key generate vault`." in text
    assert "Only for production." in text
    assert "Deprecated: `API_KEY` replaces it." in text
    assert "Deprecated: remove it." in text
    assert "| Required in production if `MODE` is `live`. |" in text
    assert "Where it \\| listens." in text
    assert "Default: `3000`." in text
    assert "For example `0.5`." in text
    assert "Must be set in every environment or in none." in text
    assert "It may be empty." in text
    assert "only the application may see it" not in text
    names = re.findall(r"^\| `([^`]+)`(?: \(secret\))? \|", text, re.MULTILINE)
    assert all(names.count(name) == 1 for name in specs.FULL["variables"])
    assert "| `vault`, aes-128-gcm | `TOKEN` | Seals cards. |" in text
    rule = "- `live-is-public`, if `MODE` is `live`: The callback is not public. Set CALLBACK to"
    assert rule in text
    assert "==" not in text
    told = text.split("## How environments compare\n\n")[1]
    assert told == (
        "- `alike`, between `development` and `production`: all other variables set everywhere or "
        "nowhere, `API_KEY` different everywhere, `TOKEN` set in production only, except `PORT`. "
        "What is tested is what runs.\n"
    )


def test_a_reference_tells_what_must_be_in_the_databases():
    text = specs.made(specs.STORED, "environment-reference")
    assert "| `main` | the URL in DATABASE_URL, as `shop_reader`, with `uuid-ossp` |" in text
    assert "| Orders \\| and cards. |" in text
    assert "| `local` | app.db; checked only if `MODE` is `test` |" in text
    assert "2 Tables" in outline(text)
    told = text.split("### `cards`")[1].split("###")[0]
    assert told.startswith("\n\nCards, sealed.\n\nA table of `main`.\n\n| column |")
    assert "| `id` | `uuid` | primary key; default `gen_random_uuid()` |  |" in told
    assert (
        "| `owner` | `text` | not null; references `users.id`, on delete cascade |"
        " Whose \\| it is. |" in told
    )
    assert "| `kind` | any | unique; one of debit, credit; check `kind <> ''` |" in told
    assert "| `note` | any | nullable; generated; no default |" in told
    for note in (
        "Unique `(owner, kind)`.",
        "Index on `(owner)`.",
        "Unique index on `(kind)`.",
        "`(owner, kind)` references `kinds` `(a, b)`.",
        "Check `kind_known`.",
        "Check `owner <> kind`.",
        "Row level security on.",
        "Policy `own` for select to authenticated.",
        "Policy `all`.",
        "`service_role` may select, insert.",
        "`anon` may do nothing.",
        "Assay's own role may select.",
    ):
        assert f"- {note}\n" in told
    view = text.split("### `reports.monthly`")[1].split("\n## ")[0]
    assert "A view of `main`, checked only if `MODE` is `live`, in `production` only." in view
    assert "- Row level security off.\n" in view
    assert "- Primary key `(day, id)`.\n" in text.split("### `logs`")[1].split("\n## ")[0]


def test_tables_are_chosen_as_variables_are():
    def told(**parameters: Any) -> list[str]:
        headings = outline(specs.made(specs.STORED, "environment-reference", **parameters))
        return [heading for heading in headings if "cards" in heading or "monthly" in heading]

    assert told(environment="development") == ["3 `cards`"]
    assert told(environment="production") == ["3 `cards`", "3 `reports.monthly`"]
    assert told(groups=["Data"]) == ["3 `cards`"]
    assert told(groups=["Pay"]) == []
    assert told(only=["rep*"]) == ["3 `reports.monthly`"]


def test_a_setup_guide_and_a_runbook_tell_which_rights_are_needed():
    rights = (
        "alter table cards enable row level security;\n"
        "grant select, insert on cards to service_role;\n"
        "revoke all on cards from anon;\n"
    )
    guide = specs.made(specs.STORED, "setup-guide", environment="production")
    assert "2 Prepare the databases" in outline(guide)
    assert "They create `cards`, `reports.monthly`." in guide
    assert f'```sql\ncreate extension if not exists "uuid-ossp";\n{rights}```' in guide
    runbook = specs.made(specs.STORED, "runbook")
    assert "3 Databases" in outline(runbook)
    assert "| `cards` | `main` | `id`, `owner`, `kind`, `note` |" in runbook
    assert f"```sql\n{rights}```" in runbook


def test_in_one_environment_conditions_about_it_are_decided():
    told = page("environment-reference", "production")
    assert "| `CI_ONLY` |  | Text. | Required if `MODE` is `live`; ignored otherwise. |" in told
    told = page("environment-reference", "development")
    assert "`TOKEN`" not in told.split("## Keys")[0].split("## How")[0]
    assert "| `CI_ONLY` |  | Text. | Optional; used only if `MODE` is `live`. |" in told


def test_groups_and_names_can_be_chosen():
    text = specs.made(specs.FULL, "environment-reference", groups=("Pay",), title="Payments")
    assert outline(text)[:3] == ["1 Payments", "2 Environments", "2 Pay"]
    assert "PORT" not in text
    text = specs.made(specs.FULL, "environment-reference", only=("OLD*", "PORT"))
    assert re.findall(r"^\| `([A-Z]+)`", text, re.MULTILINE) == ["PORT", "OLD", "OLDER"]


def test_a_setup_guide_goes_in_the_order_of_work():
    text = page("setup-guide", "development")
    assert outline(text) == [
        "1 Setting up development",
        "2 Before you begin",
        "2 1. Where the values go",
        "2 2. Bank's portal",
        "2 3. Your own choice",
        "2 If you need them",
        "2 Check",
        "2 When it fails",
    ]
    assert "- Access to: Bank's portal; the project's maintainers can invite you." in text
    assert "- [ ] **`API_KEY`** (secret)\n- [ ]" not in text
    mode, callback = text.index("- [ ] **`MODE`**"), text.index("- [ ] **`CALLBACK`**")
    assert mode < callback  # it decides about it
    assert "*Only if `MODE` is `live`.*" in text
    alone = text.index("## If you need them")
    assert text.index("- [ ] **`RATIO`**") < alone < text.index("- `PORT`")
    assert "`development` reads `.env`, then `.env.local` (optional); later ones win." in text
    assert "into `.env.local`." in text
    assert "```sh\nassay check development\n```" in text
    assert "OLD" not in text
    assert "TOKEN" not in text


def test_a_setup_guide_has_the_commands_that_make_secrets():
    text = page("setup-guide", "production")
    assert "**It is live**" in text
    made = text.split("On your machine")[1].split("\n## ")[0]
    assert "- [ ] **`TOKEN`** (secret)\n  - Generate one: `assay key generate vault`." in made
    assert "Set each value in the process environment." in text


def test_a_setup_guide_names_the_example_that_is_declared_to_copy():
    data = {**specs.FULL, "documents": {"a/.env.example": "env-example", "t.md": "troubleshooting"}}
    text = specs.made(data, "setup-guide", environment="development")
    assert "```sh\ncp a/.env.example .env.local\n```" in text
    assert "see [troubleshooting](../t.md)" in text


def test_a_setup_guide_without_an_environment_tells_of_all():
    assert [h for h in outline(page("setup-guide")) if h[0] in "12"] == [
        "1 Setting up an environment",
        "2 development",
        "2 production",
    ]


@pytest.mark.parametrize(
    ("given", "command"),
    [
        ({"type": "hex", "bytes": 16}, "openssl rand -hex 16"),
        ({"type": "base64"}, "openssl rand -base64 32"),
        ({"type": "base64url"}, "openssl rand -base64 32 | tr '+/' '-_' | tr -d '='"),
        ({}, "openssl rand -hex 32"),
        ({"min-length": 100}, "openssl rand -hex 50"),
        ({"max-length": 40}, "openssl rand -hex 20"),
        ({"max-length": 20}, ""),
        ({"pattern": "[a-z]+"}, ""),
        ({"type": "stripe-key"}, ""),
        ({"obtain": "the vault"}, ""),
    ],
)
def test_the_command_makes_what_the_variable_needs(given, command):
    data = {"assay": 1, "variables": {"KEY": {"secret": True, **given}}}
    text = specs.made(data, "setup-guide")
    assert (f"Generate one: `{command}`." in text) == bool(command)
    assert "openssl" in text or not command


def test_variables_that_decide_about_each_other_have_some_order():
    data = {
        "assay": 1,
        "variables": {
            "A": {"required": "isSet('B')", "group": "one"},
            "B": {"required": "isSet('A')", "group": "two"},
            "C": {"required": "isSet('D')", "group": "one"},
            "D": {"required": True, "group": "one"},
        },
    }
    text = specs.made(data, "setup-guide")
    assert text.index("- [ ] **`D`**") < text.index("- [ ] **`C`**")


def test_a_runbook_has_what_a_deploy_needs():
    text = page("runbook")
    assert outline(text) == [
        "1 shop runbook",
        "2 Before a deploy",
        "2 During a deploy",
        "2 After a deploy",
        "2 Rotation",
        "2 When it goes wrong",
        "3 Rules of this project",
    ]
    assert "assay check production --wait 5m" in text
    assert "assay check development" not in text  # it is not live
    waiver = "| `variable-weak` | `API_KEY` | all | 2027-01-31 | payments | The bank \\| is slow. |"
    assert waiver in text
    assert "| `API_KEY` | 90 days | Get it here: the bank's portal. |" in text
    assert "- `OLD`: `API_KEY` replaces it." in text
    assert "- `vault`, in `TOKEN`, every year. Seals cards." in text
    assert "| `port-out-of-range` | \\<name> is not a port number: expected 1 to 65535." in text
    assert "not_applicable" not in text


def test_troubleshooting_tells_of_the_rules_that_can_be_broken_here():
    text = page("troubleshooting")
    assert "2 port-out-of-range" in outline(text)
    assert "It can affect `PORT`." in text
    assert "2 jwt-expired" not in outline(text)
    assert "2 key-malformed" in outline(text)
    plain = specs.made({"assay": 1, "variables": {"A": {}}}, "troubleshooting")
    assert "2 key-malformed" not in outline(plain)
    assert "2 variable-missing" in outline(plain)
    assert "2 source-missing" in outline(plain)


def test_a_spec_without_anything_has_documents_too():
    for kind in DOCUMENTS:
        assert specs.made({"assay": 1, "variables": {}}, kind).strip()


GUIDED: dict[str, Any] = {
    "assay": 1,
    "environments": {
        "dev": {"live": True, "values": ["process"]},
        "prod": {"values": ["process"]},
    },
    "variables": {
        "MODE": {"type": "enum", "options": ["a", "b"], "group": "App"},
        "ELSEWHERE": {"required": "MODE == 'a' && environment == 'prod'", "group": "App"},
        "UNDECIDED": {"required": "MODE == 'a' && environment == 'dev'", "group": "App"},
        "UNSURE": {"required": "!isSet('MODE') && environment == 'dev'", "group": "App"},
        "SPARE": {"default": "x", "group": "App"},
        "LOOSE": {"obtain": "example.org, Tokens."},
        "KEY": {"secret": True, "group": "Encryption", "obtain": "`openssl rand -hex 32`"},
    },
}


def test_a_setup_guide_holds_no_empty_words():
    text = specs.made(GUIDED, "setup-guide", environment="dev")
    assert "- Access to: example.org; the" in text
    assert "- [ ] **`MODE`**\n" in text
    assert "- `SPARE`: Default: `x`.\n" in text
    assert "\n**It is live**" in text
    spare = text.partition("## If you need them")[2]
    assert "`ELSEWHERE`" in spare
    assert "**`UNDECIDED`** *Only if `MODE` is `a`.*" in text
    assert "`UNSURE`" in spare  # MODE is set in any case
    for kind in ("environment-reference", "runbook"):
        assert "`the process environment`" not in specs.made(GUIDED, kind)

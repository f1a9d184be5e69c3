"""`assay init`: what the spec says of what it found, and how the command behaves."""

from __future__ import annotations

import json

import pytest
import yaml

from assay.cli.init_words import LOADERS

KEY = "4e0970ae8d7689908f34d4275c642af11f32f07eb912728d5d735002620a06c1"
CONSUMER = "RhBgysL4aXfnEiFJ4pXOfiHl3uCrLM6CgLmbmf1ffkYAQ7Id"
LIVE = "9fK2mQ7xT4vL8wR3pZ6yBn5c"


def spec_of(project, *options: str):
    """The spec that init would write, as data; it is valid."""
    ran = project.run("init", "--stdout", *options)
    assert (ran.code, ran.err) == (0, "")
    project.write("made.yaml", ran.out)
    linted = project.run("lint", "--spec", "made.yaml")
    assert linted.code == 0, ran.out + linted.said
    (project.folder / "made.yaml").unlink()
    return yaml.safe_load(ran.out)


def variables(project, *options: str):
    return spec_of(project, *options)["variables"]


def sources(project, environment: str) -> list[str]:
    """The paths that an environment reads, in order."""
    values = spec_of(project)["environments"][environment]["values"]
    found = [v["dotenv"] for v in values if v != "process"]
    return [v if isinstance(v, str) else v["path"] for v in found]


def test_the_first_five_minutes(project):
    project.env(
        "# --- Server ---\n# The port that the server listens at.\nPORT=3000\n"
        "LOG_LEVEL=debug\n\n# --- Storage ---\n"
        f"DATABASE_URL=postgres://shop:{LIVE}@localhost/shop\nENCRYPTION_KEY={KEY}\n"
    )
    ran = project.run("init")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("specs/app.yaml written: 4 variables\n")
    assert "  development reads .env, as dotenv does\n" in ran.out
    assert "source file" not in ran.out
    assert "  2 secrets recognised; none of their values was copied\n" in ran.out
    assert "  every environment passes\n" in ran.out
    assert "assay check" in ran.out
    assert "assay run development -- CMD" in ran.out
    assert project.run("lint").code == 0
    assert project.run("check").code == 0
    text = (project.folder / "specs/app.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=https://")
    made = yaml.safe_load(text)["variables"]
    assert made["PORT"] == {
        "description": "The port that the server listens at.",
        "type": "port",
        "group": "Server",
    }
    assert made["DATABASE_URL"] == {"type": "postgres", "group": "Storage"}
    assert made["ENCRYPTION_KEY"]["bytes"] == 32
    assert "#   main:\n#     variable: ENCRYPTION_KEY\n#     cipher: aes-256-gcm\n" in text
    assert LIVE not in text
    assert KEY not in text


@pytest.mark.parametrize(
    ("line", "declared"),
    [
        ("PORT=80", {"type": "port"}),
        ("FLAG=true", {"type": "boolean"}),
        ("ENABLE_X=1", {"type": "boolean"}),
        ("WORKERS=4", {"type": "integer"}),
        ("RATIO=0.5", {"type": "number"}),
        ("ZIP=01234", None),
        ("SITE=https://shop.example", {"type": "url"}),
        ("SOCKET=wss://shop.example", {"type": "url", "schemes": ["wss"]}),
        ("MAIL_FROM=shop@acme.test", {"type": "email", "display-name": "allowed"}),
        ("ADMIN_EMAIL=shop@acme.test", {"type": "email"}),
        ("REDIS_URL=redis://localhost:6379", {"type": "redis"}),
        ("ID=123e4567-e89b-42d3-a456-426614174000", {"type": "uuid"}),
        ("LOG_LEVEL=info", {"type": "enum", "options": "known"}),
        ("AWS_REGION=eu-west-1", {"type": "aws-region"}),
        ("TZ=Africa/Nairobi", {"type": "timezone"}),
        ("CACHE_TTL=30s", {"type": "duration"}),
        ("MAX_SIZE=10MB", {"type": "bytes-size"}),
        ("DB_HOST=db.internal", {"type": "hostname"}),
        ("BIND=0.0.0.0:80", {"type": "address"}),
        ("UPLOAD_DIR=./uploads", {"type": "path"}),
        ("ORIGINS=https://a.test,https://b.test", {"type": "list", "of": "url"}),
        ('FEATURES={"a": 1}', {"type": "json"}),
        (f"KMS_KEY={KEY}", {"type": "hex", "bytes": 32, "secret": True}),
        (f"SESSION_SECRET={KEY}", {"secret": True}),
        ("DB_PASSWORD=12345678", {"secret": True}),
        (f"X={LIVE}", {"secret": True}),
        ("TITLE=Corner shop", None),
        ("PASSWORD_MIN_LENGTH=8", {"type": "integer"}),
        ("TOKEN_TTL=3600", {"type": "integer"}),
        ("STRIPE=sk_test_4eC39HqLyjWDarjtT1zdp7dd", {"type": "stripe-key"}),
        (
            "VITE_STRIPE=pk_test_4eC39HqLyjWDarjtT1zdp7dd",
            {"type": "stripe-key", "kinds": ["publishable"]},
        ),
        ("HOOK=https://u:p4ssw0rd-x@a.test/", {"type": "url", "secret": True}),
        ("HOOK=https://a.test/?access_token=zq9", {"type": "url", "secret": True}),
        ("PGPASS=short1", {"secret": True}),
        ("DBPWD=short1", {"secret": True}),
        ("CRED=x9x9x9", {"secret": True}),
        ("BYPASS=short one", None),
        ("JDBC=jdbc:postgresql://h/db?user=u&password=zq9pw", {"secret": True}),
        ("REDIS_HOST=:pw@h", {"secret": True}),
    ],
)
def test_a_type_is_the_narrowest_that_fits(project, line, declared):
    project.env(line + "\n")
    found = variables(project)[line.partition("=")[0]]
    if declared and declared.get("options") == "known":
        declared = {**declared, "options": found["options"]}
    assert found == declared


@pytest.mark.parametrize(
    "value", ["whsec_...", "whsec_xxxxxxxxxxxx", "whsec_your_webhook_secret", "whsec_<secret>"]
)
def test_a_vendors_prefix_with_nothing_after_it_does_not_keep_its_spec_out(project, value):
    project.env(f"STRIPE_SECRET_KEY=sk_test_...\nSTRIPE_WEBHOOK_SECRET={value}\n")
    assert "imports: [builtin:stripe]" in project.run("init", "--stdout").out


def test_a_type_fits_the_values_of_all_environments(project):
    project.env("LIMIT=10\nAPP_ENV=sandbox\nHOST_NAME=a\n")
    project.env("LIMIT=none\nAPP_ENV=production\nHOST_NAME=b c\n", ".env.production")
    made = variables(project)
    assert made["LIMIT"] is None
    assert made["APP_ENV"] == {"type": "enum", "options": ["sandbox", "production"]}


def test_what_is_wrong_in_the_files_is_not_hidden_by_a_lax_spec(project):
    project.env(f"""PORT=3000\nKMS_KEY='"{KEY}"'\nAPI_KEY=changeme\nMETRICS_PORT=9090\n""")
    project.env(
        f"PORT=80800\nKMS_KEY={KEY}\nAPI_KEY={LIVE}\nMETRICS_PORT=9091\n", ".env.production"
    )
    ran = project.run("init")
    assert ran.code == 0
    assert "3 findings: run `assay check`" in ran.out
    assert "see what is wrong and how to fix it" in ran.out
    checked = project.run("check")
    assert checked.code == 1
    for rule in ("variable-quoted", "variable-placeholder", "port-out-of-range"):
        assert f"error[{rule}]" in checked.out


def test_what_an_environment_lacks_is_not_demanded_there(project):
    project.env("BOTH=a\nLAPTOP_ONLY=a\nEMPTY=\n")
    project.env("BOTH=b\nLIVE_ONLY=b\n", ".env.production")
    made = variables(project)
    assert made["BOTH"] is None
    assert made["LAPTOP_ONLY"] == {"required": False}
    assert made["LIVE_ONLY"] == {"required": "environment == 'production'"}
    assert made["EMPTY"] == {"required": False}
    text = project.run("init", "--stdout").out
    assert "LAPTOP_ONLY: {required: false}  # not set in production" in text
    assert "EMPTY: {required: false}  # currently empty" in text


def test_names_of_the_code_are_declared_with_their_defaults(project):
    project.env("PORT=3000\nSET=x\n")
    project.write("src/a.js", "process.env.PORT || 3000; process.env.WORKERS ?? '2';\n")
    project.write(
        "src/b.js", "process.env.SET; process.env.SURE!; process.env.HOME; process.env.CI\n"
    )
    project.write("src/b.test.js", "process.env.ONLY_IN_TESTS\n")
    project.write("deploy.sh", "echo $ONLY_IN_SCRIPTS\n")
    project.write("c.py", "import os\nos.getenv('API_TOKEN', 'not-so-secret')\n")
    made = variables(project)
    assert made == {
        "PORT": {"type": "port", "default": 3000},
        "SET": None,
        "API_TOKEN": {"secret": True, "required": False},
        "SURE": None,
        "WORKERS": {"type": "integer", "default": 2},
    }
    ran = project.run("init")
    assert "note: src/b.js:1 requires SURE, but no .env file sets it" in ran.out
    assert "# required at src/b.js:1" in (project.folder / "specs/app.yaml").read_text()
    project.env("SET=abc\nSURE=\n")
    ran = project.run("init", "--force")
    assert "note: src/b.js:1 requires SURE, but it is set to nothing in .env" in ran.out


def test_a_template_gives_names_comments_and_examples_but_no_values(project):
    project.env(
        "# Shown in every title.\nTITLE=Corner shop\nAPI_KEY=sk_live_4eC39HqLyjWDarjtT1zdp7dc\n"
        f"PORT=3000\nODD={LIVE}\nHOMEPAGE=https://shop.example/\nTODO_NAME=your-name-here\n"
        "# OPTIONAL_NAME=x\n",
        ".env.example",
    )
    made = variables(project)
    assert made["TITLE"] == {"description": "Shown in every title."}, "a passphrase is words too"
    assert made["API_KEY"] == {"type": "stripe-key"}
    assert made["PORT"] == {"type": "port", "example": 3000}
    assert made["ODD"] == {"secret": True}
    assert made["HOMEPAGE"] == {"type": "url", "example": "https://shop.example/"}
    assert made["TODO_NAME"] is None
    assert made["OPTIONAL_NAME"] == {"required": False}
    assert LIVE not in project.run("init", "--stdout").out
    ran = project.run("init")
    assert "cp .env.example .env, and fill it in" in ran.out
    checked = project.run("check")
    assert checked.code == 1
    assert ".env does not exist" in checked.out
    assert "1 error" in checked.out


def test_an_example_that_is_somebody_s_value_is_left_out(project):
    project.env("HOMEPAGE=https://shop.example/\n", ".env.example")
    project.env("HOMEPAGE=https://shop.example/\n", ".env.production")
    assert variables(project)["HOMEPAGE"] == {"type": "url"}
    assert project.run("init").code == 0
    assert project.run("check", "production").code == 0


def test_code_alone_makes_a_spec_of_the_process(project):
    project.write("a.py", "import os\nos.environ['NEEDED']\nos.environ.get('MAYBE')\n")
    made = spec_of(project)
    assert made["environments"] == {"development": {"values": ["process"]}}
    assert made["variables"] == {"MAYBE": {"required": False}, "NEEDED": None}
    assert project.run("init").code == 0
    assert project.run("check", environ={"NEEDED": "x"}).code == 0


def test_an_empty_project_gets_a_friendly_spec(project):
    ran = project.run("init")
    assert (ran.code, ran.err) == (0, "")
    text = (project.folder / "specs/app.yaml").read_text()
    assert "variables: {}\n# No variable was found. A declaration looks like this:\n" in text
    assert project.run("lint").code == 0


FIRST_LOCAL = [".env", ".env.development", ".env.local", ".env.development.local"]
FIRST_MODE = [".env", ".env.local", ".env.development", ".env.development.local"]


@pytest.mark.parametrize(
    ("packages", "order"),
    [
        *((name, FIRST_LOCAL) for name in ("next", "expo", "react-scripts")),
        *((name, FIRST_MODE) for name in ("vite", "astro", "@sveltejs/kit", "@react-router/dev")),
        *((name, FIRST_MODE) for name in ("dotenv-flow", "parcel", "@vue/cli-service")),
    ],
)
def test_files_lie_above_each_other_as_the_framework_has_it(project, packages, order):
    project.write("package.json", json.dumps({"dependencies": {packages: "1"}}))
    for name in order:
        project.env("A=1\n", name)
    assert project.run("init").code == 0
    made = yaml.safe_load((project.folder / "specs/app.yaml").read_text())
    values = [source["dotenv"] for source in made["environments"]["development"]["values"]]
    assert [one if isinstance(one, str) else one["path"] for one in values] == order


@pytest.mark.parametrize(
    ("files", "dialect"),
    [
        ({"package.json": '{"dependencies": {"next": "16"}}'}, "next"),
        ({"package.json": "{}"}, "node"),
        ({"package.json": '{"scripts": {"start": "node --env-file=.env a.js"}}'}, "node20"),
        ({"package.json": '{"devDependencies": {"vite": "8"}}'}, "vite"),
        (
            {"package.json": '{"dependencies": {"nuxt": "4"}, "devDependencies": {"vite": "8"}}'},
            "nuxt",
        ),
        ({"package.json": '{"dependencies": {"@dotenvx/dotenvx": "2"}}'}, "dotenvx"),
        ({"package.json": '{"dependencies": {"expo": "54"}}'}, "vite"),
        ({"package.json": '{"dependencies": {"react-scripts": "5"}}'}, "react-scripts"),
        ({"package.json": '{"devDependencies": {"@react-router/dev": "8"}}'}, "vite"),
        ({"package.json": '{"dependencies": {"@nestjs/config": "12"}}'}, "node"),
        ({"package.json": '{"devDependencies": {"dotenv-cli": "11"}}'}, "dotenv-expand"),
        ({"package.json": '{"scripts": {"dev": "dotenv -e .env -- a"}}'}, "dotenv-expand"),
        ({"package.json": '{"dependencies": {"dotenv": "18"}}', "bun.lock": ""}, "node"),
        ({"package.json": "{}", "bun.lock": ""}, "bun"),
        ({"composer.json": "{}", "package.json": '{"devDependencies": {"vite": "8"}}'}, "php"),
        ({"composer.json": '{"require": {"symfony/dotenv": "^7"}}'}, "symfony"),
        ({"composer.json": '{"require": {"symfony/framework-bundle": "7.1.*"}}'}, "symfony"),
        ({"package.json": "not json"}, "node"),
        ({"package.json": "[]"}, "node"),
        ({"pyproject.toml": ""}, "python"),
        ({"requirements.txt": ""}, "python"),
        ({"Gemfile": ""}, "ruby"),
        ({"go.mod": "module shop"}, "compose"),
        ({"compose.yaml": "services: {}"}, "compose"),
        ({"a.py": "import os; os.environ['A']"}, "python"),
        (
            {"package.json": "{}", "pyproject.toml": "", "a.py": "import os; os.getenv('A')"},
            "python",
        ),
        ({}, "node"),
    ],
)
def test_the_dialect_is_what_the_project_is_made_with(project, files, dialect):
    project.env("A=1\n")
    for name, content in files.items():
        project.write(name, content)
    assert f"reads .env, as {LOADERS[dialect]} does" in project.run("init").out


def test_a_file_that_compose_reads_too_is_read_by_both(project):
    project.env("A=1\n")
    project.write("package.json", "{}")
    project.write("compose.yaml", "services:\n  web:\n    env_file:\n      - .env\n")
    values = spec_of(project)["environments"]["development"]["values"]
    assert values == [{"dotenv": {"path": ".env", "also-read-by": ["compose"]}}]


def test_next_reads_its_files_in_its_own_order(project):
    project.write("package.json", '{"dependencies": {"next": "16"}}')
    for name in (".env", ".env.local", ".env.development", ".env.production", ".env.test"):
        project.env("A=1\n", name)
    assert sources(project, "development") == [".env", ".env.development", ".env.local"]
    assert sources(project, "production") == [".env", ".env.production"]
    assert sources(project, "test") == [".env", ".env.test"]
    made = spec_of(project)["environments"]
    assert made["production"]["live"] is True
    assert made["development"]["values"][-1]["dotenv"]["optional"] is True
    assert "live" not in made["development"]


def test_elsewhere_each_file_stands_alone(project):
    for name in (".env", ".env.local", "prod.env", ".env.staging", ".env.bak", ".env.vault"):
        project.env("A=1\n", name)
    assert list(spec_of(project)["environments"]) == ["development", "staging", "production"]
    assert sources(project, "development") == [".env", ".env.local"]
    assert sources(project, "production") == ["prod.env"]


def test_files_in_folders_of_their_own_belong_to_the_root(project):
    project.env("A=1\n", "config/production.env")
    project.env("A=1\n", "config/development.env")
    project.env("A=1\n", "node_modules/x/.env")
    project.env("A=1\n", "tests/.env")
    assert sources(project, "production") == ["config/production.env"]


def test_a_service_of_the_library_is_imported_and_narrowed(project):
    project.env(
        "SUPABASE_URL=https://abcdefghijklmnopqrst.supabase.co\n"
        "SUPABASE_SECRET_KEY=sb_secret_aXfnEiFJ4pXOfiHl3uCrLM6C\nTITLE=x\n"
    )
    made = spec_of(project)
    assert made["imports"] == ["builtin:supabase"]
    assert made["variables"] == {
        "SUPABASE_URL": {"required": True},
        "SUPABASE_SECRET_KEY": {"required": True},
        "TITLE": None,
    }
    assert project.run("init").code == 0
    assert project.run("check").code == 0


def test_what_an_import_demands_and_nobody_has_is_loosened_openly(project):
    project.env(f"MPESA_ENVIRONMENT=sandbox\nMPESA_CONSUMER_KEY={CONSUMER}\n")
    made = spec_of(project)
    assert made["imports"] == ["builtin:mpesa-daraja"]
    assert made["variables"]["MPESA_SHORTCODE"] == {"required": False, "loosens": ["required"]}
    assert project.run("init").code == 0
    assert project.run("check").code == 0


def test_a_demand_of_an_import_that_one_environment_breaks_stays_a_finding(project):
    project.env(f"MPESA_ENVIRONMENT=sandbox\nMPESA_CONSUMER_KEY={CONSUMER}\n")
    live = f"MPESA_ENVIRONMENT=production\nMPESA_CONSUMER_KEY={CONSUMER[::-1]}\n"
    project.env(live, ".env.production")
    assert "MPESA_CALLBACK_URL" not in variables(project)
    assert "1 finding: run" in project.run("init").out
    assert "MPESA_CALLBACK_URL is not set in .env.production" in project.run("check").out


def test_what_only_production_has_of_an_import_is_demanded_there(project):
    project.env(f"MPESA_ENVIRONMENT=sandbox\nMPESA_CONSUMER_KEY={CONSUMER}\n")
    live = f"MPESA_CONSUMER_KEY={CONSUMER[::-1]}\nMPESA_SHORTCODE=600998\n"
    project.env(f"MPESA_ENVIRONMENT=sandbox\n{live}", ".env.production")
    assert variables(project)["MPESA_SHORTCODE"] == {
        "required": "environment == 'production'",
        "loosens": ["required"],
    }


def test_comments_of_the_file_and_headings_are_no_descriptions(project):
    project.env(
        "# Copy this file to .env.\nA=1\nB=1\n\n# Payments\nC=1\nD=1\n\n# For D's sake\nE=1\n"
        "\n# ----------\n# Mail server\n# ----------\n# Where mail goes out.\nF=1\n"
        "G=1 # The port of it.\n# G2=2\n# vim: set ft=sh\nH=1\n\n# Other\n\nI=1\n"
    )
    made = variables(project)
    told = {name: (one or {}).get("description") for name, one in made.items()}
    groups = {name: (one or {}).get("group") for name, one in made.items()}
    assert {name: text for name, text in told.items() if text} == {
        "E": "For D's sake",
        "F": "Where mail goes out.",
        "G": "The port of it.",
    }
    assert {name: text for name, text in groups.items() if text} == {
        **dict.fromkeys("CD", "Payments"),
        **dict.fromkeys("FGH", "Mail server"),
        "I": "Other",
    }


def test_without_git_the_folder_itself_is_searched(project, monkeypatch):
    project.env("A=1\n")
    project.write("a.js", "process.env.FOUND\n")
    monkeypatch.setenv("PATH", "")
    assert "FOUND" in variables(project)


def test_a_name_that_only_looks_like_a_service_is_no_reason_to_import(project):
    project.env("SUPABASE_URL=not a url\nSUPABASE_DB_URL=neither\n")
    assert "imports" not in spec_of(project)


def test_a_piece_of_a_key_is_no_name(project):
    project.env(b"KEY=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B=\nTITLE=x\n")
    ran = project.run("init")
    assert "1 name left out because they look like parts of a secret" in ran.out
    assert "MIIE" not in ran.said + (project.folder / "specs/app.yaml").read_text()


def test_in_a_monorepo_each_service_gets_its_own_spec(project):
    project.env("WEB=1\n", "apps/web/.env")
    project.env("API=1\n", "apps/api/.env")
    project.write("apps/web/package.json", '{"name": "@acme/web", "dependencies": {"next": "16"}}')
    project.write("apps/api/requirements.txt", "")
    project.write("apps/api/a.py", "import os; os.environ['API']; os.environ.get('MORE')")
    ran = project.run("init")
    assert (ran.code, ran.err) == (0, "")
    web = yaml.safe_load((project.folder / "apps/web/specs/app.yaml").read_text())
    api = yaml.safe_load((project.folder / "apps/api/specs/app.yaml").read_text())
    assert (web["project"], list(web["variables"])) == ("web", ["WEB"])
    assert (api["project"], list(api["variables"])) == ("api", ["API", "MORE"])
    assert web["environments"]["development"]["values"] == [
        {"dotenv": {"path": ".env", "dialect": "next", "optional": True}},
        {"dotenv": {"path": ".env.local", "dialect": "next", "optional": True}},
    ]
    assert "assay check --all" in ran.out
    refused = project.run("init", "--stdout")
    assert refused.code == 2
    assert "several services with .env files: apps/api, apps/web" in refused.err
    assert project.run("init", "apps/web", "--stdout").code == 0


def test_a_spec_that_is_there_is_left_alone(project):
    project.env("A=1\n")
    assert project.run("init").code == 0
    file = project.folder / "specs/app.yaml"
    file.write_text("mine")
    ran = project.run("init")
    assert ran.code == 2
    assert "assay: specs/app.yaml already exists\n  help: " in ran.err
    assert file.read_text() == "mine"
    assert project.run("init", "--force").code == 0
    assert file.read_text() != "mine"


def test_a_spec_of_another_name_is_left_alone_too(project):
    project.spec("variables: {A: {}}", "specs/billing.yaml")
    ran = project.run("init")
    assert ran.code == 2
    assert "specs already contains a spec: billing.yaml" in ran.err
    assert not (project.folder / "specs/app.yaml").exists()
    assert project.run("init", "--output", "other.yaml").code == 0


def test_another_file_is_written_with_paths_that_are_right_from_there(project):
    (project.folder / ".git").mkdir()
    project.env("A=1\n", "backend/.env")
    ran = project.run("init", "--output", "deep/er/app.yaml")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("deep/er/app.yaml written: 1 variable\n")
    assert "development reads ../../backend/.env" in ran.out
    assert project.run("check", "--spec", "deep/er/app.yaml").code == 0


def test_quiet_says_nothing_where_all_is_well(project):
    project.env("A=1\n")
    assert project.run("init", "-q") == (0, "", "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "nowhere: no such folder"),
        ([".env"], ".env is a file"),
        (["--dialect", "nod"], "nod is not one of node, node20"),
        (["--output", ".env/app.yaml"], "could not be"),
        (["--ouput", "x"], "did you mean --output?"),
    ],
)
def test_what_can_t_be_is_said_in_a_line(project, words, message):
    project.env("A=1\n")
    ran = project.run("init", *words)
    assert ran.code == 2
    assert message in ran.err
    assert "\n  help: " in ran.err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"A=1\r\nB=2\r\n",
        b"\xef\xbb\xbfA=1\n",
        b"=\n==\nA\n'",
        b"A=" + b"x" * 9**6,
    ],
)
def test_odd_files_are_survived(project, content):
    project.env(content)
    project.env(content, ".env.example")
    ran = project.run("init")
    assert (ran.code, ran.err) == (0, "")
    assert project.run("lint").code == 0


def test_a_value_of_the_process_does_not_get_in(project):
    project.write("package.json", '{"dependencies": {"next": "16"}}')
    project.env("PATH_LIKE=$LEAKED\n")
    ran = project.run("init", "--stdout", environ={"LEAKED": LIVE})
    assert LIVE not in ran.said


@pytest.mark.parametrize("form", ["[.env, .env.db]", "[{path: .env}, {path: ./.env.db}]"])
def test_files_that_a_service_reads_together_are_one_environment(project, form):
    project.env("A=1\nB=1\n")
    project.env("B=2\n", ".env.db")
    project.write("docker-compose.yml", f"services:\n  web:\n    env_file: {form}\n")
    made = spec_of(project)
    values = [{"dotenv": {"path": path, "dialect": "compose"}} for path in (".env", ".env.db")]
    assert made["environments"] == {"development": {"values": values}}
    assert all((entry or {}).get("required") is None for entry in made["variables"].values())


def test_a_file_that_can_t_be_read_is_named(project):
    with (project.folder / ".env").open("wb") as file:
        file.truncate(33 * 1024 * 1024)
    ran = project.run("init")
    assert ran.code == 0
    assert ran.err.startswith("assay: .env was skipped: it is larger than 32 MiB. ")


def test_a_file_outside_of_the_repository_is_read_once_it_is_allowed(project, tmp_path_factory):
    secrets = tmp_path_factory.mktemp("secrets") / "app.env"
    secrets.write_text("PORT=8080\n")
    (project.folder / ".git").mkdir()
    (project.folder / ".env").symlink_to(secrets)
    ran = project.run("init", "--stdout")
    assert ran.err.startswith("assay: .env was skipped: it is outside the repository. ")
    assert f"`--allow-path {secrets}`" in ran.err
    ran = project.run("init", "--allow-path", str(secrets))
    assert (ran.code, ran.err) == (0, "")
    assert f"assay check --allow-path {secrets}" in ran.out
    assert project.run("check", "--allow-path", str(secrets)).code == 0


PHRASE = "correct horse battery staple"


@pytest.mark.parametrize(
    "comment",
    [
        "old password: correct horse battery staple",
        "password correct horse battery staple",
        "The password is correct horse battery staple.",
        "the pass was correct horse battery staple until May",
        "correct horse battery staple",
        "Correct Horse Battery Staple",
        "use 'correct horse battery staple' for now",
        'admin login "correct horse battery staple"',
        "(use correct horse battery staple)",
        "staging: correct horse battery staple",
        "DB_PASSWORD: correct horse battery staple",
        "export DB_PASSWORD=correct horse battery staple",
        "OLD_DB_PASSWORD = correct horse battery staple",
        "key -> correct horse battery staple",
        "pin correct horse battery staple",
        "see https://joe:correct horse battery staple@example.com",
        "--- correct horse battery staple ---",
        "# correct horse battery staple",
        "root / correct horse battery staple",
        "Recovery phrase of the wallet, correct horse battery staple",
        "Passwort ist correct horse battery staple",
    ],
)
@pytest.mark.parametrize("name", ["DB_PASSWORD", "TITLE"])
@pytest.mark.parametrize(
    "form", ["# {c}\n{n}=x\n", "{n}=x # {c}\n", "# {c}\nA=1\n{n}=x\n\n# {c}\n"]
)
def test_no_passphrase_is_copied_from_a_comment(project, comment, name, form):
    project.env(form.replace("{c}", comment).replace("{n}", name))
    ran = project.run("init")
    text = ran.said + (project.folder / "specs/app.yaml").read_text()
    assert [w for w in ("horse", "battery", "staple") if w in text.lower()] == []


@pytest.mark.parametrize(
    "comment",
    [
        "hunter2",
        "was swordfish",
        "(use hunter2)",
        "pw swordfish",
        "Swordfish1",
        "swordfish",
        "PIN 4711",
    ],
)
def test_no_word_that_may_be_a_password_is_copied_from_a_comment_at_a_secret(project, comment):
    project.env(f"# {comment}\nDB_PASSWORD=x\n\nSESSION_SECRET=y # {comment}\n")
    ran = project.run("init")
    text = (ran.said + (project.folder / "specs/app.yaml").read_text()).lower()
    assert [w for w in ("hunter", "swordfish", "4711") if w in text] == []


@pytest.mark.parametrize(
    "comment",
    [
        "Signs the session cookie.",
        "The secret key of the payment provider, from the dashboard",
        "Stripe secret key",
        "Password of the database user",
        "At least 32 characters: see the documentation",
        "Token for the GitHub API",
        "Das Passwort der Datenbank".replace("Passwort", "password").replace(
            "Datenbank", "database"
        ),
    ],
)
def test_a_comment_that_explains_a_secret_is_copied(project, comment):
    project.env(f"A=1\n\n# {comment}\nSTRIPE_SECRET=x9\n")
    assert variables(project)["STRIPE_SECRET"]["description"] == comment


@pytest.mark.parametrize(
    ("line", "leaked"),
    [
        ("GREETING=correct horse battery staple", "horse"),
        ("ADMIN=swordfish", "swordfish"),
        ("MFA=JBSWY3DPEHPK3PXP", "JBSW"),
        ("MFA=JBSW Y3DP EHPK 3PXP", "JBSW"),
        ("BACKUP=https://swordfish/", "swordfish"),
        ("BACKUP=https://files.acme.io/swordfish", "swordfish"),
        ("HOST=swordfish", "swordfish"),
        ("OWNER=swordfish@acme.io", "swordfish"),
        ("UPLOAD_DIR=./swordfish", "swordfish"),
        ("LABELS=swordfish,horse", "swordfish"),
        ("CARD_PIN=4711", "4711"),
        ("ACCOUNT=4711081547", "4711081547"),
    ],
)
def test_an_example_of_a_template_that_may_be_a_secret_is_left_out(project, line, leaked):
    project.env(line + "\n", ".env.example")
    ran = project.run("init")
    assert leaked not in ran.said + (project.folder / "specs/app.yaml").read_text()


@pytest.mark.parametrize(
    ("line", "example"),
    [
        ("DEBUG=true", True),
        ("WORKERS=4", 4),
        ("LOG_LEVEL=debug", "debug"),
        ("CACHE_TTL=30s", "30s"),
        ("TZ=Africa/Nairobi", "Africa/Nairobi"),
        ("API_URL=http://localhost:3000", "http://localhost:3000"),
        ("CACHE_URL=redis://127.0.0.1:6379/0", None),
        ("MODE=auto", "auto"),
    ],
)
def test_a_harmless_example_of_a_template_is_kept(project, line, example):
    project.env(line + "\n", ".env.example")
    (made,) = variables(project).values()
    assert made.get("example") == example


def test_the_words_of_a_wallet_and_a_seed_in_base32_are_secret_by_their_look(project):
    words = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    project.env(f"WALLET='{words}'\nMFA=JBSWY3DPEHPK3PXP\nOTHER='jbsw y3dp'\n")
    made = variables(project)
    assert made["WALLET"] == {"secret": True}
    assert made["MFA"] == {"secret": True}
    assert made["OTHER"] is None


def test_an_offered_name_takes_the_demand_of_the_one_that_it_replaces(project):
    """A template copied and not filled in must not pass."""
    project.write("package.json", '{"dependencies": {"next": "15.0.0"}}')
    project.env("NEXT_PUBLIC_SUPABASE_URL=\nNEXT_PUBLIC_SUPABASE_ANON_KEY=\n", ".env.example")
    made = variables(project)
    assert made["NEXT_PUBLIC_SUPABASE_URL"] == {"required": True}
    assert made["SUPABASE_URL"] == {"required": False, "loosens": ["required"]}
    project.run("init")
    project.env("NEXT_PUBLIC_SUPABASE_URL=\nNEXT_PUBLIC_SUPABASE_ANON_KEY=\n", ".env.local")
    ran = project.run("check", "--format", "short")
    assert ran.code == 1
    assert "variable-empty: NEXT_PUBLIC_SUPABASE_URL" in ran.out
    project.env(
        "# Optional\nNEXT_PUBLIC_SUPABASE_URL=\nNEXT_PUBLIC_SUPABASE_ANON_KEY=\n", ".env.example"
    )
    assert "NEXT_PUBLIC_SUPABASE_URL: {required: true}" not in project.run("init", "--stdout").out

"""`assay init` in a fresh clone: what it demands is what comments, code and the template demand."""

from __future__ import annotations

import pytest
import yaml

NEXT = '{"dependencies": {"next": "16"}}'
VITE = '{"devDependencies": {"vite": "7"}}'


def spec_of(project, path: str = "specs/app.yaml"):
    """The spec that init writes, as data."""
    ran = project.run("init", "--force")
    assert (ran.code, ran.err) == (0, "")
    return yaml.safe_load((project.folder / path).read_text())


def variables(project):
    return spec_of(project)["variables"]


def demanded(project) -> list[str]:
    made = variables(project).items()
    return [name for name, fields in made if (fields or {}).get("required") is not False]


def copied(project, template: str = ".env.example", to: str = ".env") -> None:
    project.env((project.folder / template).read_text(), to)


TEMPLATE = """\
PORT=3000
SENTRY_DSN=
GOOGLE_MAPS_KEY=
# REQUIRED: The key of the mail provider.
MAIL_KEY=
# (optional) where to report
REPORT_TO=ops@acme.test
# SMTP_HOST=
STOP_WITHOUT=
"""


def test_both_orders_of_init_and_cp_demand_the_same(project):
    project.env(TEMPLATE, ".env.example")
    project.write("package.json", "{}")
    project.write("src/a.ts", "process.env.STOP_WITHOUT!.trim()\n")
    before = demanded(project)
    assert before == ["PORT", "MAIL_KEY", "STOP_WITHOUT"]
    copied(project)
    checked = project.run("check").out
    assert "2 errors" in checked
    assert "MAIL_KEY is set in .env, but empty" in checked
    assert "STOP_WITHOUT is set in .env, but empty" in checked
    assert demanded(project) == before
    assert project.run("check").out == checked


def test_empty_lines_of_a_template_are_no_errors_once_it_is_copied(project):
    project.env("PORT=3000\nSENTRY_DSN=\nGOOGLE_MAPS_KEY=\n", ".env.example")
    assert project.run("init").code == 0
    copied(project)
    assert project.run("check").code == 0


@pytest.mark.parametrize("word", ["OPTIONAL", "Optional", "optional"])
@pytest.mark.parametrize(
    "form", ["# {w}: {c}", "# {w} - {c}", "# ({w}) {c}", "# {c} ({w})", "# [[SMTP]]\n# {w}: {c}"]
)
def test_a_comment_in_any_case_says_what_is_optional(project, word, form):
    project.env(form.format(w=word, c="The mail relay") + "\nRELAY_HOST=localhost\n")
    made = variables(project)["RELAY_HOST"]
    assert made["required"] is False
    assert "The mail relay" in made["description"]


@pytest.mark.parametrize("word", ["REQUIRED", "Required", "required"])
@pytest.mark.parametrize(
    "form", ["# {w}: {c}", "# {w}. {c}", "# [{w}] {c}", "# {c} ({w})", "# [[SMTP]]\n# {w}: {c}"]
)
def test_a_comment_in_any_case_says_what_is_required(project, word, form):
    project.env(form.format(w=word, c="The mail relay") + "\nRELAY_HOST=\n", ".env.example")
    assert demanded(project) == ["RELAY_HOST"]


@pytest.mark.parametrize(
    "comment",
    [
        "Required if you send mails.",
        "Only needed for tests",
        "Not required in development",
        "Leave empty to send no mails.",
        "Required: no",
        "This is optional",
    ],
)
def test_what_is_required_under_a_condition_is_not_demanded(project, comment):
    project.env(f"# {comment}\nRELAY_HOST=localhost\n")
    assert demanded(project) == []


def test_a_heading_says_what_is_optional_for_all_below(project):
    project.env("# --- Optional ---\nA=1\nB=1\n\n# --- Server ---\nC=1\n", ".env.example")
    assert demanded(project) == ["C"]


def test_headings_below_one_that_says_optional_are_about_optional_names(project):
    project.env(
        "####################\n### Optional names ###\n####################\n\n"
        "# Maps\nMAPS_KEY=a\nMAPS_ZONE=b\n\n# Reports of Foo\nREPORTS=c\n\n"
        "# --- Server ---\nPORT=1\n",
        ".env.example",
    )
    assert demanded(project) == ["PORT"]


def test_what_is_said_of_an_empty_line_is_said_of_those_right_below_it(project):
    project.env(
        "# --- REQUIRED ---\n\n# Maps, required for deliveries\nMAPS_KEY=\nMAPS_ZONE=\n"
        "MAPS_URL=https://maps.test\n\nSHOP_KEY=\n",
        ".env.example",
    )
    assert demanded(project) == ["MAPS_URL", "SHOP_KEY"]


def test_a_banner_about_the_file_is_no_heading(project):
    banner = "# ==== PLEASE READ ====\n# This file lists all variables.\n# =====\n\n"
    project.env(banner + "SHOP_KEY=a\nSHOP_URL=b\n", ".env.example")
    assert variables(project) == {"SHOP_KEY": {"secret": True}, "SHOP_URL": None}


@pytest.mark.parametrize(
    "comment",
    [
        "OPTIONAL: Defines the host to use for sending emails.",
        "WARNING: Do not share.",
        "NOTE: Read once, at the start.",
        "REQUIRED: The Foobar relay of Acme.",
    ],
)
def test_a_comment_that_begins_in_capitals_is_kept(project, comment):
    project.env(f"A=1\n# {comment}\nRELAY_HOST=localhost\n")
    assert variables(project)["RELAY_HOST"]["description"] == comment


def test_a_comment_that_only_says_required_describes_nothing(project):
    project.env("A=1\nB=1 # required\n")
    assert variables(project)["B"] is None


def test_of_several_templates_the_plain_one_demands(project):
    project.env("PORT=3000\n", ".env.example")
    project.env("PORT=3000\nREDIS_CLUSTER_NODES=a:1,b:2\n", ".env.redis-cluster.example")
    project.env("PORT=3000\nCOVERAGE=true\n", ".env.test.example")
    assert demanded(project) == ["PORT"]
    assert "cp .env.example .env, and fill it in" in project.run("init", "--force").out
    copied(project)
    assert project.run("check").code == 0


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("README.md", "1. Start:\n\n   $ cp -n ./.env.dev.example .env\n"),
        ("CONTRIBUTING.md", "Copy the `.env.dev.example` file to a new file called `.env`.\n"),
        ("docs/CONTRIBUTING.md", "Rename **.env.dev.example** to **.env**.\n"),
        ("package.json", '{"scripts": {"setup": "cp .env.dev.example .env && npm i"}}'),
        (
            "composer.json",
            "{\"scripts\": [\"file_exists('.env') || copy('.env.dev.example', '.env');\"]}",
        ),
        ("Makefile", "setup:\n\tcp .env.dev.example .env\n"),
    ],
)
def test_a_template_is_copied_where_the_project_says(project, file, text):
    project.write(file, text)
    project.env("PORT=3000\nLAPTOP=1\n", ".env.dev.example")
    project.env("PORT=3000\n", ".env.prod.example")
    ran = project.run("init")
    assert "  cp .env.dev.example .env, and fill it in\n" in ran.out
    assert demanded(project) == ["PORT", "LAPTOP"]
    copied(project, ".env.dev.example")
    assert project.run("check").code == 0
    assert demanded(project) == ["PORT", "LAPTOP"]


@pytest.mark.parametrize(
    "text",
    ["cp .env.dev.example deploy/.env", "cp .env.dev.example .env.example", "cp a.env b.env"],
)
def test_what_a_project_says_of_other_files_counts_for_none(project, text):
    project.write("README.md", text)
    project.env("PORT=3000\n", ".env.dev.example")
    assert "  cp .env.dev.example .env.dev, and fill it in\n" in project.run("init").out


def test_a_template_for_laptops_demands_no_more_than_the_plain_one_does(project):
    project.write("package.json", NEXT)
    project.env("PORT=3000\nDEPLOYED=1\n", ".env.example")
    project.env("PORT=3000\nLAPTOP=1\n", ".env.local.example")
    assert demanded(project) == ["PORT"]
    project.write("README.md", "cp .env.local.example .env.local")
    assert demanded(project) == ["PORT", "LAPTOP"]
    copied(project, ".env.local.example", ".env.local")
    assert project.run("check").code == 0


def test_without_a_plain_template_all_of_them_demand_together(project):
    project.env("PORT=3000\nLAPTOP=1\n", ".env.development.example")
    project.env("PORT=3000\nCOVERAGE=true\n", ".env.test.example")
    assert demanded(project) == ["PORT"]


@pytest.mark.parametrize(
    ("template", "file"),
    [
        (".env.example", ".env"),
        ("env.example", ".env"),
        (".env.local.example", ".env.local"),
        ("example.env", ".env"),
        ("test.example.env", "test.env"),
        ("deploy/.env.dist", "deploy/.env"),
    ],
)
def test_a_template_is_copied_to_the_file_that_is_checked(project, template, file):
    project.env("PORT=3000\n", template)
    ran = project.run("init")
    assert f"cp {template} {file}, and fill it in" in ran.out
    project.env("PORT=none\n", file)
    assert "PORT is not a port number" in project.run("check").out


@pytest.mark.parametrize("manifest", [NEXT, VITE])
def test_the_files_of_a_layered_framework_are_looked_at_once_they_are_there(project, manifest):
    project.write("package.json", manifest)
    project.env("API_URL=https://local.acme.test\n", ".env.development")
    project.env("API_URL=https://acme.test\nPORT=1\n", ".env.sample")
    assert project.run("init").code == 0
    assert project.run("check").code == 0
    project.env("NONSENSE=1\n")
    assert "NONSENSE is set in .env, but no spec declares it" in project.run("check").out
    (project.folder / ".env").unlink()
    project.env("API_URL=nowhere\n", ".env.local")
    assert ("API_URL" in project.run("check").out) == (manifest == NEXT)  # Vite's mode wins


def test_each_environment_of_a_layered_framework_reads_the_shared_file(project):
    project.write("package.json", VITE)
    project.env("A=1\n", ".env.staging")
    project.env("A=1\n", ".env.production")
    made = spec_of(project)["environments"]
    shared = {"dotenv": {"path": ".env", "dialect": "vite", "optional": True}}
    own = {"dotenv": {"path": ".env.production", "dialect": "vite"}}
    assert made["staging"]["values"][0] == shared
    assert made["production"]["values"] == [shared, own, "process"]
    assert list(made) == ["development", "staging", "production"]


def test_a_file_that_is_copied_later_stands_beside_the_files_of_other_environments(project):
    project.write("go.mod", "module shop")
    project.env("PORT=3000\n", ".env.sample")
    project.env("PORT=3001\n", ".test.env")
    made = spec_of(project)["environments"]
    assert made["development"]["values"] == [{"dotenv": {"path": ".env", "dialect": "compose"}}]
    project.env("PORT=none\n")
    assert "PORT is not a port number" in project.run("check", "development").out


def test_what_production_is_started_with_wins_over_its_files(project):
    project.env("PORT=3000\n", ".env.production")
    assert spec_of(project)["environments"]["production"]["values"][-1] == "process"
    assert project.run("check", environ={"PORT": "none"}).code == 1
    assert project.run("check", environ={"PATH": "/bin"}).code == 0
    assert list(variables(project)) == ["PORT"]


def test_production_is_proposed_where_no_file_is_for_it(project):
    project.env("PORT=3000\n")
    assert project.run("init").code == 0
    path = project.folder / "specs/app.yaml"
    proposed = "  # production: {live: true, values: [process]}\n"
    assert proposed in path.read_text()
    path.write_text(path.read_text().replace(proposed, proposed.replace("# ", "")))
    assert "PORT is not set in the process environment" in project.run("check", "production").out
    project.env("PORT=3000\n", ".env.production")
    assert project.run("init", "--force").code == 0
    assert proposed not in path.read_text()


def test_the_only_service_of_a_monorepo_gets_the_spec(project):
    project.write("package.json", '{"workspaces": ["apps/*"]}')
    project.write("apps/web/package.json", NEXT)
    project.write("apps/web/lib/a.ts", "process.env.HIDDEN_KEY!\n")
    project.env("API_URL=https://acme.test\n", "apps/web/.env.example")
    made = spec_of(project, "apps/web/specs/app.yaml")
    assert list(made["variables"]) == ["API_URL", "HIDDEN_KEY"]
    assert [v["dotenv"]["path"] for v in made["environments"]["development"]["values"]] == [
        ".env",
        ".env.local",
    ]
    ran = project.run("init", "--force")
    assert "  cd apps/web\n  cp .env.example .env, and fill it in\n  assay check\n" in ran.out


def test_each_template_of_a_monorepo_is_to_be_copied(project):
    for app in ("web", "api"):
        project.write(f"apps/{app}/package.json", NEXT)
        project.env("A=1\n", f"apps/{app}/.env.example")
    ran = project.run("init")
    assert "  cp apps/api/.env.example apps/api/.env, and fill it in\n" in ran.out
    assert "  cp apps/web/.env.example apps/web/.env, and fill it in\n" in ran.out
    assert "assay check --all" in ran.out


GENERIC = (
    "DB_HOST=localhost\nDB_PORT=5432\nREDIS_HOST=a\nREDIS_PORT=6379\nAPP_NAME=Shop\nAPP_ENV=x\n"
)


def test_common_names_make_no_framework(project):
    project.write("package.json", '{"dependencies": {"express": "5"}}')
    project.env(GENERIC + "SECRET_KEY=\nDEBUG=true\nALLOWED_HOSTS=a\nMAIL_MAILER=log\n")
    assert "imports" not in spec_of(project)


def test_names_that_several_services_share_import_none(project):
    project.env("GITHUB_CLIENT_ID=\nGITHUB_CLIENT_SECRET=\nAPP_ID=\nWEBHOOK_SECRET=\n")
    assert "imports" not in spec_of(project)


@pytest.mark.parametrize(
    ("file", "content", "line", "spec"),
    [
        ("artisan", "", "APP_KEY=", "laravel"),
        ("composer.json", '{"require": {"laravel/framework": "^12"}}', "APP_KEY=", "laravel"),
        ("manage.py", "", "SECRET_KEY=", "django"),
        ("requirements.txt", "Django==5.2\n", "SECRET_KEY=", "django"),
        ("Gemfile", 'gem "rails", "~> 8"\n', "SECRET_KEY_BASE=", "rails"),
        (
            "package.json",
            '{"dependencies": {"next-auth": "5.0.0-beta.25"}}',
            "AUTH_SECRET=",
            "authjs",
        ),
        ("package.json", '{"dependencies": {"@prisma/client": "6"}}', "DIRECT_URL=", "prisma"),
    ],
)
def test_a_framework_is_known_by_its_manifest_and_demands_nothing_unused(
    project, file, content, line, spec
):
    project.write(file, content)
    project.env(line + "\n", ".env.example")
    assert spec_of(project)["imports"] == [f"builtin:{spec}"]
    copied(project)
    assert project.run("check").code == 0


def test_the_key_of_a_framework_is_demanded_where_live(project):
    project.write("artisan", "")
    project.env("APP_KEY=\n", ".env.example")
    assert variables(project) == {
        "APP_KEY": {"required": "live", "loosens": ["required"]},
        "APP_URL": {"required": False, "loosens": ["required"]},
    }


def test_an_import_demands_nothing_that_the_project_never_mentions(project):
    project.write("package.json", NEXT)
    project.env(
        "NEXT_PUBLIC_SUPABASE_URL=https://abcdefghijklmnopqrst.supabase.co\n"
        "NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY=your-key\n",
        ".env.example",
    )
    assert project.run("init").code == 0
    checked = project.run("check").out
    assert "error[variable-missing]: NEXT_PUBLIC_SUPABASE_URL" in checked
    assert "error[variable-missing]: SUPABASE_" not in checked


def test_the_names_of_next_auth_4_are_not_those_of_auth_js(project):
    project.write("package.json", '{"dependencies": {"next-auth": "^4.24.11"}}')
    project.env("NEXTAUTH_SECRET=\nNEXTAUTH_URL=http://localhost:3000\n", ".env.example")
    assert "builtin:authjs" not in spec_of(project).get("imports", [])


UNFILLED = "GOOGLE_CLIENT_ID=\nGOOGLE_CLIENT_SECRET=\nRESEND_API_KEY=\nRESEND_FROM_EMAIL=\n"


@pytest.mark.parametrize("name", [".env", ".env.example"])
def test_what_an_import_demands_and_the_file_leaves_empty_is_loosened(project, name):
    project.env(UNFILLED, name)
    assert spec_of(project)["imports"] == ["builtin:google-oauth", "builtin:resend"]
    project.env(UNFILLED)
    assert project.run("check").code == 0


def test_what_the_code_demands_of_an_import_is_not_loosened(project):
    project.env(UNFILLED)
    project.write("package.json", "{}")
    project.write("a.ts", "new Resend(process.env.RESEND_API_KEY!)\n")
    loosened = {"required": False, "loosens": ["required"]}
    assert spec_of(project)["variables"] == {
        "RESEND_FROM_EMAIL": None,
        "GOOGLE_CLIENT_ID": loosened,
        "GOOGLE_CLIENT_SECRET": loosened,
    }
    assert "RESEND_API_KEY is set in .env, but empty" in project.run("check").out


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("src/a.ts", "process.env.NEEDED!\n"),
        ("src/a.ts", "if (!process.env.NEEDED) { throw new Error('unset') }\n"),
        ("src/a.ts", "if (!process.env.NEEDED) process.exit(1)\n"),
        ("src/a.ts", "const key = env('NEEDED')\n"),
        ("src/a.ts", 'const key = requireEnv("NEEDED")\n'),
        ("prisma/schema.prisma", 'datasource db {\n  url = env("NEEDED")\n}\n'),
        ("src/a.py", "from environs import Env\nenv = Env()\nenv('NEEDED')\n"),
        ("src/a.py", "import os\nos.environ['NEEDED']\n"),
        ("src/a.go", 'type C struct {\n\tN string `envconfig:"NEEDED" required:"true"`\n}\n'),
        ("src/a.rb", "ENV.fetch('NEEDED')\n"),
    ],
)
def test_what_code_stops_without_is_demanded_though_a_file_lacks_it(project, file, code):
    project.env("A=1\n")
    project.env("A=1\nNEEDED=x\n", ".env.production")
    project.write(file, code)
    assert "NEEDED" in demanded(project)
    assert f"# required at {file}:" in (project.folder / "specs/app.yaml").read_text()
    assert "NEEDED is not set in .env" in project.run("check").out


@pytest.mark.parametrize(
    "code",
    [
        "process.env.SPARED && on()\n",
        "process.env.SPARED ? 1 : 2\n",
        "if (process.env.SPARED) on(process.env.SPARED!)\n",
        "process.env.SPARED ?? ''; process.env.SPARED!\n",
    ],
)
def test_what_code_does_without_in_the_same_file_is_not_demanded(project, code):
    project.env("A=1\n")
    project.write("src/a.ts", code)
    assert demanded(project) == ["A"]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("config/environments/production.rb", "ENV.fetch('NEEDED')\n"),
        ("settings/prod.py", "import os\nos.environ['NEEDED']\n"),
    ],
)
def test_what_only_production_loads_is_demanded_where_live(project, file, code):
    project.env("A=1\n")
    project.write(file, code)
    assert variables(project)["NEEDED"] == {"required": "live"}
    assert project.run("check").code == 0
    project.env("A=1\n", ".env.production")
    assert variables(project)["NEEDED"] == {"required": "live"}
    assert "error[variable-missing]: NEEDED" in project.run("check").out


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("apps/api/scripts/a.ts", "process.env.NEEDED!\n"),
        ("packages/sdks/a.ts", "process.env.NEEDED!\n"),
        ("drizzle.config.ts", "process.env.NEEDED!\n"),
        ("prisma/seed.ts", "process.env.NEEDED!\n"),
        ("shop/management/commands/a.py", "import os\nos.environ['NEEDED']\n"),
        ("docker/production/compose.yml", 'services: {db: {user: "${NEEDED:?unset}"}}\n'),
        ("compose.yml", 'services: {db: {user: "${NEEDED:?unset}"}}\n'),
        ("tools/a.py", "import os\nos.environ['NEEDED']\n"),
        ("frontend.py", "import os\nos.environ['NEEDED']\n"),
    ],
)
def test_what_other_programs_stop_without_is_theirs(project, file, code):
    project.write("package.json", "{}")
    project.write("src/a.ts", "process.env.A!\n")
    project.env("A=1\n")
    project.write(file, code)
    assert demanded(project) == ["A"]
    assert variables(project)["NEEDED"] == {"required": False}


def test_a_file_beside_compose_without_a_manifest_is_read_by_compose(project):
    project.env("PASS=abc$$def\n")
    project.write("docker-compose.yml", "services: {web: {image: x}}\n")
    project.write("scripts/a.py", "import os\nos.environ['PASS']\n")
    assert "reads .env, as Docker Compose does" in project.run("init").out


@pytest.mark.parametrize(
    ("line", "code", "type_"),
    [
        ("SPAN=30", 'type C struct {\n\tSpan time.Duration `env:"SPAN"`\n}\n', "duration"),
        ("SPAN=30", 'd, _ := time.ParseDuration(os.Getenv("SPAN"))\n', "duration"),
        ("COUNTED=many", 'n, _ := strconv.Atoi(os.Getenv("COUNTED"))\n', "integer"),
        ("BASE=acme", "new URL(process.env.BASE)\n", "url"),
        ("CAP=lots", "parseInt(process.env.CAP, 10)\n", "number"),
        ("SWITCH=maybe", 'type C struct {\n\tS bool `env:"SWITCH"`\n}\n', "boolean"),
    ],
)
def test_a_value_that_is_not_of_the_type_that_code_reads_is_found(project, line, code, type_):
    project.env(line + "\n")
    project.write("a.js" if "process.env" in code else "main.go", code)
    name = line.partition("=")[0]
    assert variables(project)[name]["type"] == type_
    assert f"error[{type_}" in project.run("check").out


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("WEEKS=two weeks", "integer-malformed"),
        ("CREW=many", "integer-malformed"),
        ("SITE=acme", "url-scheme-missing"),
        ("SENTRY_DSN=here", "sentry-dsn-malformed"),
        ("SENTRY_DSN=https://here.example", "sentry-dsn-malformed"),
    ],
)
def test_a_value_that_is_not_what_its_name_or_code_says_is_found(project, line, rule):
    project.env(line + "\n")
    read = "env.int('WEEKS')\nenv.url('SITE')\nint(os.environ.get('CREW'))\n"
    project.write("a.py", f"from environs import Env\nenv = Env()\n{read}")
    assert project.run("init").code == 0
    assert f"error[{rule}]" in project.run("check").out


@pytest.mark.parametrize(
    ("line", "declared", "later"),
    [
        ("MAIL_HOST=127.0.0.1", {"type": "hostname"}, "smtp.resend.com"),
        ("GOOGLE_CLIENT_ID=123", None, "a.apps.googleusercontent.com"),
        ("S3_FORCE_PATH_STYLE=0", {"type": "boolean"}, "true"),
        ("PASSWORD_RESET_DISABLED=1", {"type": "boolean"}, "false"),
        ("SOCKET=ws://localhost:1", {"type": "url", "schemes": ["ws", "wss"]}, "wss://a.test"),
        ("CORS_ORIGIN=http://localhost:3000", None, "*"),
        ("CORS_ORIGINS=http://localhost:3000", {"type": "list"}, "https://a.test,https://b.test"),
        ("ALLOWED_HOSTS=localhost", {"type": "list"}, ".a.test,b.test"),
        ("PEER_URLS=http://a.test", {"type": "list", "of": "url"}, "http://a.test,http://b.test"),
        ("HOST=localhost:3000", None, "shop.example.com"),
        ("BIND=0.0.0.0", None, "localhost"),
        ("SMTP_USER=joe@acme.test", None, "apikey"),
        ("MAIL_FROM=a@b.test", {"type": "email", "display-name": "allowed"}, "Shop <a@b.test>"),
        ("DATABASE_URL=sqlite:///db.sqlite3", {"secret": True}, "postgres://u@db.test/shop"),
        ("RELEASE=2", None, "2.1-beta"),
        ("LOG_LEVEL=info", {"type": "enum"}, "warning"),
        ("LOG_LEVEL=INFO", {"type": "enum"}, "WARN"),
        ("TRUST_PROXY=true", None, "loopback"),
    ],
)
def test_one_value_of_a_laptop_makes_no_type_that_another_breaks(project, line, declared, later):
    project.env(line + "\n")
    name = line.partition("=")[0]
    found = variables(project)[name]
    if declared and declared["type" if "type" in declared else "secret"] == "enum":
        found = {"type": found["type"]}
    assert found == declared
    project.env(f"{name}={later}\n")
    assert project.run("check").code == 0


def test_the_values_of_several_environments_make_a_type_together(project):
    project.env("RELEASE=2\n")
    project.env("RELEASE=3\n", ".env.production")
    assert variables(project)["RELEASE"] == {"type": "integer"}


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("POSTGRES_URL", "postgres"),
        ("POSTGRES_PRISMA_URL", "postgres"),
        ("POSTGRES_URL_NON_POOLING", "postgres"),
        ("MYSQL_URI", "mysql"),
        ("SHOP_MONGODB_URI", "mongodb"),
        ("MONGO_URL", "mongodb"),
        ("REDIS_URL", "redis"),
        ("CACHE_REDIS_TLS_URL", "redis"),
        ("AMQP_URL", "amqp"),
        ("RABBITMQ_URL", "amqp"),
    ],
)
def test_an_address_without_a_value_has_the_type_of_its_name(project, name, type_):
    project.env(f"{name}=\n", ".env.example")
    assert variables(project)[name] == {"type": type_, "required": False}


@pytest.mark.parametrize(
    "name",
    ["CELERY_BROKER_URL", "SQLALCHEMY_DATABASE_URI", "DATABASE_URL", "SLACK_HOOK", "EDGE_CONFIG"],
)
def test_an_address_of_no_certain_server_is_secret_at_least(project, name):
    project.env(f"{name}=\n", ".env.example")
    assert variables(project)[name] == {"secret": True, "required": False}


def test_the_address_of_an_http_api_is_not_that_of_the_server(project):
    project.env("UPSTASH_REDIS_REST_URL=\n", ".env.example")
    assert variables(project)["UPSTASH_REDIS_REST_URL"] == {"required": False}


COMPOSE = """
services:
  api:
    build: .
    env_file: deploy/api.env
    environment:
      DATABASE_URL: postgres://shop:${PG_PASS}@db/shop
      PORT: 8080
      PASSED:
  worker: {build: ., environment: [QUEUE=mails]}
  db: {image: postgres, environment: {POSTGRES_PASSWORD: "${PG_PASS}"}}
"""


def test_each_service_of_compose_is_an_environment(project):
    project.write("go.mod", "module shop")
    project.write(
        "main.go", 'os.Getenv("WORKERS"); type C struct { T string `env:"T,required"` }\n'
    )
    project.write("compose.yaml", COMPOSE)
    project.env("PG_PASS=Kx92pqLmZq4w\nPASSED=hello\n")
    project.env(f"JWT_SECRET={'k4Jx9Qw2' * 4}\nWORKERS=4\n", "deploy/api.env")
    made = spec_of(project)
    dotenv = {"dialect": "compose"}
    assert made["environments"] == {
        "api": {
            "values": [
                {"dotenv": {"path": "deploy/api.env", **dotenv}},
                {"compose": {"path": "compose.yaml", "service": "api"}},
            ]
        },
        "worker": {"values": [{"compose": {"path": "compose.yaml", "service": "worker"}}]},
        "compose": {"values": [{"dotenv": {"path": ".env", **dotenv}}]},
    }
    needed = {name: (one or {}).get("required") for name, one in made["variables"].items()}
    assert needed == {
        **dict.fromkeys(("JWT_SECRET", "WORKERS", "DATABASE_URL", "PORT"), "environment == 'api'"),
        "PASSED": "environment in ['api', 'compose']",
        "QUEUE": "environment == 'worker'",
        "PG_PASS": "environment == 'compose'",
        "T": "environment in ['api', 'worker']",
    }
    assert (
        "api reads deploy/api.env, compose.yaml, as Docker Compose does"
        in project.run("init", "--force").out
    )
    checked = project.run("check")
    assert "2 errors" in checked.out
    assert "T is not set in deploy/api.env or `environment` of api in compose.yaml" in checked.out


def test_a_service_that_is_given_the_file_itself_reads_it(project):
    project.write("compose.yaml", "services: {web: {build: ., env_file: .env, environment: [B=1]}}")
    project.env("A=1\n", ".env.example")
    made = spec_of(project)
    assert list(made["environments"]) == ["web"]
    assert made["environments"]["web"]["values"][0]["dotenv"]["path"] == ".env"
    copied(project)
    assert project.run("check").code == 0


def test_services_that_only_others_build_are_no_environments(project):
    project.write("compose.yaml", "services: {db: {image: x, environment: [A=1]}, x: }")
    project.env("A=1\n")
    assert list(spec_of(project)["environments"]) == ["development"]


def test_an_address_that_is_short_is_not_called_weak(project):
    project.write("composer.json", '{"require": {"symfony/framework-bundle": "7.1.*"}}')
    project.env("MAILER_DSN=null://null\n")
    assert variables(project)["MAILER_DSN"] == {"secret": True}
    assert "entropy" not in project.run("check").out


def test_a_schema_of_the_environment_says_what_is_demanded_and_of_which_type(project):
    project.write("package.json", NEXT)
    project.write(
        "env.ts",
        """export const env = z.object({
          SHOP_KEY: z.string(), SHOP_MAIL: z.string().optional(),
          SHOP_OPEN: z.enum(["true", "false"]).default("false"), SHOP_SIZE: z.coerce.number().int(),
          SHOP_RATE: z.coerce.number().optional(),
        }).parse(process.env)""",
    )
    project.write("prisma/schema.prisma", 'url = env("SHOP_DATABASE_URL")')
    project.env("SHOP_KEY=\nSHOP_MAIL=ops@acme.test\nSHOP_OPEN=true\n", ".env.example")
    made = variables(project)
    assert demanded(project) == ["SHOP_KEY", "SHOP_OPEN", "SHOP_DATABASE_URL", "SHOP_SIZE"]
    assert made["SHOP_OPEN"]["default"] is False
    assert made["SHOP_SIZE"]["type"] == "integer"
    assert made["SHOP_RATE"]["type"] == "number"


def test_a_template_that_refers_to_its_own_names_is_read_by_a_loader_that_expands(project):
    project.write("package.json", '{"devDependencies": {"dotenv": "17"}}')
    project.env("SHOP_HOST=localhost\nSHOP_URL=http://${SHOP_HOST}/shop\n", ".env.example")
    copied(project)
    assert "dialect: dotenv-expand" in project.run("init", "--stdout").out
    (project.folder / ".env.example").unlink()
    assert "dotenv: .env" in project.run("init", "--stdout").out
    project.env("SHOP_URL=http://${SHOP_HOST}/shop\n", ".env.example")
    assert "dialect" not in project.run("init", "--stdout").out


def test_an_alternative_that_only_another_environment_has_is_not_demanded(project):
    project.env("SMTP_PASSWORD=\nSMTP_PORT=25\n", ".env.example")
    project.env("SMTP_PASSWORD=\nSMTP_PORT=25\nSMTP_HOST=mail.acme.test\n", ".env.test")
    copied(project)
    assert "builtin:smtp" in spec_of(project)["imports"]
    assert project.run("check").code == 0


def test_a_host_of_a_template_for_production_may_be_this_machine(project):
    project.env("CACHE_HOST=localhost\nSITE_HOST=example.com\n", ".env.production.example")
    assert project.run("init").code == 0
    copied(project, ".env.production.example", ".env.production")
    checked = project.run("check").out
    assert "error[variable-example]: SITE_HOST is the example" in checked
    assert "warning[variable-local-host]: CACHE_HOST points to this machine" in checked


@pytest.mark.parametrize(
    ("file", "text", "dialect"),
    [
        ("compose.yaml", "services: {till: {image: till, environment: [SHOP_KEY]}}", "compose"),
        ("composer.json", '{"require": {"laravel/framework": "^12"}}', "php"),
        ("requirements.txt", "python-dotenv==1.0\n", "python"),
        ("package.json", '{"dependencies": {"@nestjs/config": "4"}}', None),
    ],
)
def test_the_file_that_a_loader_reads_counts_once_it_is_there(project, file, text, dialect):
    project.write(file, text)
    source = {"path": ".env", "optional": True} | ({"dialect": dialect} if dialect else {})
    made = spec_of(project)["environments"]["development"]["values"]
    assert made == [{"dotenv": source}, "process"]
    assert project.run("check").code == 0


def test_a_project_without_a_loader_gets_what_it_is_started_with(project):
    project.write("main.go", 'os.Getenv("SHOP_KEY")')
    project.write("go.mod", "module shop")
    assert spec_of(project)["environments"]["development"]["values"] == ["process"]


def test_names_that_compose_passes_on_are_declared(project):
    services = """
services:
  till:
    image: till
    cap_add: [NET_ADMIN]
    environment:
      - SHOP_KEY  # of the dashboard
      - SHOP_SIZE=3
  shop: {image: shop, environment: {SHOP_URL: , SHOP_KEY: }}
"""
    project.write("compose.yaml", services)
    project.env("SHOP_KEY=abc\nSHOP_URL=https://acme.test\n")
    assert list(variables(project)) == ["SHOP_KEY", "SHOP_URL"]
    assert project.run("check").code == 0
    (project.folder / ".env").unlink()
    told = project.run("init", "--stdout").out
    assert "SHOP_URL: {required: false}" in told


def test_what_code_does_without_is_not_demanded_by_an_import_in_a_project_without_files(project):
    names = "environment: [GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, SHOP_KEY]"
    project.write("compose.yaml", f"services: {{till: {{image: till, {names}}}}}")
    assert spec_of(project)["imports"] == ["builtin:google-oauth"]
    assert project.run("check").code == 0


def test_an_import_demands_no_other_name_for_what_the_project_has_once_it_is_filled_in(project):
    project.env("SMTP_HOST=\nSMTP_LOGIN=\nSMTP_PASSWORD=\nSMTP_PORT=587\n", ".env.example")
    assert spec_of(project)["imports"] == ["builtin:smtp"]
    project.env(
        "SMTP_HOST=mail.acme.test\nSMTP_LOGIN=a\nSMTP_PASSWORD=qv8Zr2Lm5Tx9\nSMTP_PORT=587\n"
    )
    assert project.run("check").code == 0


def test_what_a_framework_demands_where_live_is_not_demanded_on_laptops(project):
    project.write("config/application.rb", "")
    project.write("Gemfile", 'gem "rails"')
    project.env(
        f"SECRET_KEY_BASE={'4f1c' * 8}{'9ad2' * 24}\nRAILS_ENV=production\n", ".env.production"
    )
    project.env("SHOP=1\n", ".env.test")
    assert "builtin:rails" in spec_of(project)["imports"]
    assert "SECRET_KEY_BASE is not set" not in project.run("check").out


def test_names_that_a_template_refers_to_are_declared(project):
    project.env('SHOP_TITLE="${SHOP_NAME}"\n', ".env.example")
    assert variables(project)["SHOP_NAME"] == {"required": False}

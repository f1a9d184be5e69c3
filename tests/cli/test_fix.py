"""`assay fix`: what it repairs, what it leaves alone, what it refuses, and what it asks for."""

from __future__ import annotations

import fcntl
import os
import stat
from types import SimpleNamespace

import pytest

from assay import dotenv
from assay.cli import fix_files
from assay.errors import OutputError
from assay.files import write_atomically
from assay.fixing import planning

SPEC = """\
environments:
  laptop: {values: [{dotenv: .env}]}
  production: {live: true, values: [process]}
variables:
  PORT: {type: port, default: 3000}
  HOST: {type: hostname, description: Where the shop is found.}
  DATABASE_URL: {type: postgres, obtain: "the vault, under shop/database"}
  SESSION_SECRET: {type: hex, bytes: 32, secret: true}
"""
SECRET = "8f0c4dd64b7b9a2a5c5b7e0a5e7d3f1f6e0b4dd21c7b9a2a5c5b7e0a5e7d3f1a"
URL = "postgres://shop:s3same-opens-it@localhost:5432/shop"
GOOD = f"PORT=80\nHOST=shop.example.com\nDATABASE_URL={URL}\nSESSION_SECRET={SECRET}\n"


@pytest.fixture
def shop(project):
    project.spec(SPEC)
    return project


def fixed(project, content, *argv, path=".env"):
    """What a file holds after `fix --apply`."""
    project.env(content, path)
    project.run("fix", *(argv or ("laptop",)), "--apply")
    return (project.folder / path).read_bytes().decode()


def test_a_clean_file_is_left_alone(shop):
    shop.env(GOOD)
    ran = shop.run("fix", ".env")
    assert ran == (0, "there is nothing that assay can fix by itself\n4 passed in laptop\n", "")
    assert fixed(shop, GOOD) == GOOD


def test_the_plan_is_shown_and_nothing_is_written(shop):
    content = f"HOST='shop.example.com '\nDATABASE_URL={URL}\n# note\nSESION_SECRET={SECRET}\n"
    shop.env(content)
    ran = shop.run("fix", ".env")
    assert ran.out == (
        "--- a/.env\n"
        "+++ b/.env\n"
        "@@ -1,4 +1,4 @@\n"
        "-HOST='shop.example.com '\n"
        "+HOST='shop.example.com'\n"
        " DATABASE_URL=••••••\n"
        " # ••••••\n"
        "-SESION_SECRET=••••••\n"
        "+SESSION_SECRET=••••••\n"
        ".env: remove the whitespace around the value of HOST\n"
        ".env: rename SESION_SECRET to SESSION_SECRET\n"
        "\n"
        "run `assay fix .env --apply` to do this\n"
    )
    assert (ran.code, ran.err) == (1, "")
    assert (shop.folder / ".env").read_text() == content
    assert "\x1b[31m-HOST" in shop.run("fix", "--color", "always").out
    assert ".env: " not in shop.run("fix", "-q").out


def test_everything_else_stays_byte_for_byte(shop):
    before = (
        "\r\n# SESION_SECRET, from the vault\r\n"
        f'  export SESION_SECRET = "{SECRET}"   # keep\r\n\n'
        f"HOST=\"shop.example.com \"\t# public\nDATABASE_URL='{URL}'"
    )
    after = before.replace("SESION_SECRET =", "SESSION_SECRET =").replace('com "', 'com"')
    assert fixed(shop, before) == after


def test_what_is_applied_is_listed_and_checked_at_the_end(shop):
    shop.env(GOOD.replace("SESSION", "SESION"))
    ran = shop.run("fix", "laptop", "--apply")
    assert ran == (0, ".env: rename SESION_SECRET to SESSION_SECRET\n4 passed in laptop\n", "")
    assert shop.run("fix", "laptop", "--apply", "-q") == (0, "", "")


def test_the_only_environment_that_is_not_live_need_not_be_named(shop):
    shop.env(GOOD)
    assert shop.run("fix").code == 0
    shop.spec(SPEC.replace("  production", "  ci: {values: [{dotenv: ci.env}]}\n  production"))
    ran = shop.run("fix")
    assert ran.code == 2
    assert "there are several environments to choose from" in ran.err
    assert "help: Name laptop or ci." in ran.err
    shop.spec("environments: {ci: {values: [process]}}\nvariables: {A: }")
    assert "no environment with a .env file that isn't live" in shop.run("fix").err


def test_what_is_missing_is_made_or_left_to_people(shop):
    ran = shop.run("fix", "laptop")
    assert ran.code == 1
    assert ran.out == (
        "--- /dev/null\n+++ b/.env\n@@ -0,0 +1 @@\n+SESSION_SECRET=••••••\n"
        ".env: set SESSION_SECRET to a new random secret\n"
        ".env: ask for HOST\n"
        ".env: ask for DATABASE_URL (get it here: the vault, under shop/database)\n"
        "\n"
        "run `assay fix laptop --apply` to do this\n"
    )
    assert not (shop.folder / ".env").exists()
    ran = shop.run("fix", "laptop", "--apply")
    assert ran.code == 1
    assert ran.err == (
        "assay: there is no terminal to ask for 2 values: HOST and DATABASE_URL\n"
        "  help: Run `assay fix laptop --apply` in a terminal, or set HOST and DATABASE_URL in "
        ".env yourself.\n"
    )
    file = shop.folder / ".env"
    assert len(file.read_text()) == len(f"SESSION_SECRET={SECRET}\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().strip().partition("=")[2] not in ran.said


def test_a_secret_that_was_made_is_never_made_twice(shop):
    first = fixed(shop, GOOD.replace(SECRET, ""))
    assert first != GOOD.replace(SECRET, "")
    assert fixed(shop, first) == first


@pytest.mark.parametrize("stands", ["changeme", "", "undefined", "00000000000000000000"])
def test_what_is_no_value_is_replaced_where_it_stands(shop, stands):
    after = fixed(shop, GOOD.replace(SECRET, stands) + "# end\n")
    assert after.startswith(GOOD[: -len(SECRET) - 1])
    assert after.endswith("\n# end\n")
    assert "changeme" not in after
    assert shop.run("check", "laptop").code == 0


def test_a_variable_with_a_default_is_only_set_if_that_is_asked_for(shop):
    content = GOOD.removeprefix("PORT=80\n")
    assert fixed(shop, content) == content
    assert fixed(shop, content, "laptop", "--defaults") == f"{content}PORT=3000\n"
    shop.spec(SPEC.replace("default: 3000", "default: 3000, when: live"))
    assert fixed(shop, content, "laptop", "--defaults") == content


def test_an_empty_variable_with_a_default_gets_it(shop):
    assert fixed(shop, GOOD.replace("80\n", "\n", 1)) == GOOD.replace("80\n", "3000\n", 1)


def test_a_new_line_ends_as_the_others_do(shop):
    content = GOOD.removeprefix("PORT=80\n").replace("\n", "\r\n").removesuffix("\r\n")
    assert fixed(shop, content, "laptop", "--defaults") == f"{content}\r\nPORT=3000\r\n"


def test_keys_are_made_as_they_are_read(project):
    project.spec(
        "environments: {dev: {values: [{dotenv: .env}]}}\n"
        "variables: {KEY: {secret: true}, PEM: {secret: true}}\n"
        "keys:\n"
        "  k: {variable: KEY, cipher: aes-256-gcm, encoding: base64}\n"
        "  p: {variable: PEM, cipher: ec, encoding: pem, stored-as: escaped}\n"
    )
    ran = project.run("fix", "dev", "--apply")
    assert ran.code == 0
    assert "KEY=" in (project.folder / ".env").read_text()
    assert project.run("key", "show").code == 0


def test_a_value_that_must_agree_with_other_environments_is_not_made_up(shop):
    shop.spec(SPEC.replace("secret: true", "secret: true, parity: same"))
    content = GOOD.replace(f"SESSION_SECRET={SECRET}\n", "")
    assert fixed(shop, content) == content
    assert "ask for SESSION_SECRET" in shop.run("fix", "laptop").out


def test_new_lines_go_to_the_last_file_that_nothing_live_reads(project):
    project.spec(
        "environments:\n"
        "  dev: {values: [{dotenv: .env}, {dotenv: {path: .env.local, optional: true}}]}\n"
        "  prod: {live: true, values: [{dotenv: .env}]}\n"
        "variables: {A: {type: hex, bytes: 16, secret: true}}\n"
    )
    project.env("A=changeme\n")
    ran = project.run("fix", "dev", "--apply")
    assert ran == (0, ".env.local: set A to a new random secret\n1 passed in dev\n", "")
    assert (project.folder / ".env").read_text() == "A=changeme\n"
    assert (project.folder / ".env.local").read_text().startswith("A=")


def test_a_file_that_must_exist_is_made(project):
    project.spec(
        "environments: {dev: {values: [{dotenv: .env}, {dotenv: more.env}]}}\n"
        "variables: {A: {required: false}}\n"
    )
    ran = project.run("fix", "dev")
    assert ran.out.endswith("run `assay fix dev --apply` to do this\n")
    assert project.run("fix", "dev", "--apply").code == 0
    assert (project.folder / "more.env").read_bytes() == b""


def test_several_environments_that_read_a_file_are_all_judged(project):
    project.spec(
        "environments:\n"
        "  dev: {values: [{dotenv: .env}]}\n"
        "  test: {values: [{dotenv: {path: .env, dialect: docker}}]}\n"
        "variables: {A: }\n"
    )
    project.env("A='y'\n")
    ran = project.run("fix", ".env")
    assert ".env: write A so that every loader reads the same\n" in ran.out
    assert fixed(project, "A='y'\n", ".env") == "A=y\n"


def test_a_file_of_another_project_is_fixed_by_its_spec(project):
    project.spec(SPEC, name="apps/web/specs/web.yaml")
    project.env(GOOD.replace("SESSION", "SESION"), "apps/web/.env")
    ran = project.run("fix", "apps/web/.env", "--apply")
    assert (ran.code, ran.err) == (0, "")
    assert (project.folder / "apps/web/.env").read_text() == GOOD


def test_paths_are_those_that_can_be_opened_from_here(project):
    project.spec(SPEC, name="apps/web/specs/web.yaml")
    file = project.env("HOST='shop.example.com '\nPORT=x\n", "apps/web/.env")
    ran = project.run("fix", "apps/web/.env")
    assert "--- a/apps/web/.env\n+++ b/apps/web/.env\n" in ran.out
    assert "apps/web/.env: remove the whitespace around the value of HOST\n" in ran.out
    assert "apps/web/.env: ask for DATABASE_URL (get it here: the vault" in ran.out
    assert "--> apps/web/.env:2:6" in ran.out
    assert "declared here: apps/web/specs/web.yaml:6:3" in ran.out
    assert (
        "or set DATABASE_URL in apps/web/.env yourself"
        in project.run("fix", "apps/web/.env", "--apply").err
    )
    file.chmod(0o444)
    assert "Run `chmod u+w apps/web/.env`" in project.run("fix", "apps/web/.env", "--apply").err


LEFT_ALONE = {
    "a different value": "A=1\nA=2\n",
    "a reference that may be meant": "A=x$OTHER_NAME\n",
    "a comment": "A=x # not y\n",
    "a malformed value": "N=x\n",
    "a name whose value does not fit": "A=x\nNUMER=x\n",
    "a dropped line": "A=x\nB 2\n",
}


@pytest.mark.parametrize("content", LEFT_ALONE.values(), ids=list(LEFT_ALONE))
def test_what_can_not_be_proved_is_left_alone(project, content):
    project.spec(
        "environments: {dev: {values: [{dotenv: {path: .env, dialect: next}}]}}\n"
        "variables: {A: {secret: true, required: false}, N: {type: integer, required: false},"
        " NUMBER: {type: integer, required: false}}\n"
    )
    assert fixed(project, content, "dev") == content


def refused(project, *argv):
    ran = project.run("fix", *argv)
    assert (ran.code, ran.out) == (2, "")
    return ran.err


def test_what_is_live_is_refused(shop):
    assert "production is live: `assay fix` changes nothing" in refused(shop, "production")
    shop.spec(SPEC.replace("values: [process]", "values: [{dotenv: live.env}]"))
    shop.env("PORT=x\n", "live.env")
    assert "live.env belongs to production, which is live" in refused(shop, "live.env", "--apply")


def test_what_no_environment_reads_is_refused(shop):
    err = refused(shop, "laptp")
    assert "laptp is neither an environment in the spec nor a .env file that one reads" in err
    assert "did you mean laptop?" in err
    assert "help: Name laptop, production or .env." in err
    shop.spec(SPEC.replace("live: true, ", ""))
    assert "no .env file belongs to production" in refused(shop, "production")


def test_links_are_refused(shop):
    shop.env(GOOD, "real.env")
    (shop.folder / ".env").symlink_to("real.env")
    assert ".env goes through a symbolic link, so it is not changed" in refused(shop, ".env")
    assert refused(shop, "laptop", "--apply")


def test_files_outside_the_repository_are_refused(shop):
    (shop.folder / ".git").mkdir()
    shop.spec(SPEC.replace("dotenv: .env", "dotenv: ../.env"))
    (shop.folder.parent / ".env").write_text("PORT=x\n")
    assert "../.env is outside the repository" in refused(shop, "laptop", "--apply")


def test_read_only_files_are_refused(shop):
    shop.env(GOOD.replace("SESSION", "SESION")).chmod(0o444)
    err = refused(shop, "laptop", "--apply")
    assert ".env is read-only" in err
    assert "`chmod u+w .env`" in err


@pytest.mark.parametrize("content", [b"A=\xff\n", b"\xff\xfeA\0=\0"])
def test_files_that_are_not_utf_8_are_refused(shop, content):
    shop.env(content)
    assert ".env is not valid UTF-8" in refused(shop, "laptop", "--apply")
    assert (shop.folder / ".env").read_bytes() == content


def test_folders_are_refused(shop):
    (shop.folder / ".env").mkdir()
    assert ".env can't be read: it is a directory" in refused(shop, "laptop")


def test_a_file_that_changed_meanwhile_is_left_as_it_is(shop, monkeypatch):
    file = shop.env(GOOD.replace("SESSION", "SESION"))
    plan = fix_files.EditedFiles.write

    def later(self, texts):
        shop.env("PORT=1\n")
        plan(self, texts)

    monkeypatch.setattr(fix_files.EditedFiles, "write", later)
    ran = shop.run("fix", "laptop", "--apply")
    assert ran.code == 2
    assert ".env was changed while `assay fix` was running" in ran.err
    assert file.read_text() == "PORT=1\n"


def test_only_one_process_at_a_time_compares_and_writes(shop, monkeypatch):
    """What looks unchanged to two processes would else be written by both, the last one winning."""
    shop.env(GOOD.replace("SESSION", "SESION"))
    tried = []

    def slowly(*arguments, **options):
        descriptor = os.open(shop.folder, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(descriptor)
        tried.append(arguments[0])
        write_atomically(*arguments, **options)

    monkeypatch.setattr(fix_files, "write_atomically", slowly)
    assert shop.run("fix", "laptop", "--apply").code == 0
    assert tried == [str(shop.folder / ".env")]


def test_nothing_is_said_to_be_done_that_could_not_be_written(shop, monkeypatch):
    shop.env(GOOD.replace("SESSION", "SESION"))

    def full(*_arguments, **_options):
        raise OutputError("full", "Free some space.")

    monkeypatch.setattr(fix_files, "write_atomically", full)
    assert shop.run("fix", "laptop", "--apply") == (
        2,
        "",
        "assay: full\n  help: Free some space.\n",
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(shop):
    os.chown(shop.env(GOOD.replace("SESSION", "SESION")), 1234, 2345)
    shop.run("fix", "laptop", "--apply")
    found = os.stat(shop.folder / ".env")
    assert (found.st_uid, found.st_gid) == (1234, 2345)


def test_an_empty_argument_is_no_environment(shop):
    shop.env("")
    assert shop.run("fix", "", "--apply").code == 2


@pytest.mark.parametrize("argv", [("laptop",), ("laptop", "--apply"), ("secret/TOKEN/.env",)])
def test_nothing_that_looks_like_a_secret_is_shown(project, argv):
    """However it came into a path, a name, a comment, an example or the place where to get it."""
    token = "hQ9vXw3LzT7nKb2RyD5mPc8sJf4gWe6a"
    folder = project.folder / "secret" / token
    folder.mkdir(parents=True)
    (folder / ".env").write_text(f"HOTS='shop.example.com'\n{token}=1\nPORT=80 # {token}\n")
    project.spec(
        f"environments: {{laptop: {{values: [{{dotenv: secret/{token}/.env}}]}}}}\n"
        f"variables:\n  PORT: {{type: port}}\n  HOST: {{type: hostname}}\n"
        f"  KEY: {{secret: true, obtain: 'log in with {token}'}}\n"
    )
    ran = project.run("fix", *(word.replace("TOKEN", token) for word in argv))
    assert "HOST" in ran.out
    assert token not in ran.out + ran.err


def test_a_file_is_read_once_for_all_that_is_wrong_with_it(shop, monkeypatch):
    shop.env(GOOD + "".join(f"OTHER_{number}=1\n" for number in range(50)))
    reads = []

    def counted(text, dialect, **options):
        reads.append(dialect)
        return dotenv.parse(text, dialect, **options)

    monkeypatch.setattr(planning, "dotenv", SimpleNamespace(parse=counted))
    assert "50 warnings" in shop.run("fix", "laptop").out
    assert reads == ["node"]


def test_permissions_stay(shop):
    shop.env(GOOD.replace("SESSION", "SESION")).chmod(0o640)
    shop.run("fix", "laptop", "--apply")
    assert stat.S_IMODE(os.stat(shop.folder / ".env").st_mode) == 0o640


@pytest.mark.parametrize(
    ("rules", "told"), [(".env\n", False), ("", True), ("*.log\n", True), (None, False)]
)
def test_a_new_file_that_git_would_commit_is_told(project, rules, told):
    project.spec("environments: {dev: {values: [{dotenv: .env}]}}\nvariables: {A: {default: 1}}")
    if rules is not None:
        (project.folder / ".git").mkdir()
        project.write(".gitignore", rules)
    ran = project.run("fix", "dev", "--apply", "--defaults")
    assert (project.folder / ".env").read_text() == "A=1\n"
    assert (".env is new, and git does not ignore it" in ran.err) is told
    assert ("Add `.env` to .gitignore" in ran.err) is told
    project.env("A=\n")
    assert "git" not in project.run("fix", "dev", "--apply", "--defaults").said

"""`assay diff`: the matrix in every format, live and from snapshots, and its exit codes."""

from __future__ import annotations

import json

import pytest

from assay.diff.rows import letter
from assay.reporters.display import cut

PEPPER = {"ASSAY_PEPPER": "8f1c2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce1430"}
OTHER = {"ASSAY_PEPPER": "17aa2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce1430"}
KEY = "9e1c2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce14aa"
SPEC = """\
environments:
  dev: {values: [{dotenv: .env}]}
  ci: {values: [{dotenv: ci.env}]}
  prod: {values: [{dotenv: prod.env}]}
variables:
  HOST: {type: hostname, parity: different}
  VERSION: {parity: same}
  TOKEN: {secret: true, parity: different}
  PROXY: {required: false}
  PORT: {type: port, default: 3000}
  KMS: {secret: true}
keys:
  seal: {variable: KMS, cipher: aes-256-gcm, encoding: hex, parity: same}
"""
DEV = f"HOST=localhost\nVERSION=1\nTOKEN=vR7mQ2xK9pL4tW8zN3cJ6yB1\nKMS={KEY}\n"
PROD = f"HOST=db.acme.io\nVERSION=1\nTOKEN=wR7mQ2xK9pL4tW8zN3cJ6yB1\nPROXY=\nKMS={KEY.upper()}\n"


@pytest.fixture
def shop(project):
    project.spec(SPEC)
    project.env(DEV)
    project.env(DEV, "ci.env")
    project.env(PROD, "prod.env")
    return project


def cells(project, *argv: str, environ=None) -> dict[str, list[str]]:
    """The rows of the table by name."""
    ran = project.run("diff", *argv, "--matching", environ={"COLUMNS": "200", **(environ or {})})
    assert ran.err == ""
    table = ran.out.partition("\n\n")[0].split("\n")[1:]
    rows = [[part.strip() for part in line.split("  ") if part.strip()] for line in table]
    return {name: rest for name, *rest in rows}


def test_the_matrix_shows_what_may_be_shown_and_letters_for_the_rest(shop):
    assert cells(shop, "dev", "prod") == {
        "HOST": ["localhost", "db.acme.io", "different: holds"],
        "VERSION": ["1", "1", "same: holds"],
        "TOKEN": ["value A", "value B", "different: holds"],
        "PROXY": ["missing", "empty"],
        "PORT": ["3000 (default)", "3000 (default)"],
        "KMS": ["value A", "value B"],
        "seal (key)": ["value A", "value A", "same: holds"],
    }


def test_names_that_agree_are_left_out_and_counted(shop):
    ran = shop.run("diff", "dev", "prod")
    assert ran.code == 0
    assert "VERSION" not in ran.out
    assert "PORT" not in ran.out
    assert "PROXY" not in ran.out  # missing in one, empty in the other: no value in either
    assert "3 of 7 names shown; 4 more match (`--matching` shows them)" in ran.out
    assert "parity: 4 hold" in ran.out


def test_a_broken_demand_is_shown_though_all_agree(shop):
    ran = shop.run("diff", "dev", "ci")
    assert ran.code == 1
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["HOST", "localhost", "localhost", "different:", "broken"] in rows
    assert ["TOKEN", "value", "A", "value", "A", "different:", "broken"] in rows
    assert "2 of 7 names shown" in ran.out


def test_one_row_says_which_of_several_environments_agree(shop):
    found = cells(shop, "dev", "ci", "prod")
    assert found["TOKEN"] == ["value A", "value A", "value B", "different: broken"]


def test_all_agree(shop):
    shop.spec("environments: {a: {values: [{dotenv: .env}]}, b: {values: [{dotenv: .env}]}}")
    shop.env("A=1\n")
    assert shop.run("diff", "a", "b") == (0, "1 name compared: all match\n", "")
    shop.env("#\n")
    assert shop.run("diff", "a", "b") == (0, "nothing to compare\n", "")


@pytest.mark.parametrize(
    ("argv", "names"),
    [
        (["--only", "HOST"], {"HOST"}),
        (["--only", "P*"], {"PROXY", "PORT"}),
        (["--only", "seal", "--only", "KMS"], {"seal (key)", "KMS"}),
    ],
)
def test_only_selects_names(shop, argv, names):
    assert set(cells(shop, "dev", "prod", *argv)) == names


def test_only_decides_the_exit_code_too(shop):
    assert shop.run("diff", "dev", "ci", "--only", "VERSION").code == 0
    assert shop.run("diff", "dev", "ci", "--only", "TOKEN").code == 1


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["dev"], "dev with"),
        (["dev", "dev"], "dev is named twice"),
        (["dev", "prd"], "prd is neither an environment nor a snapshot: did you mean prod?"),
        (["dev", "nope.json"], "nope.json can't be read: there is no such file"),
        (["dev", "nope.json:prod"], "nope.json can't be read: there is no such file"),
        (["dev", "snap.json:ci"], "snap.json contains no environment ci"),
        (["dev", "snap.json:"], "snap.json: is neither an environment nor a snapshot"),
        (["dev", "folder.json"], "folder.json can't be read: it is a directory"),
        (["dev", "bad.json"], "bad.json is not a snapshot: it is not JSON"),
        (["dev", "form.json"], "form.json is not a snapshot: it does not match the format"),
        (["dev", "later.json"], "later.json is a snapshot of version 2"),
        (["dev", "deep.json"], "deep.json is not a snapshot"),
        (["dev", "prod", "--only", "HSOT"], "--only HSOT selects nothing: did you mean HOST?"),
        (["dev", "prod", "--expect", "equal"], "equal is not one of same, different, shape"),
        (["dev", "prod", "--format", "yaml"], "yaml is not one of text, json, markdown"),
    ],
)
def test_mistakes_are_told(shop, argv, said):
    shop.run("snapshot", "prod", "-o", "snap.json", environ=PEPPER)
    (shop.folder / "folder.json").mkdir()
    shop.write("bad.json", "\x00\xff")
    shop.write("form.json", '{"version": 1, "pepper": 4}')
    shop.write("later.json", '{"version": 2}')
    shop.write("deep.json", "[" * 100_000)
    ran = shop.run("diff", *argv)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "help: " in ran.err


@pytest.mark.parametrize("side", ["snap.json", "./snap.json", "snap.json:prod", "kept:prod"])
def test_a_snapshot_stands_for_the_environment_that_it_was_made_of(shop, side):
    shop.run("snapshot", "prod", "-o", "snap.json", environ=PEPPER)
    shop.run("snapshot", "prod", "dev", "-o", "kept", environ=PEPPER)
    live = json.loads(shop.run("diff", "dev", "prod", "--matching", "--format", "json").out)
    ran = shop.run("diff", "dev", side, "--matching", "--format", "json", environ=PEPPER)
    found = json.loads(ran.out)
    assert found["demands"] == live["demands"]
    assert live["demands"] == {"holds": 4, "broken": 0, "unknown": 0, "waived": 0}
    for mine, theirs in zip(found["rows"], live["rows"], strict=True):
        assert mine["agree"] == theirs["agree"]
        states = [[c["state"] for c in row["cells"].values()] for row in (mine, theirs)]
        assert states[0] == states[1]
        assert [d["verdict"] for d in mine["demands"]] == [d["verdict"] for d in theirs["demands"]]


def test_a_byte_order_mark_before_a_snapshot_does_no_harm(shop):
    shop.run("snapshot", "prod", "-o", "snap.json", environ=PEPPER)
    content = (shop.folder / "snap.json").read_bytes()
    shop.write("snap.json", b"\xef\xbb\xbf" + content)
    assert shop.run("diff", "dev", "snap.json", environ=PEPPER).code == 0


def test_two_snapshots_compare_without_the_pepper(shop):
    shop.run("snapshot", "-o", "snap.json", environ=PEPPER)
    found = cells(shop, "snap.json:dev", "snap.json:prod")
    assert found["TOKEN"] == ["value A", "value B", "different: holds"]
    assert found["HOST"] == ["value A", "value B", "different: holds"]
    assert found["PORT"] == ["value A (default)", "value A (default)"]
    assert len(cells(shop, "snap.json")["HOST"]) == 4, "all that the snapshot holds"


@pytest.mark.parametrize("environ", [{}, OTHER])
def test_under_another_pepper_values_are_unknown_and_states_are_not(shop, environ):
    shop.run("snapshot", "prod", "-o", "snap.json", environ=PEPPER)
    ran = shop.run("diff", "dev", "snap.json", "--matching", environ={**environ, "COLUMNS": "120"})
    assert ran.code == 3
    rows = [[p.strip() for p in line.split("  ") if p.strip()] for line in ran.out.splitlines()]
    assert ["TOKEN", "set", "set", "different: unknown"] in rows
    assert ["PROXY", "missing", "empty"] in rows
    assert (
        "values under different peppers can't be compared: set ASSAY_PEPPER to the pepper"
        in ran.out
    )
    assert shop.run("diff", "dev", "snap.json", "--allow-unknown", environ=environ).code == 0


def test_what_has_changed_since_a_snapshot_can_be_made_to_fail(shop):
    shop.run("snapshot", "prod", "-o", "before.json", environ=PEPPER)
    argv = ("diff", "prod", "before.json", "--expect", "same")
    assert shop.run(*argv, environ=PEPPER).code == 0
    shop.env(PROD.replace("VERSION=1", "VERSION=2"), "prod.env")
    ran = shop.run(*argv, environ=PEPPER)
    assert ran.code == 1
    assert "1 of 7 names shown" in ran.out
    assert shop.run("diff", "prod", "before.json", environ=PEPPER).code == 0, "nothing is demanded"


def test_an_environment_that_cannot_be_read_is_unknown(shop):
    (shop.folder / "prod.env").unlink()
    ran = shop.run("diff", "dev", "prod")
    assert ran.code == 3
    assert "prod is unknown: prod.env does not exist" in ran.out
    assert shop.run("diff", "dev", "prod", "--allow-unknown").code == 0
    assert shop.run("diff", "dev", "ci", "prod").code == 1, "what is certain is told all the same"


def test_a_key_that_cannot_be_made_is_unknown_and_says_why(shop):
    shop.env(DEV.replace(f"KMS={KEY}", "KMS=nothing of the kind"))
    ran = shop.run("diff", "dev", "prod")
    assert ran.code == 3
    assert "seal (key) in dev: not a usable key: it is not hex" in ran.out


def test_a_value_that_is_not_of_its_type_is_not_shown(shop):
    shop.env(DEV.replace("HOST=localhost", "HOST='p4ss word of somebody'"))
    ran = shop.run("diff", "dev", "prod")
    assert "p4ss" not in ran.said
    assert "db.acme.io" in ran.out


def test_a_value_that_holds_a_secret_is_not_shown(shop):
    shop.env(DEV.replace("VERSION=1", "VERSION=x-vR7mQ2xK9pL4tW8zN3cJ6yB1"))
    for form in ("text", "json", "markdown"):
        assert "vR7m" not in shop.run("diff", "dev", "prod", "--format", form).said
    hook = "https://api.example.com/?page=1&sig=zq9sig"
    shop.env(DEV.replace("VERSION=1", f"VERSION={hook}"))
    for form in ("text", "json", "markdown"):
        assert "zq9sig" not in shop.run("diff", "dev", "prod", "--format", form).said


def test_what_a_terminal_would_obey_is_shown_as_an_escape(shop):
    shop.env(DEV.replace("VERSION=1", "VERSION='a\x1b[31mb'"))
    for form in ("text", "markdown"):
        out = shop.run("diff", "dev", "prod", "--format", form).out
        assert "\x1b" not in out
        assert "a\\x1b[31mb" in out.replace("\\\\", "\\")


def test_a_long_value_is_cut_and_a_narrow_terminal_gets_blocks(shop):
    shop.env(DEV.replace("VERSION=1", f"VERSION={'x' * 500}"))
    wide = shop.run("diff", "dev", "prod", environ={"COLUMNS": "80"})
    assert all(len(line) <= 80 for line in wide.out.splitlines())
    assert "x…" in wide.out
    shop.spec(SPEC.replace("dev:", "development-of-somebody:").replace("prod:", "production-eu:"))
    narrow = shop.run("diff", "development-of-somebody", "production-eu", environ={"COLUMNS": "50"})
    assert all(len(line) <= 50 for line in narrow.out.splitlines())
    assert "HOST  different: holds\n  development-of-somebody  localhost\n" in narrow.out


def test_colour_is_for_those_who_want_it(shop):
    assert "\x1b[" not in shop.run("diff", "dev", "ci").out
    out = shop.run("diff", "dev", "ci", "--color", "always").out
    assert "\x1b[1;31mdifferent: broken\x1b[0m" in out
    plain = shop.run("diff", "dev", "ci", "--color", "never").out
    for code in ("\x1b[1m", "\x1b[0m", "\x1b[1;31m"):
        out = out.replace(code, "")
    assert out == plain


def test_markdown_is_a_table_that_nothing_can_break(shop):
    shop.env(DEV.replace("VERSION=1", "VERSION='a|b `c`'"))
    out = shop.run("diff", "dev", "prod", "--format", "markdown").out
    table = [line for line in out.splitlines() if line.startswith("|")]
    assert table[0] == "| name | `dev` | `prod` | parity |"
    assert "| `VERSION` | `` a\\|b `c` `` | `1` | **same: broken** |" in table
    assert "| `seal` (key) |" not in out


def test_json_says_all_that_the_table_does(shop):
    ran = shop.run("diff", "dev", "ci", "--format", "json")
    found = json.loads(ran.out)
    assert (found["exit-code"], ran.code, found["version"]) == (1, 1, 1)
    assert [column["label"] for column in found["columns"]] == ["dev", "ci"]
    [token] = [row for row in found["rows"] if row["name"] == "TOKEN"]
    assert token["cells"]["dev"] == {
        "state": "readable",
        "group": "A",
        "value": None,
        "reason": None,
    }
    [host] = [row for row in found["rows"] if row["name"] == "HOST"]
    assert host["cells"]["dev"]["value"] == "localhost"
    assert host["demands"] == [
        {
            "demand": "different",
            "columns": ["dev", "ci"],
            "severity": "error",
            "verdict": "broken",
        }
    ]
    assert found["hidden"] == 5


def test_a_warning_fails_only_where_that_is_asked_for(shop):
    entry = (
        "parity: {e: {between: [dev, prod], variables: {VERSION: different}, severity: warning}}"
    )
    shop.spec(SPEC + entry)
    assert shop.run("diff", "dev", "prod").code == 0
    assert shop.run("diff", "dev", "prod", "--fail-on", "warning").code == 1


def test_demands_between_some_of_the_columns_say_between_which(shop):
    shop.spec(SPEC + "parity: {e: {between: [dev, prod], variables: {PROXY: shape}}}")
    found = cells(shop, "dev", "ci", "prod")
    assert found["PROXY"] == ["missing", "missing", "empty", "shape (dev, prod): broken"]


def test_a_name_that_only_a_process_could_hold_is_unknown_there(shop):
    shop.spec("environments: {dev: {values: [{dotenv: .env}]}, live: {values: [process]}}")
    shop.env("STRAY=1\n")
    ran = shop.run("diff", "dev", "live")
    assert [line.split() for line in ran.out.splitlines()][1] == ["STRAY", "value", "A", "unknown"]
    assert "STRAY in live: live does not include it" in ran.out


def test_a_closed_pipe_ends_it_quietly(shop):
    with shop.start("diff", "dev", "prod") as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() in (0, 141)


def test_letters_go_on_behind_z():
    assert [letter(n) for n in (0, 1, 25, 26, 27, 51, 52, 701, 702)] == [
        *("A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA")
    ]


def test_wide_characters_are_cut_by_the_columns_that_they_take():
    assert cut("日本語", 6) == "日本語"
    assert cut("日本語", 5) == "日本…"
    assert cut("日本語", 4) == "日…"

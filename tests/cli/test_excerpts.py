"""An excerpt shows the assignment or the field that a finding is about, and nobody else's."""

from __future__ import annotations

import json
import re

import pytest

from assay import dotenv
from assay.assignments import Assignments
from assay.model import Location
from assay.redacted import BULLETS
from assay.reporters import REPORTERS

SPEC = """\
variables:
  PORT: {{type: port}}
  MODE: {{type: enum, options: [a, b], required: false}}
  PIN: {{secret: true, required: false}}
  DB_PASSWORD: {{required: false}}
environments:
  dev: {{values: [{{dotenv: {{path: .env, dialect: {dialect}}}}}]}}
rules:
  r: {{assert: 'PORT > 70000', message: the port is low}}
"""
LINES = (
    "PORT=99999 # old: hunter2",
    "PORT=99999 #hunter2",
    "PORT=99999\t# hunter2",
    "PORT='99999' # hunter2",
    'PORT="99999" # hunter2',
    "PIN=hunter2 PORT=99999",
    "PIN=hunter2; PORT=99999",
    "export PIN=hunter2; PORT=99999",
    "export PIN=hunter2 PORT=99999",
    "PORT=99999 PIN=hunter2",
    "PORT=99999; PIN=hunter2",
    "PORT=99999;PIN=hunter2",
    "PORT=99999 && PIN=hunter2",
    "export PORT=99999 PIN=hunter2",
    "PORT=99999 DB_PASSWORD=hunter2",
    "PORT=99999 UNDECLARED=hunter2",
    "PORT=99999 UNDECLARED: hunter2",
    "PORT='99999' PIN='hunter2'",
    'PORT="99999 PIN=hunter2"',
    "PORT='99999 # hunter2'",
    'PORT="99999\nPIN=hunter2"',
    "PORT='99999\nhunter2'",
    "PORT=99999 \\\n PIN=hunter2",
    "PIN='hunter2\nPORT=99999\nhunter2'",
    'PIN="x\nhunter2" PORT=99999',
    "PORT: 99999 # hunter2",
    "PORT=99999 hunter2",
    "PORT=99999 ${PIN:-hunter2}",
    "PORT=99999$(echo hunter2)",
    "PIN=hunter2\nPORT=99999 # hunter2",
    "DB_PASSWORD=hunter2",
    "UNDECLARED=hunter2\nPORT=99999",
    "MODE=c # hunter2\nPORT=80",
    "PIN=hunter2 MODE=c PORT=80",
)


def told(project, line: str, *, thorough: bool = False) -> list[str]:
    """What is said of a .env file with one line, or a few."""
    project.env(line + "\n")
    outputs = [f"--output={name}={project.folder / name}" for name in REPORTERS]
    said = [project.run("check", "-v", *outputs).said]
    said += [(project.folder / name).read_text(encoding="utf-8") for name in REPORTERS]
    if thorough:
        said += [project.run("hook", ".env").said, project.run("hook", "-", stdin=line).said]
        said.append(project.run("check", "--color", "always", environ={"COLUMNS": "40"}).said)
    return said


@pytest.mark.parametrize("dialect", dotenv.DIALECTS)
def test_a_neighbour_on_the_line_is_in_no_report(project, dialect):
    project.spec(SPEC.format(dialect=dialect))
    for line in LINES:
        said = told(project, line, thorough=dialect == "shell")
        assert [text for text in said if "hunter2" in text] == [], line


def test_nor_is_it_where_two_loaders_read_the_line(project):
    two = "  two: {{values: [{{dotenv: {{path: .env, dialect: node}}}}]}}\nrules:"
    project.spec(SPEC.replace("rules:", two).format(dialect="shell"))
    for line in LINES:
        assert [text for text in told(project, line) if "hunter2" in text] == [], line


def test_the_assignment_itself_is_shown_and_the_carets_are_under_it(project):
    project.spec(SPEC.format(dialect="shell"))
    project.env("export PIN=hunter2; PORT=99999 # old: hunter2\n")
    said = project.run("check").out
    assert f" 1 | {BULLETS} PORT=99999 {BULLETS}\n   |             ^^^^^\n" in said
    project.env("  export PORT=99999\n")
    assert " 1 | PORT=99999\n   |      ^^^^^\n" in project.run("check").out


def test_sarif_quotes_the_same(project):
    project.spec(SPEC.format(dialect="shell"))
    project.env("export PORT=99999 PIN=hunter2 # old: hunter2\n")
    ran = project.run("check", "--format", "sarif")
    places = re.findall(r'"text": "([^"]*99999[^"]*)"', ran.out)
    assert sorted(set(places)) == ["99999", f"PORT=99999 {BULLETS}"]
    project.env("export PIN=hunter2; PORT=99999 # old: hunter2\n")
    ran = project.run("check", "--format", "sarif")
    places = re.findall(r'"text": "([^"]*99999[^"]*)"', ran.out)
    assert set(places) == {f"{BULLETS} PORT=99999 {BULLETS}"}  # of a line without a column


def test_a_sensitive_place_does_not_say_where_it_ends(project):
    project.spec(
        "variables: {KEY: {type: uuid, secret: true}, PORT: {type: port}}\n"
        "environments: {dev: {values: [dotenv: .env]}}\n"
        "rules: {r: {assert: 'KEY == \"x\"', message: x}}\n"
    )
    found = []
    for value in ("abcd", "abcdefghijkl"):
        project.env(f"PORT=0\nKEY={value}\n")
        found.append([project.run("check", "--format", form).out for form in REPORTERS])
    assert found[0] == found[1], "nothing tells the length of a secret"


def test_what_changed_since_it_was_read_is_not_shown():
    seen = Assignments()
    at = Location(file=".env", line=1, column=1)
    value = Location(file=".env", line=1, column=6, end_column=8)
    seen.add("/x/.env", "PORT", at, value, "80")
    assert seen.quoted("/x/.env", "PORT=80", value)
    assert seen.quoted("/x/.env", "PIN=1234", value) is None
    assert seen.quoted("/x/.env", "PORT=80", Location(file=".env", line=2, column=6)) is None
    assert seen.quoted("/y/.env", "PORT=80", value) is None


def test_what_is_read_as_a_secret_elsewhere_is_hidden_within_a_value():
    seen = Assignments()
    at = Location(file=".env", line=1, column=1)
    value = Location(file=".env", line=1, column=6, end_column=20)
    seen.add("/x/.env", "PORT", at, value, "80/hunter2/abc")
    inner = Location(file=".env", line=1, column=9, end_column=16)
    seen.hide("/x/.env", inner, "hunter2")
    quoted = seen.quoted("/x/.env", "PORT=80/hunter2/abc", value)
    assert quoted is not None
    assert quoted.text == f"PORT=80/{BULLETS}"
    seen.hide("/x/.env", Location(file=".env", line=1), "x")  # without a column it is no place
    seen.hide("/x/.env", Location(file=".env", line=1, column=4, end_column=8), "T=8")
    assert seen.quoted("/x/.env", "PORT=80/hunter2/abc", value) is None


SPECS = (
    "variables:\n  A: {type: prot} # hunter2",
    "variables:\n  # hunter2\n  A: {type: prot}",
    "variables:\n  A: {type: prot, default: hunter2}",
    "variables:\n  A: {type: prot, example: hunter2, default: 'hunter2'}",
    "variables:\n  A: {default: hunter2, secrit: true}",
    "variables:\n  A: {defualt: hunter2}",
    "variables:\n  A: {defualt: [hunter2]}",
    "variables:\n  A:\n    defualt: hunter2",
    "variables:\n  DB_PASSWORD: {type: port, default: hunter2}",
    "variables:\n  DB_PASSWORD:\n    type: port\n    default: hunter2",
    "variables:\n  DB_PASSWORD:\n    type: port\n    default: >-\n      hunter2",
    "variables:\n  A: {secret: true, type: port, default: hunter2}",
    "variables:\n  A: {type: stripe-key, default: hunter2}",
    "variables:\n  A: hunter2",
    "variables:\n  A: {required: A == 'x', when: '(', default: hunter2}",
    "variables: {A: {type: prot}, DB_PASSWORD: hunter2}",
    "variables: {A: {type: prot}, DB_PASSWORD: {default: hunter2}}",
    "environments:\n  dev: {values: [{dotenv: .env}], DB_PASSWORD: hunter2}",
    "environments:\n  dev: {values: {DB_PASSWORD: hunter2}}",
    "environments:\n  dev: {values: [DB_PASSWORD=hunter2]}",
    "environments:\n  dev: [{DB_PASSWORD: hunter2}]",
    "environments:\n  dev: {DB_PASSWORD: hunter2}",
    "environments:\n  dev:\n    values:\n    - DB_PASSWORD: hunter2",
    "variables: {A: {default: &x hunter2, tpye: port}}",
    "variables: {A: {default: !!str hunter2}}",
    "variables: {A: {<<: hunter2}}",
    "variables: {A: {default: 0hunter2, requird: no}, A: {default: hunter2}}",
    "variables: {A: {default: hunter2}, ? [x] : y}",
    "variables: {A: {default: hunter2",
    "variables: {A: {default: 'hunter2",
    "variables:\n  A: {default: hunter2}\n B: {default: hunter2}",
    "variables:\n  A: default: hunter2",
    "variables:\n  A:\n\tdefault: hunter2",
    "variables:\n  A: {default: hunter2}\n---\n",
    "variables: {A: {default: hunter2}}\x07",
    "variables: [{A: {default: hunter2}}]",
    "variables: [{name: A, default: hunter2}]",
    "variables: [{name: A, DB_PASSWORD: hunter2, type: port}]",
    "DB_PASSWORD=hunter2",
    "DB_PASSWORD: hunter2",
    "rules: {r: {asert: x}} # hunter2",
    "keys: {k: {variable: hunter2, cipher: x}}",
    "waivers: [{rule: x, subject: y, reason: z}] # hunter2",
)


@pytest.mark.parametrize("text", SPECS)
def test_a_neighbour_in_a_spec_is_in_no_report(project, text):
    if not text.startswith("environments"):
        text = f"environments: {{dev: {{values: [dotenv: .env]}}}}\n{text}"
    project.spec(text + "\n")
    project.env("B=1\n")
    said = [project.run("lint", "--format", form).said for form in REPORTERS]
    said += [project.run("check", "--format", form).said for form in ("text", "sarif")]
    said.append(project.run("lint", "--spec", "-", stdin=f"assay: 1\n{text}").said)
    said.append(project.run("hook", ".env").said)
    assert [one for one in said if "hunter2" in one] == []


def test_the_field_itself_stays_readable(project):
    project.spec(
        "variables:\n"
        "  PORT: {type: prot, required: true}  # the port\n"
        "  HOST: {type: hostname, default: 'not a host'}\n"
        "environments: {dev: {values: [dotenv: .env]}}\n"
        "rules: {r: {assert: PROT > 1, message: x}}\n"
    )
    said = project.run("lint").out
    assert " 3 |   PORT: {type: prot, required: true}\n   |                ^^^^\n" in said
    assert "{assert: PROT > 1, message: x}" in said
    project.spec("variables:\n  HOST: {type: hostname, default: 'not a host'}  # x\n")
    said = project.run("lint").out
    assert " 3 |   HOST: {type: hostname, default: 'not a host'}\n" in said
    assert "   |                                   ^^^^^^^^^^^^\n" in said


def test_the_values_of_a_fixture_test_are_bullets(project):
    project.spec(SPEC.format(dialect="node"))
    project.write(
        "specs/tests/a.yaml",
        "assay: 1\ntests:\n"
        "- {name: x, environment: dev, values: {PORT: '80', A: hunter2}, findngs: []}\n",
    )
    for form in REPORTERS:
        assert "hunter2" not in project.run("test", "--format", form).said


def test_json_gives_the_end_of_what_is_no_secret(project):
    project.spec(SPEC.format(dialect="node"))
    project.env("PORT=99999\n")
    ran = project.run("check", "--format", "json")
    places = [
        f["location"] for f in json.loads(ran.out)["findings"] if f["rule"].startswith("port")
    ]
    assert places[0]["end-column"] == 11


SHORT, LONG = "qzxw4Rt7Kp2mVb9Lc6Ns8", "qzxw4Rt7Kp2mVb9Lc6Ns8Gh3Jd5Fy"
ENDS = (
    "{}'",
    '{}"',
    "'{}'x",
    "'{}' x",
    '"{}" X=1',
    "'{}'; PORT=99999",
    "{};x=1",
    "${{{}:-x",
    '"{}$(x)"',
    "{}${{X:?no}}",
    "{}${{X",
    "{}$(x",
    "{}\\'x'",
    "{}(x)",
    "{} export X=1",
    "{}&& PORT=99999",
    '"1\n{}" PORT=99999',
    "'1\n{}'x",
)
WITH_OTHERS = """\
variables:
  DB_PASSWORD:
  PORT: {{type: port, required: false}}
environments:
  dev: {{values: [{{dotenv: {{path: .env, dialect: {dialect}, also-read-by: [{others}]}}}}]}}
"""


@pytest.mark.parametrize("dialect", dotenv.DIALECTS)
@pytest.mark.parametrize("end", ENDS)
def test_no_place_says_where_a_secret_ends(project, dialect, end):
    others = ", ".join({"shell", "compose", "node"} - {dialect})
    project.spec(WITH_OTHERS.format(dialect=dialect, others=others))
    said = []
    for secret in (SHORT, LONG):
        text = f"DB_PASSWORD={end.format(secret)}\n"
        project.env(text)
        said.append(
            [project.run("check", "--format", form).said for form in ("json", "sarif", "github")]
            + [project.run("check").said, project.run("hook", ".env").said]
        )
    assert not any("qzxw" in one for ones in said for one in ones)
    places = [re.findall(r"(?:column|Column|col=|:\d+:)\W*\d+", " ".join(ones)) for ones in said]
    assert places[0] == places[1]


@pytest.mark.parametrize("dialect", ["node", "docker"])
def test_a_name_inside_of_a_secret_is_not_told(project, dialect):
    project.spec(WITH_OTHERS.format(dialect=dialect, others="shell, python"))
    project.env("DB_PASSWORD=plum;otter=1\n")
    said = project.run("check").said + project.run("check", "--format", "json").said
    assert "DB_PASSWORD is read differently by" in said
    assert "otter" not in said


STRAYS = (
    *("hunter2", "zq7wPx", "Ember42!q", "plumotter77", "plum-otter-dusk", "plum otter dusk"),
    *("correct horse battery staple", "JBSWY3DPEHPK3PXP", "kmdfjwzpqxtvbnrs", "xkcd_Pass2word!"),
)
PUBLIC = """\
variables:
  PORT: {type: port, required: false}
  MODE: {type: enum, options: [a, b], required: false}
  URL: {type: url, required: false}
  TITLE: {max-length: 3, required: false}
  EMAIL: {type: email, required: false}
  FLAG: {type: boolean, required: false}
  DB_PASSWORD: {required: false}
environments:
  dev: {values: [dotenv: .env]}
"""


@pytest.mark.parametrize("name", ["PORT", "MODE", "URL", "TITLE", "EMAIL", "FLAG"])
def test_what_may_be_a_password_in_a_wrong_variable_is_not_shown(project, name):
    project.spec(PUBLIC)
    for stray in STRAYS:
        project.env(f"{name}='{stray}'\n")
        ran = project.run("check")
        assert ran.code == 1, stray
        said = ran.said + project.run("hook", ".env").said
        said += "".join(project.run("check", "--format", form).said for form in REPORTERS)
        assert stray not in said


@pytest.mark.parametrize(
    ("name", "slip"),
    [("PORT", "80800"), ("PORT", "eighty"), ("MODE", "prodution"), ("URL", "htps://example.com")],
)
def test_a_slip_is_shown(project, name, slip):
    project.spec(PUBLIC)
    project.env(f"{name}={slip}\n")
    assert f"{name}={slip}\n" in project.run("check").out


def test_the_value_of_a_secret_is_not_shown_in_another_variable_however_short(project):
    project.spec(PUBLIC)
    said = []
    for secret in ("swan", "elephants"):
        project.env(f"DB_PASSWORD={secret}\nPORT={secret}\n")
        one = project.run("check").said + project.run("hook", ".env").said
        one += "".join(project.run("check", "--format", form).said for form in REPORTERS)
        assert secret not in one
        said.append(re.findall(r"[Cc]olumn\W*\d+", one))
    assert said[0] == said[1]

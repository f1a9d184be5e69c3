"""An installed plug-in gets all that our own kinds, types and sources get."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID
from tests.docs.test_docs import blocks
from tests.plugin.conftest import PAGE, block

import assay
from assay import credentials, extending
from assay.reporters import REPORTERS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project

SECRET = "acme_4f9Q2m7Xb1Zk8Rt3Vw6Yc0Ls"
VALID = "the spec is valid: 1 environment, 1 certificate-file, 1 variable in 1 file\n"
SPEC = block("specs/app.yaml")


def certificate(days: int) -> bytes:
    """A PEM certificate that is valid for some more days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "acme.example")])
    now = datetime.now(tz=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def test_the_commands_of_the_page_print_what_it_says(acme: Project) -> None:
    [session] = [found for found in blocks(PAGE) if found.language == "console"]
    for step in re.split(r"^\$ ", session.text, flags=re.MULTILINE)[1:]:
        line, _, expected = step.partition("\n")
        done = acme.run(*shlex.split(line)[1:])
        assert done.said == expected


def test_all_that_it_imports_of_assay_is_there_for_plug_ins() -> None:
    code = "".join(found.text for found in blocks(PAGE) if found.language == "python")
    assert set(re.findall(r"^(?:from|import) (assay[\w.]*)", code, re.MULTILINE)) == {
        "assay.extending"
    }
    assert list(extending.__all__) == sorted(extending.__all__, key=lambda n: (n[0].islower(), n))
    public = {name for name in vars(extending) if not name.startswith("_")}
    assert public == set(extending.__all__)


def test_the_whole_of_the_spec_is_checked(acme: Project) -> None:
    acme.write("certs/web.pem", certificate(90))
    done = acme.run("check", "-v")
    assert done.code == 0, done.said
    assert "web (certificate-file)" in done.out
    acme.write("certs/web.pem", certificate(3))
    acme.write("settings.json", '{"ACME_TOKEN": "acme_no"}')
    done = acme.run("check")
    assert done.code == 1
    assert "the certificate in certs/web.pem is valid for 3 more days" in done.out
    assert "ACME_TOKEN is not an Acme token: expected acme_ followed by 24 letters" in done.out
    assert "specs/app.yaml:9:3" in done.out


def test_a_source_that_can_not_be_read_is_unknown(acme: Project) -> None:
    acme.write("settings.json", "{")
    done = acme.run("check", "--only", "variable")
    assert done.code == 3
    assert "settings.json isn't valid JSON" in done.out


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("path: certs/web.pem, days: -1", "a certificate can't be valid for a negative number"),
        ("path: certs/web.pem, dayz: 3", "dayz is not a field of certificate-files.web"),
        ("days: 3", "certificate-files.web lacks the field path"),
    ],
)
def test_mistakes_are_found_offline(acme: Project, wrong: str, said: str) -> None:
    acme.spec(SPEC.replace("path: certs/web.pem, days: 30", wrong))
    done = acme.run("lint")
    assert done.code == 2
    assert said in done.said
    assert "specs/app.yaml:9:" in done.said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{type: acme-tokn}", "acme-token?"),
        ("{type: acme-token, size: 0}", "size"),
        ("{type: port, size: 3}", "size is not a field of the type port"),
    ],
)
def test_mistakes_in_types_are_explained(acme: Project, wrong: str, said: str) -> None:
    acme.spec(SPEC.replace("{type: acme-token}", wrong))
    done = acme.run("lint")
    assert done.code == 2
    assert said in done.said


def test_checks_are_selected_and_waived(acme: Project) -> None:
    for word in ("certificate-file", "certificate-files", "web"):
        done = acme.run("check", "--only", word)
        assert done.code == 1
        assert "ACME_TOKEN" not in done.out
    waiver = "waivers: [{rule: certificate-file-missing, subject: web, reason: soon}]\n"
    acme.spec(SPEC + waiver)
    done = acme.run("check")
    assert done.code == 0, done.said


def test_rules_are_explained_and_listed(acme: Project) -> None:
    done = acme.run("explain")
    assert "certificate-file-expiring" in done.out
    assert "acme-token-malformed" in done.out
    assert "variable-missing" in done.out
    assert acme.run("explain", "acme-token-malformd").code == 2
    (acme.folder / "specs" / "app.yaml").unlink()
    done = acme.run("explain", "certificate-file-missing")
    assert done.code == 2, "outside of a project that uses it, there is no such rule"


def test_the_schema_has_what_the_plug_in_adds(acme: Project) -> None:
    schema = json.loads(acme.run("schema").out)
    assert "certificate-files" in schema["properties"]
    data = yaml.safe_load(SPEC)
    jsonschema.validate(data, schema)
    data["certificate-files"]["web"]["days"] = "soon"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)
    text = json.dumps(schema)
    for word in ("acme-token", "acme-store", "acme-checklist", "acme-box"):
        assert f'"{word}"' in text
    (acme.folder / "specs" / "app.yaml").write_text("assay: 1\nvariables: {A: }\n")
    assert "acme-token" not in acme.run("schema").out


def test_documents_are_made_and_tell_of_the_type(acme: Project) -> None:
    assert acme.run("docs").code == 0
    text = (acme.folder / "docs" / "checklist.md").read_text()
    assert "- [ ] `certs/web.pem`" in text
    assert acme.run("docs", "--check").code == 0
    assert acme.run("docs", "--as", "acme-checklist").out
    assert "An Acme token" in acme.run("docs", "--as", "environment-reference").out
    done = acme.run("docs", "--as", "acme-checklst")
    assert done.code == 2
    assert "did you mean acme-checklist?" in done.err
    acme.write("specs/templates/documents/acme-checklist.md.j2", "mine\n")
    assert "mine" in acme.run("docs", "--as", "acme-checklist").out


@pytest.mark.parametrize("form", REPORTERS)
def test_every_report_tells_of_the_plug_in(acme: Project, form: str) -> None:
    done = acme.run("check", "--format", form)
    assert done.code == 1
    told = "certificate-file-missing: web" if form == "short" else "certs/web.pem"
    assert told in done.out
    assert SECRET not in done.said


def test_rules_stand_in_sarif(acme: Project) -> None:
    log = json.loads(acme.run("check", "--format", "sarif").out)
    rules = {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert "certificate-file-missing" in rules


def test_its_own_report_is_written_too(acme: Project) -> None:
    path = acme.folder / "list.txt"
    done = acme.run("check", f"--output=acme-list={path}")
    assert done.code == 1
    assert path.read_text() == "certificate-file-missing: web\n"
    done = acme.run("check", "--format", "acme-lst")
    assert done.code == 2
    assert "acme-lst is not a report format: did you mean acme-list?" in done.err


def test_fixture_tests_run_its_kinds_and_types(acme: Project) -> None:
    acme.write(
        "specs/tests/app.yaml",
        "assay: 1\n"
        "tests:\n"
        "  - name: short\n"
        "    environment: production\n"
        "    values: {ACME_TOKEN: acme_short}\n"
        "    findings:\n"
        "      - acme-token-malformed: ACME_TOKEN\n"
        "      - certificate-file-missing: web\n",
    )
    done = acme.run("test")
    assert done.code == 0, done.said


def test_a_column_is_opened_by_its_envelope(acme: Project) -> None:
    key, nonce = bytes(range(32)), bytes(12)
    sealed = base64.b64encode(nonce + AESGCM(key).encrypt(nonce, b"hello", b""))
    acme.database(
        "app.db", f"CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT);"
        f"INSERT INTO t VALUES (1, 'acme:{sealed.decode()}')",
    )  # fmt: skip
    acme.env(f"KEY={key.hex()}\n")
    acme.spec(
        "plugins: [acme-assay]\n"
        "environments: {production: {values: [dotenv: .env]}}\n"
        "databases: {main: {sqlite: {path: app.db}}}\n"
        "keys: {main: {variable: KEY, encoding: hex, cipher: aes-256-gcm}}\n"
        "variables: {KEY: {type: hex, bytes: 32, secret: true}}\n"
        "tables: {t: {}}\n"
        "credentials: {c: {table: t, identity: [id], key: main, columns: {s: acme-box}}}\n"
    )
    done = acme.run("check", "-v")
    assert done.code == 0, done.said
    assert "c (credential)" in done.out
    acme.env(f"KEY={'ab' * 32}\n")
    assert acme.run("check").code == 1


def test_an_application_opens_columns_with_its_envelope(acme: Project) -> None:
    key, nonce = bytes(range(32)), bytes(12)
    body = base64.b64encode(nonce + AESGCM(key).encrypt(nonce, b"hello", b"")).decode()
    acme.env(f"KEY={key.hex()}\n")
    acme.spec(
        "plugins: [acme-assay]\n"
        "environments: {production: {values: [dotenv: .env]}}\n"
        "databases: {main: {sqlite: {path: app.db}}}\n"
        "keys: {main: {variable: KEY, encoding: hex, cipher: aes-256-gcm}}\n"
        "variables: {KEY: {type: hex, bytes: 32, secret: true}}\n"
        "tables: {t: {}}\n"
        "credentials: {c: {table: t, identity: [id], key: main,"
        " columns: {own: {envelope: acme-box, plaintext: acme-token}, other: laravel}}}\n"
    )
    spec = assay.load(str(acme.folder / "specs"))
    where: Any = {"spec": spec, "environment": "production", "credential": "c"}
    token = AESGCM(key).encrypt(nonce, SECRET.encode(), b"")
    sealed = b"acme:" + base64.b64encode(nonce + token)
    opener = credentials.opener(**where, column="own")
    assert opener.open(sealed) == SECRET.encode()
    assert asyncio.run(opener.aopen(sealed)) == SECRET.encode()
    assert credentials.open(sealed, **where, column="own") == SECRET.encode()
    for column in ("own", "other"):
        with pytest.raises(credentials.CredentialError) as caught:
            credentials.open(b"acme:" + body.encode(), **where, column=column)
        assert ("Acme box" in caught.value.message) == (column == "other")


def test_a_spec_that_imports_another_has_its_plug_ins(acme: Project) -> None:
    acme.write("shared/acme.yaml", SPEC.partition("documents:")[0])
    acme.spec("imports: [../shared/acme.yaml]\ncertificate-files:\n  api: {path: certs/api.pem}\n")
    done = acme.run("check", "--only", "certificate-file")
    assert "certs/api.pem holds no certificate" in done.out
    assert "certs/web.pem holds no certificate" in done.out


def test_the_hook_knows_the_type_and_its_cache_nothing_of_plug_ins(acme: Project) -> None:
    acme.spec(SPEC.replace("[acme-store: settings.json]", "[dotenv: .env]"))
    acme.env("ACME_TOKEN=acme_no\n")
    done = acme.run("hook", ".env")
    assert done.code == 1
    assert "ACME_TOKEN is not an Acme token" in done.out
    cache = os.environ["XDG_CACHE_HOME"]
    kept = [name for _, _, names in os.walk(cache) for name in names]
    assert not [name for name in kept if name.endswith((".plan", ".tree"))]


def test_the_library_loads_and_runs_it(acme: Project) -> None:
    spec = assay.load(str(acme.folder / "specs"))
    report = assay.run(spec, process={})
    assert [found.rule for found in report.failures()] == ["certificate-file-missing"]
    assert report.render("acme-list") == "certificate-file-missing: web\n"
    assert report.select(kind="variable").render("acme-list") == ""
    rules = json.loads(report.render("sarif"))["runs"][0]["tool"]["driver"]["rules"]
    assert "certificate-file-missing" in {rule["id"] for rule in rules}
    assert "acme-list" not in REPORTERS
    with pytest.raises(assay.UsageError, match="did you mean acme-list"):
        report.render("acme-lst")


def test_it_works_as_a_process_of_its_own(acme: Project, packages: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(packages)}
    done = acme.spawn("check", "--only", "certificate-file", env=environ)
    assert (done.code, done.err) == (1, "")
    assert "certs/web.pem holds no certificate" in done.out
    done = acme.spawn("check", "--untrusted", "--only", "certificate-file", env=environ)
    assert "certs/web.pem holds no certificate" in done.out
    done = acme.spawn("lint", env=environ)
    assert (done.code, done.out, done.err) == (0, VALID, "")


def test_without_plug_ins_none_is_looked_for(acme: Project, packages: Path) -> None:
    acme.spec("variables: {PORT: {type: port}}\n")
    acme.env("PORT=80\n")
    program = (
        "import sys\nfrom assay.cli import main\nmain(['check'])\n"
        "print([n for n in ('importlib.metadata', 'acme_assay', 'assay.plugins') "
        "if n in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=acme.folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(packages)}, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]", done.stderr

"""What the pages show an application to do opens a row, and tells why another one stays shut."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.packaging.conftest import ROOT

if TYPE_CHECKING:
    from tests.project import Project

KEY, OLD = "cf3d2a9e17b8405691e6d80b5f27ac34" * 2, "0a4b8c1d2e3f5061728394a5b6c7d8e9" * 2
PLAIN = b"KCTKmjws5lR8OYlD6ex0YhMS8zNBqvgj"
BLOCK = re.compile(r"^```(?:python|yaml specs/billing.yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sealed(key: str) -> tuple[bytes, bytes, bytes]:
    """Nonce, tag and text."""
    nonce = b"made up once"
    made = AESGCM(bytes.fromhex(key)).encrypt(nonce, PLAIN, b"")
    return nonce, made[-16:], made[:-16]


def row(key: str) -> dict[str, Any]:
    parts = sealed(key)
    text = ":".join(part.hex() for part in parts)
    identity = {"tenant_id": 9, "environment": "production"}
    return {**identity, "consumer_key_enc": b"".join(parts), "passkey_enc": text}


def blocks(page: str) -> list[str]:
    return BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))


@pytest.fixture
def names(project: Project, monkeypatch) -> dict[str, Any]:
    """What the examples find where they stand, and what they told."""
    spec = blocks("docs/credentials.md")[0]
    project.write("specs/billing.yaml", spec)
    project.env(f"MPESA_KMS_KEY={KEY}\nMPESA_KMS_KEY_OLD={OLD}\nDATABASE_URL=postgres://u@h/d\n")
    monkeypatch.chdir(project.folder)
    told: list[tuple[str, ...]] = []
    return {
        "told": told,
        "alert": lambda *words: told.append(words),
        "log": SimpleNamespace(error=lambda _, *words: told.append(words)),
        "settings": SimpleNamespace(MPESA_KMS_KEY=KEY),
    }


@pytest.mark.parametrize("key", [KEY, OLD], ids=["its key", "an earlier key"])
def test_the_readme_opens_a_row_or_logs_why_not(names, key):
    (shown,) = blocks("README.md")
    exec(shown, {**names, "row": row(key)}, names)
    if key == KEY:
        assert (names["passkey"], names["told"]) == (PLAIN, [])
    else:
        ((message, remedy),) = names["told"]
        assert message.endswith("encrypted with MPESA_KMS_KEY_OLD, an earlier key")
        assert remedy.startswith("Keep MPESA_KMS_KEY_OLD until")


def test_the_page_on_credentials_opens_rows_with_and_without_a_spec(names):
    _, by_spec, given = blocks("docs/credentials.md")
    exec(by_spec, names)
    assert names["consumer_key"](row(KEY)) == PLAIN.decode()
    with pytest.raises(names["credentials"].KeyFault):
        names["consumer_key"](row(OLD))
    ((message, _),) = names["told"]
    assert message.startswith("mpesa.consumer_key_enc, row 9/production: ")
    names["ciphertext"] = row(KEY)["passkey_enc"]
    exec(given, names)
    assert names["plaintext"] == PLAIN

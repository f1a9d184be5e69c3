"""A project with an encrypted column, and texts to put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import assay
from assay import credentials

if TYPE_CHECKING:
    from tests.project import Project

TEXT = "cf3d2a9e17b8405691e6d80b5f27ac34"
OLD = "0a4b8c1d2e3f5061728394a5b6c7d8e9"
OTHER = "5b1f7d20c9e84a63b0d2f8417ac6e395"
PLAIN = b"KCTKmjws5lR8OYlD6ex0YhMS8zNBqvgj"
SPEC = """
environments:
  production: {values: [{dotenv: .env}]}
  ci: {values: [process]}
variables:
  KEY: {secret: true}
  KEY_OLD: {secret: true, required: false}
keys:
  secrets: {variable: KEY, cipher: aes-128-gcm, encoding: hex, previous: [KEY_OLD]}
databases:
  main: {sqlite: {path: app.db}}
tables:
  secrets:
    columns: {id: {type: integer, primary-key: true}, tenant: text, secret: blob, bound: blob}
credentials:
  mpesa:
    table: secrets
    key: secrets
    identity: [id, tenant]
    columns:
      secret:
        envelope: {cipher: aes-128-gcm, layout: ['iv:12', 'tag:16', ciphertext]}
        plaintext: {type: text, pattern: '[A-Za-z0-9]{32}'}
      bound:
        envelope: {cipher: aes-128-gcm, layout: ['iv:12', 'tag:16', ciphertext], aad: 'row {id}'}
"""


def sealed(key: str = TEXT, plain: bytes = PLAIN, aad: bytes = b"") -> bytes:
    nonce = b"made up once"
    made = AESGCM(bytes.fromhex(key)).encrypt(nonce, plain, aad)
    return nonce + made[-16:] + made[:-16]


def garbage(count: int) -> list[bytes]:
    """Texts that nothing opens, each of its own; the same every time."""
    return [sealed(OTHER, PLAIN[:31] + bytes([48 + n % 60])) for n in range(count)]


def loaded(project: Project, env: str = f"KEY={TEXT}\nKEY_OLD={OLD}\n") -> assay.Spec:
    project.spec(SPEC)
    project.env(env)
    return assay.load(project.folder / "specs")


def opener(spec: assay.Spec, column: str = "secret", **more: Any) -> credentials.Opener:
    how = {"environment": "production", "credential": "mpesa", **more}
    return credentials.opener(spec=spec, column=column, **how)

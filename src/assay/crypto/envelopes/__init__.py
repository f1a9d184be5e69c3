"""Envelopes: the formats in which applications store ciphertext, one class for each. Pure.

The registry is explicit. It maps each envelope's name in specs to the module and class that define
it, and a module is imported only when its envelope is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from assay.crypto.envelopes.base import Envelope

ENVELOPES: dict[str, str] = {
    "active-record": "active_record:ActiveRecord",
    "age": "age:Age",
    "aws-encryption-sdk": "remote:AwsEncryptionSdk",
    "aws-kms": "remote:AwsKms",
    "cloak": "cloak:Cloak",
    "cryptojs": "openssl:CryptoJs",
    "cryptr": "cryptr:Cryptr",
    "elixir-cloak": "elixir_cloak:ElixirCloak",
    "fernet": "fernet:Fernet",
    "iron-session": "iron:IronSession",
    "jwe": "jwe:Jwe",
    "laravel": "laravel:Laravel",
    "layout": "layout:Layout",
    "node-cbc": "node:NodeCbc",
    "node-cbc-base64": "node:NodeCbcBase64",
    "node-cbc-hex": "node:NodeCbcHex",
    "node-cbc-json": "node_json:NodeCbcJson",
    "node-gcm": "node:NodeGcm",
    "node-gcm-base64": "node:NodeGcmBase64",
    "node-gcm-base64url": "node:NodeGcmBase64url",
    "node-gcm-hex": "node:NodeGcmHex",
    "node-gcm-json": "node_json:NodeGcmJson",
    "openssl": "openssl:OpenSsl",
    "password-hash": "remote:PasswordHash",
    "pgcrypto": "pgcrypto:Pgcrypto",
    "rails": "rails:Rails",
    "secretbox": "sodium:SecretBox",
    "sops": "remote:Sops",
    "supabase-vault": "remote:SupabaseVault",
    "tink": "remote:Tink",
    "vault-transit": "remote:VaultTransit",
    "xchacha20-poly1305": "sodium:XChaCha",
}
"""Envelope name to `module:Class` below `assay.crypto.envelopes`, in alphabetical order."""
DECLARED = "layout"
"""The envelope of a mapping that names no format."""


def envelope_class(name: str) -> type[Envelope]:
    """The class of the envelope `name`; KeyError where there is none."""
    module, _, attribute = ENVELOPES[name].partition(":")
    path = f"assay.crypto.envelopes.{module}"
    found: type[Envelope] = getattr(import_module(path), attribute)
    return found


def parse_envelope(data: Any) -> Envelope:
    """An envelope from its YAML data: a name, a name with parameters, or a layout.

    Raises:
        msgspec.ValidationError: the data has none of these shapes.

    """
    fields = {"format": data} if isinstance(data, str) else data
    if not isinstance(fields, dict):
        raise msgspec.ValidationError("not an envelope")
    name = fields.get("format", DECLARED)
    if not isinstance(name, str) or name not in ENVELOPES:
        raise msgspec.ValidationError("not a known envelope")
    return msgspec.convert(fields, envelope_class(name))

"""How a spec declares what an autopsy found, in YAML that passes the checks of specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from assay.crypto.autopsy.keyring import same_size
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.layout_fields import Mac
from assay.crypto.recipes import Derivation, Recipe

if TYPE_CHECKING:
    from assay.crypto.envelopes.base import Envelope

_FIELDS = ("cipher", "encoding", "decoder", "prefix", "derive")
_ENCODINGS = {"fernet": "base64url", "passphrase": "utf8", "age": "utf8"}
"""How programs write the keys of ciphers that only one library knows."""


def in_yaml(envelope: Envelope, encoding: str = "") -> str:
    """An envelope as a spec declares it; `encoding`, if it is not that of the envelope's own."""
    if not isinstance(envelope, Layout):
        name = envelope.tag()
        own = getattr(envelope, "encoding", "raw") if "encoding" in _names(envelope) else "raw"
        encoding = encoding or own
        fields = {"format": name}
        if encoding != "raw":
            fields["encoding"] = encoding
        if label := getattr(envelope, "label", ""):
            fields["label"] = _quoted(label)
        return _flow(fields) if len(fields) > 1 else name
    fields = {"cipher": envelope.cipher, "layout": f"[{', '.join(envelope.layout)}]"}
    if envelope.encoding != "raw":
        fields["encoding"] = envelope.encoding
    if envelope.separator:
        fields["separator"] = _quoted(envelope.separator)
    if envelope.prefix:
        fields["prefix"] = _quoted(envelope.prefix)
    if isinstance(envelope.iv, str):
        fields["iv"] = envelope.iv
    if envelope.mac != Mac():
        fields["mac"] = f"{{over: [{', '.join(envelope.mac.over)}]}}"
    return _flow(fields)


def key_fields(declared: Recipe, opened: Recipe, envelope: Envelope, cipher: str) -> str:
    """What of a key's declaration must change, as YAML; empty if its cipher alone must, or nothing.

    With the cipher its encoding is named too: libraries of their own have encodings of their own.
    """
    opened = replace(opened, cipher=cipher)
    if envelope.material == "text":
        opened = replace(opened, derive="none")
    changed = [name for name in _FIELDS if getattr(opened, name) != getattr(declared, name)]
    if not changed or (changed == ["cipher"] and cipher not in _ENCODINGS):
        return ""
    if "cipher" in changed and "encoding" not in changed:
        changed.insert(1, "encoding")
    return ", ".join(f"{name}: {_value(getattr(opened, name))}" for name in changed)


def unopened_key_fields(declared: Recipe, envelope: Envelope) -> str:
    """What of a key's declaration must change for an envelope that no key at hand opens."""
    if declared.cipher in envelope.ciphers or not envelope.ciphers:
        return ""
    fitting = (one for one in same_size(declared.cipher) if one in envelope.ciphers)
    cipher = next(fitting, max(envelope.ciphers))
    encoding: Any = _ENCODINGS.get(cipher, declared.encoding)
    fields = key_fields(declared, replace(declared, encoding=encoding), envelope, cipher)
    return fields or f"cipher: {cipher}"


def _names(envelope: Envelope) -> tuple[str, ...]:
    return envelope.__struct_fields__


def _value(value: object) -> str:
    if isinstance(value, Derivation):
        made = value.chosen
        plain = {
            name: part
            for name, part in msgspec.to_builtins(made).items()
            if part != _default(made, name)
        }
        inner = {name: _value(part) for name, part in plain.items()}
        return _flow({value.name: _flow(inner)})
    if isinstance(value, dict):
        return _flow({name: _value(part) for name, part in value.items()})
    if isinstance(value, str) and value.replace("-", "").isalnum() and not value.isdecimal():
        return value
    return _quoted(value) if isinstance(value, str) else str(value)


def _default(made: Any, name: str) -> object:
    fields = {one.encode_name: one.default for one in msgspec.structs.fields(type(made))}
    return fields[name]


def _flow(fields: dict[str, str]) -> str:
    return f"{{{', '.join(f'{name}: {value}' for name, value in fields.items())}}}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

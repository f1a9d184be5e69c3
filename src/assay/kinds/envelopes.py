"""The JSON Schema of `envelope` in a spec, from the classes that the loader makes."""

from __future__ import annotations

from typing import Any

from assay.crypto.envelopes import DECLARED, ENVELOPES
from assay.registry import cached
from assay.spec.structs import TEMPLATE, choices, shape_of

DESCRIPTION = "How the ciphertext is written: a known format, or a layout."
REFERENCE = {"description": DESCRIPTION, "$ref": TEMPLATE.format(name="envelope")}
"""What a field of this shape holds; editors show one description for all of them."""


@cached
def envelope_shape() -> dict[str, Any]:
    """The schema of an envelope: a name, a name with parameters, or a layout; copy before change.

    Its mappings are told apart by their `format`, so that editors complete what each may have.
    """
    shapes = {name: shape_of(made) for name, made in ENVELOPES.items()}
    for name, shape in shapes.items():
        if not ENVELOPES[name].bindable:
            shape["properties"].pop("aad", None)
    alone = {
        name: shape["description"]
        for name, shape in shapes.items()
        if set(shape.get("required", ())) <= {"format"}
    }
    names = choices({name: shape["description"] for name, shape in shapes.items()})
    own: dict[str, Any] = {
        field: True for shape in shapes.values() for field in shape["properties"]
    }
    forms: list[dict[str, Any]] = []
    for name, shape in shapes.items():
        condition: dict[str, Any] = {"properties": {"format": {"const": name}}}
        if name != DECLARED:
            condition["required"] = ["format"]
        then: dict[str, Any] = {
            "title": f"envelope {name}",
            "properties": {**shape["properties"], "format": True},
            "additionalProperties": False,
        }
        required = [field for field in shape.get("required", ()) if field != "format"]
        if required:
            then["required"] = required
        forms.append({"if": condition, "then": then})
    mapping = {
        "title": "envelope",
        "description": "A format with its parameters; without `format` it is a layout.",
        "type": "object",
        "properties": {
            **own,
            "format": {"description": "The format's name.", "anyOf": names},
        },
        "additionalProperties": False,
        "allOf": forms,
    }
    return {
        "description": DESCRIPTION,
        "anyOf": [*choices(alone), mapping],
        "examples": [
            "node-gcm-hex",
            {
                "cipher": "aes-256-gcm",
                "layout": ["iv:12", "tag:16", "ciphertext"],
                "encoding": "raw",
            },
        ],
    }

"""What holds secrets shows none, whoever prints, draws or copies it."""

from __future__ import annotations

import copy
import importlib
import pickle
import pkgutil
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.properties import canaries

import assay
from assay import credentials
from assay.crypto import Recipe
from assay.crypto.autopsy import Case, Examiner
from assay.crypto.autopsy.causes import Confidence
from assay.crypto.autopsy.searching import Search
from assay.crypto.autopsy.transports import Payload
from assay.crypto.autopsy.ways import Hit, Way
from assay.crypto.envelopes import ENVELOPES
from assay.databases.base import Reach
from assay.databases.postgres.connection import target_of
from assay.databases.postgrest.supabase import ApiKey
from assay.databases.urls import DatabaseUrl
from assay.facts import Secret, Setting, State
from assay.formats.urls import split_url
from assay.sources.base import World

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "0a4b8c1d2e3f5061728394a5b6c7d8e9"
LAYOUT = {"cipher": "aes-128-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]}


def objects() -> Iterator[Any]:
    """One of each sort of what holds keys, texts, connections or values."""
    envelope, recipe = ENVELOPES.parse(LAYOUT), Recipe(cipher="aes-128-gcm", encoding="hex")
    case = Case(
        envelope=envelope, recipe=recipe, variable="K", text=SECRET, previous={"OLD": SECRET}
    )
    search = Search(case)
    opening = search.declared
    assert opening is not None
    made = AESGCM(bytes.fromhex(SECRET)).encrypt(b"made up once", SECRET.encode(), b"")
    cell = b"made up once" + made[-16:] + made[:-16]
    payload = Payload(cell)
    yield from (case, search, opening, opening.candidate, payload, Way((), opening))
    yield Hit(Way((), opening), SECRET.encode(), Confidence.PROVEN, payload)
    yield envelope.material_of(recipe, SECRET, {})
    yield envelope.parts(cell)
    yield Examiner(case, "column")
    yield credentials.opener(key=recipe, text=SECRET, envelope=LAYOUT)
    text = f"postgresql://app:{SECRET}@127.0.0.1/app"
    yield from (DatabaseUrl(text), split_url(text))
    yield target_of(DatabaseUrl(text), Reach(root="."), frozenset({"password", "user", "dbname"}))
    yield ApiKey(text=SECRET, role="service_role", token=False)
    yield World(root=".", process={"K": SECRET})
    yield Secret(SECRET)
    yield Setting(state=State.READABLE, value=Secret(SECRET), source=".env")


@pytest.mark.parametrize("held", list(objects()), ids=lambda held: type(held).__name__)
def test_what_holds_a_secret_shows_none(held):
    drawn = list(held.__rich_repr__()) if hasattr(held, "__rich_repr__") else []
    assert canaries.found([SECRET], f"{held} {held!r} {held:} {drawn}") == []
    raw = repr(bytes.fromhex(SECRET))[2:-1]
    assert raw not in f"{held!r} {drawn}"
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(held)
    with pytest.raises((TypeError, AttributeError)):
        copy.deepcopy(held)


def structs(kind: Any = msgspec.Struct) -> Iterator[Any]:
    for each in kind.__subclasses__():
        yield each
        yield from structs(each)


def test_no_struct_with_a_repr_of_its_own_shows_its_fields_otherwise():
    for module in pkgutil.walk_packages(assay.__path__, "assay."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    own = {each for each in structs() if each.__repr__ is not msgspec.Struct.__repr__}
    assert Case in own
    for name in ("__rich_repr__", "__reduce__"):
        base = getattr(msgspec.Struct, name)
        assert [each for each in own if getattr(each, name) is base] == []

"""Keeps openers by what was asked for, without keeping the specs and environments alive."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from weakref import ref

import msgspec

from assay.spec.document import Spec

if TYPE_CHECKING:
    from collections.abc import Hashable

    from assay.credentials.opening import Opener

_SALT = os.urandom(32)


class Kept:
    """The openers that were used last, by what makes them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._openers: OrderedDict[Hashable, Opener] = OrderedDict()

    def get(self, key: Hashable | None) -> Opener | None:
        """The opener of a key. Each step is atomic, so threads need no lock."""
        found = self._openers.get(key)
        with suppress(KeyError):  # there is none, or another thread has just dropped it
            self._openers.move_to_end(key)
        return found

    def put(self, key: Hashable | None, made: Opener) -> Opener:
        """Keep an opener, and drop what was not used for long."""
        made.forget_process()
        if key is None:
            return made
        self._openers[key] = made
        while len(self._openers) > self._most:
            with suppress(KeyError):
                self._openers.popitem(last=False)
        return made


class _Same:
    """A spec, by its identity and as long as it lives."""

    __slots__ = ("_hash", "_ref")

    def __init__(self, spec: Spec) -> None:
        self._ref = ref(spec)
        self._hash = id(spec)

    def __eq__(self, other: object) -> bool:
        spec = self._ref()
        return spec is not None and isinstance(other, _Same) and other._ref() is spec

    def __hash__(self) -> int:
        return self._hash


def asked_for(how: Mapping[str, Any]) -> Hashable | None:
    """What two calls have in common if one opener serves both; None if arguments are wrong."""
    try:
        own = _outright(how) if "key" in how else _by_spec(how)
        key = tuple(how), *own
        hash(key)
    except (
        AttributeError,
        LookupError,
        OSError,
        TypeError,
        ValueError,
    ):  # whoever checks the arguments says why
        return None
    return key


def _outright(how: Mapping[str, Any]) -> tuple[Hashable, ...]:
    envelope = how["envelope"]
    if not isinstance(envelope, str):
        given = dict(envelope) if isinstance(envelope, Mapping) else envelope
        envelope = msgspec.json.encode(given)
    return how["key"], how["text"], envelope, how.get("variable"), how.get("previous")


def _by_spec(how: Mapping[str, Any]) -> tuple[Hashable, ...]:
    spec, process = how.get("spec"), how.get("process")
    if isinstance(spec, Spec):
        spec = _Same(spec)
    else:
        spec = None if spec is None else os.fspath(spec)
        if spec is None or not os.path.isabs(spec):
            spec = os.getcwd(), spec
    seen = None if process is None or process.value is os.environ else _digest(process.value)
    return spec, how["environment"], how["credential"], how["column"], seen


def _digest(process: Mapping[str, str]) -> bytes:
    """Stands for the variables of a process, and can't be turned back into them."""
    text = "\0".join(f"{name}={value}" for name, value in sorted(process.items()))
    return blake2b(text.encode("utf-8", "surrogatepass"), key=_SALT).digest()

"""Lets the masker know what a run has read, and where that may be shown."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assay.discretion import looks_secret
from assay.hygiene.lists import PUBLISHED, UNSET_LITERALS
from assay.hygiene.naming import shown
from assay.hygiene.standins import is_placeholder
from assay.kinds.key.entries import keyed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.facts import Setting
    from assay.kinds.variable.spec import Declared
    from assay.redaction import Masker
    from assay.spec.document import Spec


def learn(masker: Masker, spec: Spec, listings: Sequence[Mapping[str, Setting]]) -> None:
    """Tell the masker every value that is secret, or that nobody declared.

    `listings` are what the sources that were read hold.
    """
    masker.names.update(spec.variables)
    words = {spec.project, *spec.environments, *spec.variables}
    for environment in spec.environments.values():
        words.update(source.label for source in environment.values)
    secrets = {
        setting.value.reveal()
        for listing in listings
        for name, setting in listing.items()
        if setting.value is not None and name in spec.variables
        if spec.variables[name].declared.secret
    }
    for listing in listings:
        for name, setting in listing.items():
            entry = spec.variables.get(name)
            stray = setting.value is not None and setting.value.reveal() in secrets
            _place(masker, spec, setting, None if entry is None or stray else entry.declared)
            if entry is None:
                _learn_name(masker, name)
            if setting.value is None:
                continue
            if entry is None and not setting.location:
                continue  # the process holds names of others: PATH isn't secret
            value = setting.value.reveal()
            secret = entry is None or entry.declared.hides(value)
            if secret and value not in words and not _ordinary(value):
                masker.learn(value)
                if "://" in value:
                    _learn_password(masker, value)
                if name in keyed(spec):
                    _learn_spellings(masker, value)


def _learn_name(masker: Masker, name: str) -> None:
    """Tell the masker a name that nobody declared, which somebody's secret may have become."""
    if shown(name) != name:
        masker.learn(name)
    elif name.isupper() and name.replace("_", "").isalpha():
        masker.names.add(name)


def _place(masker: Masker, spec: Spec, setting: Setting, declared: Declared | None) -> None:
    """Tell the masker where a value stands, and whether it may be shown there."""
    at, name_at = setting.location, setting.name_location
    if at is None or setting.value is None or name_at is None:
        return
    assignments = masker.assignments
    path = os.path.normpath(os.path.join(spec.root, at.file))
    value = setting.value.reveal()
    hidden = declared is None or setting.expanded or declared.hides(value) or looks_secret(value)
    if declared is None or hidden:
        assignments.hide(path, at, value)
    else:
        assignments.add(path, declared.name, name_at, at, value)


def _learn_spellings(masker: Masker, value: str) -> None:
    """Tell the masker the other ways to write a key: the same bytes in hex and base64."""
    from assay.crypto.decodings import spellings

    for spelling in spellings(value):
        masker.learn(spelling)


def _learn_password(masker: Masker, url: str) -> None:
    """Tell the masker the password in a URL, as it is written and as it is meant."""
    from urllib.parse import unquote

    login, at, _ = url.partition("://")[2].rpartition("@")
    password = login.partition(":")[2]
    if at and password and not _ordinary(password):
        masker.learn(password)
        masker.learn(unquote(password))


def _ordinary(value: str) -> bool:
    """Whether a value is a plain word or a stand-in, which reports hold for other reasons.

    To mask `variable` or `password` wherever it stands would garble the report, and tell everyone
    which word it was.
    """
    if value in UNSET_LITERALS or value in PUBLISHED:
        return True
    if value[:1] != "<" and is_placeholder(value):
        return True
    return len(value) < 16 and value.isascii() and value.isalpha() and value.islower()

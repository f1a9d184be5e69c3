"""Where the files that come with assay are: the spec library and the templates."""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def folder(name: str) -> str:
    """The folder `specs` or `templates`: inside the installed package, or beside its source."""
    installed = os.path.join(_PACKAGE, "data", name)
    if os.path.isdir(installed):
        return installed
    return os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), name)

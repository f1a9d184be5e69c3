"""What several tests of the autopsy ask for."""

from __future__ import annotations

import pytest

from assay.crypto import variations


@pytest.fixture(scope="module")
def quick_keys():
    """Without keys that take long to derive, which other tests look for."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(variations, "_ROUNDS", ())
        patched.setattr(variations, "_SALTS", ("", ""))
        yield

"""Takes the picture of the HTML report in the README: `python docs/screenshot.py`.

It needs Chromium. Browsers draw in their own ways, so no test compares it; look at it instead.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
import tempfile
from pathlib import Path

from assay.cli import main

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.reporters.browser import Browser

DOCS = Path(__file__).parent
EXAMPLE = DOCS.parent / "examples" / "mpesa"
PICTURE = DOCS / "report.png"
WIDTH, HEIGHT = 1120, 910
"""Pixels: the verdict, the environments and the first failure."""


def page() -> str:
    """The report on the example of the outage."""
    out = io.StringIO()
    with contextlib.chdir(EXAMPLE):
        main(["check", "--format", "html"], io.StringIO(), out, io.StringIO())
    return out.getvalue()


def taken(browser: Browser) -> bytes:
    """The picture, as PNG."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_text(page(), encoding="utf-8")
        with browser.page(file.as_uri(), width=WIDTH) as shown:
            shown.look(WIDTH, dark=False, height=HEIGHT)
            return shown.picture()


if __name__ == "__main__":
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is missing. help: apt-get install chromium")
    with Browser(chromium) as running:
        PICTURE.write_bytes(taken(running))
    print(f"docs/{PICTURE.name} written")

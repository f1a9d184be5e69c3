"""A terminal picture of the demo: runs it, and draws what it printed as SVG.

Terminals and web pages differ in their fonts, so each run of text says how wide it is to be.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from html import escape
from pathlib import Path

from assay.cli import main

EXAMPLE = Path(__file__).parents[1] / "examples" / "mpesa"
COMMAND = ["check", "production"]
LABEL = "assay check production, in a terminal"
COLUMNS = 92
SIZE, WIDTH, HEIGHT, MARGIN, BAR = 13, 7.8, 18, 18, 34
INK, PAPER = "#d6deeb", "#0d1b2a"
COLOURS = {
    "31": "#ff6b6b",
    "32": "#7bd88f",
    "33": "#ffd166",
    "34": "#82aaff",
    "35": "#c792ea",
    "36": "#5fd7d7",
    "90": "#7f8ea3",
    "91": "#ff6b6b",
    "92": "#7bd88f",
    "93": "#ffd166",
    "94": "#82aaff",
    "95": "#c792ea",
    "96": "#5fd7d7",
}


def demo() -> str:
    """The picture of `assay check production` in the example."""
    return drawn(f"$ assay {' '.join(COMMAND)}\n{printed()}")


def printed() -> str:
    """What the command prints in a terminal of so many columns."""
    out = io.StringIO()
    before = dict(os.environ)
    try:
        for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY"):
            os.environ.pop(name, None)
        with contextlib.chdir(EXAMPLE), tempfile.TemporaryDirectory() as cache:
            os.environ.update(COLUMNS=str(COLUMNS), XDG_CACHE_HOME=cache)
            main([*COMMAND, "--color", "always"], io.StringIO(), out, io.StringIO())
    finally:
        os.environ.clear()
        os.environ.update(before)
    return out.getvalue()


def drawn(text: str) -> str:
    """Text with ANSI colours as SVG."""
    lines = text.rstrip("\n").split("\n")
    width = round(COLUMNS * WIDTH + 2 * MARGIN)
    height = BAR + len(lines) * HEIGHT + MARGIN
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{LABEL}">',
        f'<rect width="{width}" height="{height}" rx="8" fill="{PAPER}"/>',
    ]
    for index, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        parts.append(f'<circle cx="{MARGIN + 4 + 20 * index}" cy="17" r="6" fill="{colour}"/>')
    parts.append(
        "<g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', "
        f'monospace" font-size="{SIZE}" fill="{INK}" xml:space="preserve">'
    )
    style: set[str] = set()
    for row, line in enumerate(lines):
        parts += _line(line, BAR + (row + 0.75) * HEIGHT, style)
    parts += ["</g>", "</svg>", ""]
    return "\n".join(parts)


def _line(line: str, y: float, style: set[str]) -> list[str]:
    """The runs of one line; `style` goes on from line to line, as in a terminal."""
    runs: list[str] = []
    column = 0
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if piece.startswith("\x1b"):
            for code in piece[2:-1].split(";"):
                if code in ("", "0"):
                    style.clear()
                else:
                    style.add(code)
            continue
        if piece.strip():
            runs.append(_run(piece, column, y, style))
        column += len(piece)
    return runs


def _run(piece: str, column: int, y: float, style: set[str]) -> str:
    text = piece.strip(" ")
    column += len(piece) - len(piece.lstrip(" "))
    look = "".join(f' fill="{COLOURS[code]}"' for code in sorted(style & COLOURS.keys())[:1])
    look += ' font-weight="bold"' if "1" in style else ""
    look += ' opacity="0.7"' if "2" in style else ""
    x, length = MARGIN + column * WIDTH, len(text) * WIDTH
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" textLength="{length:.1f}"{look}>{escape(text, quote=False)}'
        "</text>"
    )

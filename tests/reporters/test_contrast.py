"""The page's colours, by the numbers of WCAG 2.2: text 4.5 to 1, what is not text 3 to 1."""

from __future__ import annotations

import re

import pytest

from assay import templating

TONES = ("error", "warning", "info", "unknown", "waived", "skipped", "passed", "absent")
STYLE = templating.render("report.css.j2", {})


def scheme(which: str) -> dict[str, str]:
    """The custom properties of a colour scheme."""
    light, dark = STYLE.split("@media screen and (prefers-color-scheme: dark)")[:2]
    block = light if which == "light" else dark.split("\n}\n")[0]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light.split("\n}\n")[0]))
    return {**found, **dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))}


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("which", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(which: str) -> None:
    colours = scheme(which)
    pairs = [
        (ink, back) for ink in ("ink", "muted", "link") for back in ("page", "surface", "sunk")
    ]
    for tone in TONES:
        pairs += [(tone, f"{tone}-soft"), (tone, "surface"), (tone, "page"), ("surface", tone)]
        pairs += [(ink, f"{tone}-soft") for ink in ("ink", "muted")]
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("which", ["light", "dark"])
def test_the_focus_stands_out(which: str) -> None:
    colours = scheme(which)
    assert all(contrast(colours["focus"], colours[b]) >= 3 for b in ("page", "surface", "sunk"))


def test_a_scheme_redefines_every_colour_of_text() -> None:
    dark = STYLE.split("@media screen and (prefers-color-scheme: dark)")[1].split("\n}\n")[0]
    named = set(re.findall(r"--([\w-]+): #", STYLE.split("\n}\n")[0]))
    fills = {name for name in named if name.endswith("-fill")}
    assert set(re.findall(r"--([\w-]+): #", dark)) == named - fills

"""The distribution of the scores as SVG, drawn by matplotlib and given the page's own colours.

matplotlib writes style attributes, which the page's policy refuses, and colours that do not follow light and dark:
both become classes. Its date, version and random ids go, so that the same scores give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

_SVG = "{http://www.w3.org/2000/svg}"
_ROLES = {"#010101": "bar", "#020202": "ink", "#030303": "soft", "#040404": "rule"}
"""Stand-ins for the page's colours."""
_BAR, _INK, _SOFT, _RULE = _ROLES
_KEPT = ("stroke-width", "text-anchor", "font-size", "stroke-linecap")
_SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "socket-labs", "font.size": 9, "font.family": "DejaVu Sans"}


def distribution(counts: Sequence[int], labels: Sequence[str], title: str) -> Markup:
    """Draw how many students are in each bin; ``title`` is read out for those who do not see it."""
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(5, 2))
        axes = figure.add_axes((0.01, 0.2, 0.98, 0.79))
        bars = axes.bar(range(len(counts)), counts, width=0.86, color=_BAR, clip_on=False)
        shown = [str(each) if each else "" for each in counts]
        axes.bar_label(bars, shown, padding=2, color=_INK)
        axes.set_xticks(range(len(counts)), labels, color=_SOFT, fontsize=7.5)
        axes.set_xlabel("Score in percent", color=_SOFT)
        axes.set_yticks([])
        axes.tick_params(length=0)
        axes.set_xlim(-0.5, len(counts) - 0.5)
        axes.set_ylim(0, max([*counts, 1]) * 1.15)
        axes.spines[["top", "left", "right"]].set_visible(False)
        axes.spines["bottom"].set_color(_RULE)
        file = io.StringIO()
        FigureCanvasSVG(figure)
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return _own(file.getvalue(), title)


def _own(text: str, title: str) -> Markup:
    ET.register_namespace("", _SVG[1:-1])
    root = ET.fromstring(text)  # noqa: S314  matplotlib has written it
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{_SVG}defs", f"{_SVG}metadata", f"{_SVG}use") or _is_background(child):
                parent.remove(child)
    for element in root.iter():
        _dress(element)
    root.attrib = {"viewBox": root.attrib["viewBox"], "role": "img", "class": "plot"}
    named = ET.Element(f"{_SVG}title")
    named.text = title
    root.insert(0, named)
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704  figures and words of ours, escaped


def _is_background(element: ET.Element) -> bool:
    return element.tag == f"{_SVG}g" and element.get("id") in ("patch_1", "patch_2")


def _dress(element: ET.Element) -> None:
    """Replace style attributes by attributes and classes."""
    pairs = (part.partition(":") for part in element.attrib.pop("style", "").split(";"))
    style = {name.strip(): value.strip() for name, _, value in pairs}
    element.attrib.pop("id", None)
    classes = {_ROLES[style[name]] for name in ("fill", "stroke") if style.get(name) in _ROLES}
    if classes:
        element.set("class", " ".join(sorted(classes)))
    if style.get("fill") == "none":
        element.set("fill", "none")
    for name in _KEPT:
        if name in style:
            element.set(name, style[name])
    if "font" in style:
        element.set("font-size", style["font"].split()[0])

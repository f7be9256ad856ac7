"""Material's own icons, inline, for the few parts the plugin draws."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from markupsafe import Markup


@cache
def icon(name: str) -> Markup:
    """The icon of this name ("material/check") as SVG for use beside words, hidden from screen readers."""
    path = files("material").joinpath("templates", ".icons", f"{name}.svg")
    drawing = path.read_text(encoding="utf-8").strip()
    # From a package on this machine, named by our own code: safe to show as it stands.
    return Markup(drawing.replace("<svg ", '<svg class="kb-icon" aria-hidden="true" focusable="false" ', 1))  # noqa: S704

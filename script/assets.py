#!/usr/bin/env python
"""Build what pages and PDFs need from the npm packages: the icon sprite and the print fonts.

Writes .local/static/icons.svg and .local/static/fonts/*.ttf, which STATICFILES_DIRS serves as
`built/…`. Run by script/bootstrap; run it by hand after using a new icon.
"""

import re
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"
ICONS = NODE_MODULES / "bootstrap-icons/icons"
INTER = NODE_MODULES / "@fontsource-variable/inter/files"
BUILT = ROOT / ".local/static"
FOREIGN = {".git", ".local", ".venv", "node_modules", "static_root", "docs"}

# File name: family, weight, name of the weight, optical size.
FACES = {
    "Inter-400": ("Inter", 400, "Regular", 14),
    "Inter-600": ("Inter", 600, "SemiBold", 14),
    "InterDisplay-600": ("Inter Display", 600, "SemiBold", 32),
}
FAMILY, STYLE, FULL, POSTSCRIPT, WIDE_FAMILY, WIDE_STYLE = 1, 2, 4, 6, 16, 17  # ids of `name`


def icon_names() -> list[str]:
    """Return every quoted word in templates, scripts and Python that is the name of an icon."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in FOREIGN]
    words: set[str] = set()
    for source in (path for folder in folders for path in folder.rglob("*.*")):
        if source.suffix in {".html", ".js", ".py"}:
            words.update(re.findall(r"""["']([a-z0-9-]+)["']""", source.read_text()))
    return sorted(words & {path.stem for path in ICONS.glob("*.svg")})


def symbol(name: str) -> str:
    drawing = re.sub(r"\s*\n\s*", "", (ICONS / f"{name}.svg").read_text())
    drawing = re.sub(r"^<svg .*?>", "", drawing).removesuffix("</svg>")
    return f'<symbol id="{name}" viewBox="0 0 16 16" fill="currentColor">{drawing}</symbol>\n'


def build_icons() -> None:
    symbols = "".join(symbol(name) for name in icon_names())
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}</svg>\n'
    target = BUILT / "icons.svg"
    if not target.exists() or target.read_text() != sprite:
        target.write_text(sprite)


def build_face(name: str) -> None:
    """Cut one static face out of the variable font and join its Latin subsets, å to ŧ."""
    family, weight, style, optical_size = FACES[name]
    with tempfile.TemporaryDirectory() as directory:
        parts = []
        for subset in ("latin", "latin-ext"):
            variable = TTFont(INTER / f"inter-{subset}-opsz-normal.woff2")
            font = instancer.instantiateVariableFont(
                variable, {"wght": weight, "opsz": optical_size}
            )
            font.flavor = None
            parts.append(f"{directory}/{subset}.ttf")
            font.save(parts[-1])
        merged = Merger().merge(parts)
    names = {
        FAMILY: family,
        STYLE: style,
        FULL: f"{family} {weight}",
        POSTSCRIPT: name,
        WIDE_FAMILY: family,
        WIDE_STYLE: style,
    }
    for record in merged["name"].names:
        record.string = names.get(record.nameID, record.string)
    merged["OS/2"].usWeightClass = weight
    merged.save(BUILT / "fonts" / f"{name}.ttf")


def build_fonts(*, anew: bool) -> None:
    (BUILT / "fonts").mkdir(parents=True, exist_ok=True)
    for name in FACES:
        if anew or not (BUILT / "fonts" / f"{name}.ttf").exists():
            build_face(name)


if __name__ == "__main__":
    build_fonts(anew="--anew" in sys.argv)
    build_icons()

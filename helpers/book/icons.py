"""The theme's icons: fonts with just those in use, in place of a script that holds them all."""

import re

from fontTools import subset
from sphinx.errors import ExtensionError

_ICON_RULE = re.compile(r"(?:\.fa-[\w-]+:{1,2}before,?)+\{content:\"\\([0-9a-f]+)\"\}")
_ICON_NAME = re.compile(r"\bfa-[a-z0-9-]+")
_CODE_POINT = re.compile(r"\\([ef][0-9a-f]{3})\b|([\ue000-\uf8ff])")
_FONT_FACE = re.compile(r"@font-face\{[^}]*Font Awesome[^}]*\}")


def without_icon_script(page):
    """Return a page without the theme's icon script, for which `shrink_icons` makes up."""
    return re.sub(r'\s*<script[^>]*src="[^"]*fontawesome\.js[^"]*"></script>', "", page)


def shrink_icons(out):
    """Replace the theme's icon script (540 kB gzip) by fonts with just the icons in use."""
    static = out / "_static"
    fonts = static / "vendor" / "fontawesome" / "webfonts"
    if (fonts / "fa-solid-900.woff").exists() and not (fonts / "fa-solid-900.ttf").exists():
        return  # no page was out of date, and so Sphinx copied nothing anew
    for name in ["fontawesome.js", "fontawesome.js.map"]:
        (static / "scripts" / name).unlink(missing_ok=True)
    used = set()
    for page in out.rglob("*.html"):
        used |= set(_ICON_NAME.findall(page.read_text("utf-8")))
    for file in (static / "scripts").glob("*.js"):
        used |= set(_ICON_NAME.findall(file.read_text("utf-8")))

    sheet = static / "styles" / "pydata-sphinx-theme.css"
    css = sheet.read_text("utf-8")

    def keep_used(rule):
        return rule[0] if used & set(_ICON_NAME.findall(rule[0])) else ""

    css = _ICON_RULE.sub(keep_used, css)
    others = [path.read_text("utf-8") for path in (static / "styles").glob("*.css")]
    others.remove(sheet.read_text("utf-8"))
    points = {
        int(code, 16) if code else ord(character)
        for text in [css, *others]
        for code, character in _CODE_POINT.findall(text)
    }
    faces = ""
    for family, weight, name in [
        ("Font Awesome 6 Free", 900, "fa-solid-900"),
        ("Font Awesome 6 Brands", 400, "fa-brands-400"),
    ]:
        subset_font(fonts / f"{name}.ttf", fonts / f"{name}.woff", points)
        faces += (
            f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:block;'
            f"src:url(../vendor/fontawesome/webfonts/{name}.woff)}}"
        )
    css = _FONT_FACE.sub("", css) + faces
    sheet.write_text(css, "utf-8")
    for file in fonts.iterdir():
        if file.suffix != ".woff":
            file.unlink()


def subset_font(source, target, points):
    """Write a font that holds only some characters of another."""
    if not source.exists():
        raise ExtensionError(f"The theme's icon font is not where it was: {source}")
    options = subset.Options(flavor="woff", ignore_missing_unicodes=True)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    subset.save_font(font, str(target), options)

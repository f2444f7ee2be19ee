"""Draw the still of every widget, light and dark: `make stills`.

The gallery, the cards of the front page and the previews of shared links show them. They are kept
in `images/stills`, so that the book can be built where there is no browser. Each is cut from the
stage of the widget, alone on a page. With names as arguments only those are drawn.
"""

# ruff: noqa: E402

import io
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT), str(ROOT / "tests" / "browser")]

import chromium
import list_chapters

from helpers import widgets
from helpers.book import (
    page_style,
    resource_file,
    resource_script,
    widget_script,
    widget_style,
)
from helpers.book.opening import ENTRY, SUBJECT, opening_script, photograph
from helpers.book.sharing import PREVIEW, PREVIEW_SIZE
from helpers.book.stills import FOLDER, SIZE, still_name
from helpers.widgets.base import Widget
from helpers.widgets.modules import FOLDER as WIDGETS


@dataclass(frozen=True)
class Shot:
    """What to look at in a widget: a part of its stage, at a width, after some acts."""

    part: str = ".cv-stage"  # its top left corner is the still's
    across: int = 640  # CSS pixels of the page that the still shows
    width: int = 800  # of the window
    keys: str = ""  # pressed on the stage one after the other
    train_ms: int = 0  # how long the button that plays runs
    state: dict = field(default_factory=dict)


QUESTION = widgets.number("How many parameters have 32 kernels of 3 × 3 × 3?", 896, "28 each.")
SHOTS = {
    "ArchitectureCalculator": Shot(across=780),
    "Augmentation": Shot(".au-board", 780, state={"rotate": 30, "flip": 0.5}),
    "BackpropGraph": Shot(".bg-graph", 620, keys="ArrowRight " * 9),
    "BrowserCNN": Shot(".bc-net", 500),
    "ConfusionMatrix": Shot(".cm", 560),
    "ConvGradients": Shot(across=480, width=480, keys="ArrowRight " * 2),
    "ConvVolume": Shot(across=760, keys="ArrowRight " * 4),
    "Convolve1D": Shot(across=560, width=560, keys="ArrowRight " * 3),
    "Convolve2D": Shot(across=780, keys="ArrowRight " * 7),
    "DrawDigit": Shot(across=780),
    "Equivariance": Shot(across=480, width=480),
    "FeatureMaps": Shot(across=780),
    "FilterTrainer": Shot(".ft-pictures", 780, train_ms=1500),
    "FrequencyResponse": Shot(across=780),
    "ImageFilter": Shot(".imf-main", 600, state={"kernel": "sobel_x", "show": "signed"}),
    "LossSurface": Shot(".ls-picture", 760, keys="End"),
    "NetworkPlayground": Shot(".np-board", 760, train_ms=3000),
    "Neuron": Shot(".neu", 620),
    "OutputSize": Shot(".os-grids", 560, keys="ArrowRight " * 4),
    "ParameterCount": Shot(".pc-networks", 760),
    "Pooling": Shot(across=640, state={"input": "photograph"}),
    "Regularization": Shot(across=780, train_ms=15000),
    "SelfCheck": Shot(across=480, width=480, state={"questions": [QUESTION]}),
    "SoftmaxCrossEntropy": Shot(across=480, width=480),
}


def write_page(name, folder):
    """Write a page with one widget and return its address."""
    for resource in Widget.registry[name].resources:
        (folder / resource_file(resource)).write_text(resource_script(resource), "utf-8")
    (folder / f"{name}.js").write_text(widget_script([name]), "utf-8")
    shot = SHOTS.get(name, Shot())
    form = Widget.registry[name](**shot.state)._repr_mimebundle_()[0]["text/html"]
    page = folder / f"{name}.html"
    page.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title><style>'
        f"{page_style()}{widget_style([name])} html {{ color-scheme: light dark; }}"
        "body { margin: 0; background: light-dark(#fff, #14191e); } .cv { border: 0; }"
        f'</style><script defer src="{name}.js"></script><main>{form}</main></html>',
        "utf-8",
    )
    return page.as_uri()


def take(browser, address, shot, scheme):
    """Return a picture of the widget on a page, as PNG."""
    page = browser.new_page(
        viewport={"width": shot.width, "height": 1400}, color_scheme=scheme, device_scale_factor=2
    )
    page.goto(address)
    page.locator(".cv-widget[data-ready]").wait_for()
    page.wait_for_timeout(500)
    if shot.train_ms:
        button = page.locator(".cv-play .cv-primary")
        button.click()
        page.wait_for_timeout(shot.train_ms)
        if "pause" in button.inner_text():
            button.click()
    if shot.keys:
        page.locator(".cv-stage").focus()
        for key in shot.keys.split():
            page.keyboard.press(key)
        page.locator(".cv-stage").evaluate("(stage) => stage.blur()")
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    corner = page.locator(shot.part).first.bounding_box()
    height = shot.across * SIZE[1] / SIZE[0]
    left = max(0, corner["x"] - 12)
    clip = {"x": left, "y": corner["y"] - 12, "width": shot.across, "height": height}
    picture = page.screenshot(clip=clip, full_page=True)
    page.close()
    return picture


def draw_preview(browser, folder):
    """Draw what a shared link to the book shows: its title, and how the living picture ends."""
    title = list_chapters.title_of(ROOT / "index.md")
    style = (WIDGETS / ENTRY).with_suffix(".css").read_text("utf-8")
    page = folder / "preview.html"
    page.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>'
        f"{page_style()}{style} html {{ color-scheme: light; }} body {{ margin: 0 30px; }}"
        "h1 { font: 600 40px system-ui, sans-serif; margin: 48px 0 40px; text-align: center; }"
        ".book-acts { display: none !important; } .book-line { font-size: 20px !important; }"
        ".book-opening figcaption { font-size: 18px; }"
        f"</style><h1>{title}</h1><main><div class='cv-widget book-opening' "
        f"data-subject='{SUBJECT}' data-opening='{photograph()}'></div></main>"
        f"<script>{opening_script()}</script></html>",
        "utf-8",
    )
    width, height = PREVIEW_SIZE
    view = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    view.goto(page.as_uri())
    view.locator(".book-opening[data-ready]").wait_for()
    Image.open(io.BytesIO(view.screenshot())).convert("RGB").save(PREVIEW, quality=82)
    print(f"drew {PREVIEW.name}")


def main(*names):
    """Draw the stills of these widgets, or of all, and the preview."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = chromium.launch(playwright.chromium)
        for name in [name for name in names or sorted(Widget.registry) if name != "preview"]:
            address = write_page(name, Path(folder))
            for scheme in ("light", "dark"):
                picture = take(browser, address, SHOTS.get(name, Shot()), scheme)
                still = Image.open(io.BytesIO(picture)).convert("RGB")
                still = still.resize(SIZE, Image.Resampling.LANCZOS)
                still.save(FOLDER / still_name(name, scheme), quality=62, method=6)
            print(f"drew {name}")
        if not names or "preview" in names:
            draw_preview(browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

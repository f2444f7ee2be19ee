"""The webcam of ImageFilter, with a browser whose camera is a test picture: it moves, and beeps."""

import chromium
import pytest
from hands import frames
from playwright.sync_api import expect
from servers import served

from helpers.widgets import ImageFilter

FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
INSECURE = ["--host-resolver-rules=MAP elsewhere.test 127.0.0.1"]

KEEP_STREAMS = """() => {
    globalThis.streams = [];
    const devices = navigator.mediaDevices;
    const open = devices?.getUserMedia.bind(devices);
    if (open) devices.getUserMedia = async (wish) => {
        const stream = await open(wish);
        streams.push(stream);
        return stream;
    };
}"""


@pytest.fixture
def launch(browser):  # the session's browser has started Playwright; this one is another browser
    browsers = []

    def start(*flags):
        other = chromium.launch(browser.browser_type, *flags, executable=chromium.full())
        browsers.append(other)
        return other

    yield start
    for other in browsers:
        other.close()


@pytest.fixture
def address(workbench):
    return workbench(ImageFilter("cat"), ImageFilter("coins"))


def open_card(browser, address, **options):
    page = browser.new_page(viewport={"width": 1280, "height": 1000}, **options)
    page.add_init_script(f"({KEEP_STREAMS})()")
    page.goto(address)
    card = page.locator(".cv").first
    card.locator(".imf-frame[aria-busy=false]").wait_for()
    return card


def webcam(card):
    return card.get_by_role("button", name="webcam")


def caption(card):
    return card.locator(".imf-caption")


OFF = "streams.every((s) => s.getTracks().every(({ readyState }) => readyState === 'ended'))"


def is_off(card):
    return card.page.evaluate(OFF)


def picture(card):
    return card.locator(".imf-after").evaluate("canvas => canvas.toDataURL()")


def start(card):
    webcam(card).click()
    expect(caption(card)).to_contain_text("What the camera sees stays in this browser.")
    assert not is_off(card)


def test_the_camera_is_filtered_live_and_stopped_by_its_button(launch, address):
    card = open_card(launch(*FAKE), address)
    before = picture(card)
    assert card.page.evaluate("streams.length") == 0  # not before the reader asks for it
    start(card)
    first = picture(card)
    card.page.wait_for_function(
        "before => document.querySelector('.imf-after').toDataURL() !== before", arg=first
    )
    card.get_by_role("combobox").first.select_option("sobel_x")
    expect(card.locator(".imf-range")).to_contain_text("below 0, shown black")
    card.get_by_role("button", name="stop the webcam").click()
    assert is_off(card)
    expect(caption(card)).to_contain_text("cat: ")
    expect(card.get_by_role("radio", name="cat")).to_be_checked()
    card.get_by_role("combobox").first.select_option("mean")
    card.page.wait_for_function(
        "before => document.querySelector('.imf-after').toDataURL() === before", arg=before
    )


def test_a_picture_is_taken_and_kept(launch, address):
    card = open_card(launch(*FAKE), address)
    start(card)
    card.get_by_role("button", name="take the picture").click()
    assert is_off(card)
    expect(caption(card)).to_contain_text("photo 1: ")
    expect(card.get_by_role("radio", name="photo 1")).to_be_checked()
    kept = picture(card)
    frames(card.page, 30)  # a camera that goes on would bring other pictures
    assert picture(card) == kept
    card.get_by_role("radio", name="cat").check()
    expect(caption(card)).to_contain_text("cat: ")
    card.get_by_role("radio", name="photo 1").check()
    expect(caption(card)).to_contain_text("photo 1: ")
    card.page.wait_for_function(
        "kept => document.querySelector('.imf-after').toDataURL() === kept", arg=kept
    )


@pytest.mark.parametrize("leave", ["another picture", "hidden tab", "out of sight", "part hidden"])
def test_the_camera_stops_when_nobody_can_see_it_here(launch, address, leave):
    card = open_card(launch(*FAKE), address)
    start(card)
    page = card.page
    if leave == "another picture":
        card.get_by_role("radio", name="cat").check()
    elif leave == "hidden tab":
        page.evaluate(
            """() => {
                Object.defineProperty(document, "hidden", { get: () => true });
                document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )
    elif leave == "out of sight":
        page.evaluate("document.body.style.paddingBottom = '3000px'; scrollTo(0, 99999)")
    else:
        card.locator("xpath=..").evaluate(
            """(container) => container.dispatchEvent(
                new CustomEvent("cv-propose", { detail: { hide: ["camera"] } }))"""
        )
    page.wait_for_function(OFF)
    kept = "cat: " if leave == "another picture" else "photo 1: "
    expect(caption(card)).to_contain_text(kept)


def test_the_camera_stops_when_the_widget_goes_away(launch, address):
    card = open_card(launch(*FAKE), address)
    page = card.page
    page.evaluate(
        """async (state) => {
            const widget = await makeLinker(WIDGETS.sources)("image_filter/widget.mjs");
            const el = document.createElement("div");
            document.querySelector(".cv-widget").before(el);
            const model = {
                get: (name) => state[name],
                set: (name, value) => (state[name] = value),
                on() {}, off() {}, save_changes() {},
            };
            globalThis.dispose = widget.default.render({ model, el });
        }""",
        ImageFilter("cat").state(),
    )
    fresh = page.locator(".cv").first
    fresh.locator(".imf-frame[aria-busy=false]").wait_for()
    start(fresh)
    page.evaluate("dispose()")
    assert is_off(fresh)


def test_a_picture_chosen_while_the_browser_still_asks_closes_the_camera(launch, address):
    card = open_card(launch(*FAKE), address)
    card.page.evaluate(
        """() => {
            const open = navigator.mediaDevices.getUserMedia;
            navigator.mediaDevices.getUserMedia = async (wish) => {
                const stream = await open(wish);
                await new Promise((go) => (globalThis.answer = go));
                return stream;
            };
        }"""
    )
    webcam(card).click()
    expect(card.get_by_role("button", name="asking …")).to_be_visible()
    card.page.wait_for_function("typeof globalThis.answer === 'function'")
    card.locator("input[type=file]").set_input_files(
        {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": SQUARE}
    )
    expect(caption(card)).to_contain_text("a.svg")
    card.page.evaluate("answer()")
    card.page.wait_for_function(OFF)
    expect(caption(card)).to_contain_text("a.svg")
    expect(webcam(card)).to_be_visible()


SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
    b'<rect width="9" height="9"/></svg>'
)


def test_a_camera_that_is_not_allowed_is_explained(launch, address):
    card = open_card(
        launch("--use-fake-device-for-media-stream", "--deny-permission-prompts"), address
    )
    webcam(card).click()
    expect(card.locator(".cv-note")).to_contain_text("The browser did not allow the camera")
    expect(caption(card)).to_contain_text("cat: ")
    expect(webcam(card)).to_be_visible()


def test_a_missing_camera_is_explained(launch, address):
    card = open_card(launch("--use-fake-ui-for-media-stream"), address)
    webcam(card).click()
    expect(card.locator(".cv-note")).to_contain_text("No camera was found: open a picture instead.")


def test_a_page_that_gets_no_camera_says_why(launch, address):
    folder, _, name = address.removeprefix("file://").rpartition("/")
    with served(folder) as here:
        plain = here.replace("127.0.0.1", "elsewhere.test")
        card = open_card(launch(*FAKE, *INSECURE), f"{plain}/{name}")
        webcam(card).click()
        expect(card.locator(".cv-note")).to_contain_text(
            "only on https and on localhost, which this page is not on"
        )

"""What a reader's hand does and Playwright has no word for."""

from playwright.sync_api import expect


def settle(locator):
    """Wait until what moves inside an element has come to rest."""
    locator.evaluate(
        "(e) => Promise.all(e.getAnimations({ subtree: true }).map((a) => a.finished))"
    )


def unfold(page):
    """Open the settings of all cards, where a phone has folded them."""
    page.locator(".cv-settings > .cv-unfold").evaluate_all(
        "all => all.forEach((button) => button.setAttribute('aria-expanded', 'true'))"
    )


def drag(handle, across, down=0):
    """Take an element by its middle, move it by so many pixels with the mouse, and let go."""
    settle(handle.locator("xpath=.."))
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = handle.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + across / 2, y + down / 2, steps=4)
    mouse.move(x + across, y + down, steps=4)
    mouse.up()


def middle(locator):
    """Return where an element's middle is on the page, once it has come to rest."""
    settle(locator)
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def touch(page, *points):
    """Put a finger on the first point, move it over the others, and lift it."""
    client = page.context.new_cdp_session(page)

    def send(kind, *points):
        touches = [{"x": x, "y": y} for x, y in points]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    send("touchStart", points[0])
    for point in points[1:]:
        send("touchMove", point)
    send("touchEnd")


def paste(field, text):
    """Paste a text into a field, line breaks and all."""
    field.evaluate(
        """(field, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            field.focus();
            const options = { clipboardData, bubbles: true, cancelable: true };
            field.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        text,
    )


def press(card, *keys):
    """Press keys one after the other in a widget's stage."""
    card.locator(".cv-stage").focus()
    for key in keys:
        card.page.keyboard.press(key)


def predict(card, text):
    """Type a prediction and have it checked; return the place of the verdict."""
    card.get_by_label("Your prediction").fill(text)
    card.get_by_role("button", name="check").click()
    return card.locator(".cv-verdict")


def frames(page, number):
    """Let a page have so many frames: whatever moves by itself has moved by then."""
    page.evaluate(
        """async (number) => {
            for (let i = 0; i < number; i++) await new Promise(requestAnimationFrame);
        }""",
        number,
    )


def rest(page):
    """Wait until the modules have come: those on their way when a page is left would be missed."""
    waiting = page.locator(".cv-widget[data-widget]:not([data-title])")
    expect(waiting).to_have_count(0, timeout=30_000)


AT_REST = """() => new Promise((resolve) => {
    const place = () => [...document.querySelectorAll(".cv-widget[data-awake]")]
        .every((widget) => "ready" in widget.dataset) && document.readyState === "complete"
            ? `${scrollY} ${document.documentElement.scrollHeight}`
            : `${performance.now()}`;
    let [before, times] = ["", 0];
    const look = () => {
        times = before === (before = place()) ? times + 1 : 0;
        if (times > 15) resolve();
        else requestAnimationFrame(look);
    };
    look();
})"""


def come_to_rest(page):
    """Wait until every widget that wakes is there, and nothing has moved for fifteen frames."""
    page.evaluate(AT_REST)

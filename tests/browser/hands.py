"""What a reader's hand does and Playwright has no word for."""


def settle(locator):
    """Wait until what moves inside an element has come to rest."""
    locator.evaluate(
        "(e) => Promise.all(e.getAnimations({ subtree: true }).map((a) => a.finished))"
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

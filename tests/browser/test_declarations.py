"""What a widget is made of is declared twice, in Python and in JavaScript: both say the same."""

import pytest

from helpers import widgets  # noqa: F401 (fills the registry)
from helpers.widgets.base import Widget


@pytest.fixture(scope="module")
def declared(browser, link_modules):
    """Return the name, state and parts that a widget's module declares."""
    page = browser.new_page()

    def read(module):
        link_modules(page, f"{module}/widget.mjs")
        return page.evaluate(
            """() => {
                const { name, state, linked, optional, parts, facts } = m.default.definition;
                const open = [...(linked ?? []), ...Object.keys(optional ?? {})];
                const [told, can] = [Object.keys(parts), Object.keys(facts ?? {})];
                return { name, state, open, parts: told, facts: can };
            }"""
        )

    yield read
    page.close()


@pytest.mark.parametrize("name", sorted(Widget.registry))
def test_python_and_javascript_declare_the_same(declared, name):
    widget = Widget.registry[name]
    found = declared(widget.module)
    assert found["name"] == name
    assert sorted(found["parts"]) == sorted(widget.parts)
    assert sorted(found["facts"]) == sorted(widget.facts)
    names = [*found["state"], *widget.recorded, "title", "hide", "goal"]
    assert sorted(names) == sorted(widget.state_names())
    assert set(found["open"]) <= set(found["state"])

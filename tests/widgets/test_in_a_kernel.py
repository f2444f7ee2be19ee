"""Every widget in a real kernel, spoken to as a page speaks: what it opens, shows, takes and sends.

The same test runs on the Jupyter that Colab has: `python scripts/like_colab.py`.
"""

import json
import time
from queue import Empty

import ipywidgets
import pytest
from jupyter_client.manager import start_new_kernel

SEVEN = ipywidgets.__version__.startswith("7.")
VIEW = "application/vnd.jupyter.widget-view+json"
BEGIN = """
import json
from helpers.widgets import choice, number, right, wrong
from helpers.widgets.base import Widget
choices = [right('This.', 'Yes.'), wrong('That.', 'No.')]
questions = [choice('Which?', choices, shuffle=False), number('How many?', 3, 'Three.')]
given = {'SelfCheck': [questions]}
every = {name: kind(*given.get(name, [])) for name, kind in sorted(Widget.registry.items())}
first = {name: widget.state() for name, widget in every.items()}
print(json.dumps({name: [w.model_id, w.state(), list(w.resources)] for name, w in every.items()}))
"""
AS_IT_WAS = """
changed = {
    name: [t for t, v in widget.state().items() if json.dumps(v) != json.dumps(first[name][t])]
    for name, widget in every.items()
}
print(json.dumps({name: traits for name, traits in changed.items() if traits}))
"""
FROM_PYTHON = "for name, widget in every.items():\n    widget.title = f'{name}, set in Python'"


@pytest.fixture(scope="module")
def talk():
    """Return a function that runs code, or sends a comm message, and returns what comes back."""
    manager, client = start_new_kernel(kernel_name="python3")

    def said(request, patience=120):
        """Return the messages on iopub that a request caused, until the kernel is idle again."""
        messages, end = [], time.monotonic() + patience
        while time.monotonic() < end:
            try:
                message = client.get_iopub_msg(timeout=1)
            except Empty:
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "error":
                pytest.fail("\n".join(message["content"]["traceback"]))
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return messages
            messages.append(message)
        pytest.fail("the kernel is busy for too long")

    def ask(code=None, comm=None, **data):
        if code is not None:
            return said(client.execute(code))
        content = {"comm_id": comm, "data": data}
        message = client.session.msg("comm_msg", content)
        client.shell_channel.send(message)
        return said(message["header"]["msg_id"])

    yield ask
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def printed(messages):
    """Return the JSON that the code printed."""
    texts = [m["content"]["text"] for m in messages if m["msg_type"] == "stream"]
    return json.loads("".join(texts).strip().splitlines()[-1])


def shown(messages):
    """Return the one output that a cell shows, as a dict by MIME type."""
    kinds = ("execute_result", "display_data")
    (output,) = [m["content"]["data"] for m in messages if m["msg_type"] in kinds]
    return output


def test_every_widget_opens_shows_itself_and_hears_both_sides(talk):
    opening = talk(BEGIN)
    every = printed(opening)
    assert len(every) >= 24
    opened = {
        m["content"]["comm_id"]: m["content"]["data"]["state"]
        for m in opening
        if m["msg_type"] == "comm_open"
    }
    for model, state, _ in every.values():
        sent = opened[model]
        assert {name: sent[name] for name in state} == state
        assert "export default" in sent["_esm"] and sent["_css"]

    # What a cell shows: the live view, the form that a page of the book has, and a sentence;
    # from version 7 of ipywidgets, the view.
    for name, (model, *_) in every.items():
        data = shown(talk(f"every['{name}']"))
        assert data[VIEW]["model_id"] == model
        if not SEVEN:
            assert f'data-widget="{name}"' in data["text/html"]
            assert data["text/plain"].startswith(f"{name}: ")

    # A page sends each trait as it got it, all at once: nothing changes. Then another title.
    for model, state, _ in every.values():
        talk(comm=model, method="update", state=state, buffer_paths=[])
    assert printed(talk(AS_IT_WAS)) == {}
    for model, *_ in every.values():
        talk(comm=model, method="update", state={"title": "From the page"}, buffer_paths=[])
    assert printed(talk(AS_IT_WAS)) == {name: ["title"] for name in every}

    # Python sets one, and every page hears it.
    heard = {
        m["content"]["comm_id"]: m["content"]["data"]["state"]
        for m in talk(FROM_PYTHON)
        if m["msg_type"] == "comm_msg" and m["content"]["data"]["method"] == "update"
    }
    for name, (model, *_) in every.items():
        assert heard[model]["title"] == f"{name}, set in Python"

    # A page asks for the files that a widget needs, and for one that it has not.
    for name, (model, _, resources) in every.items():
        for resource in resources:
            for asked in (resource, "no-such-file"):
                messages = talk(comm=model, method="custom", content={"resource": asked})
                (answer,) = [m for m in messages if m["msg_type"] == "comm_msg"]
                content = answer["content"]["data"]["content"]
                assert content["resource"] == asked
                assert ("problem" in content) == (asked != resource), name
                assert (len(answer["buffers"]) == 1) == (asked == resource)
    assert any(resources for *_, resources in every.values())


def test_jupyters_own_widgets_show_themselves_beside_a_form_for_the_book(talk):
    """Version 7 of ipywidgets has another way to show a widget."""
    code = (
        "import ipywidgets\nfrom helpers.widgets import Convolve1D\n"
        "from helpers.widgets.live import Live\nw = Convolve1D()\n"
        "Live(ipywidgets.HBox([w, ipywidgets.HTML('beside')]), in_book=w)"
    )
    data = shown(talk(code))
    assert data[VIEW]["model_id"]
    assert SEVEN or 'data-widget="Convolve1D"' in data["text/html"]

"""A student, as JupyterLab speaks for one: opens a notebook, runs its cells, saves it.

Everything goes through the hub's proxy to the student's own server, over the calls that JupyterLab
makes: the contents API for the file, sessions for the kernel, a WebSocket for the cells.
"""

import asyncio
import json
import time
import uuid
from urllib.parse import quote

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

AUTOSAVE = 120  # seconds; what JupyterLab waits between two saves that nobody asked for
PATIENCE = 3600  # seconds that a cell or an answer may take where a class shares two cores


class KernelDied(Exception):
    """The kernel went away while a cell was running."""


class Student:
    """One account, with the address of its server and a token that opens nothing else."""

    def __init__(self, hub, name, token):
        self.name, self.token = name, token
        self.address = f"{hub}/user/{name}"

    async def ask(self, method, path, body=None, *, timeout=PATIENCE):
        """Return what the student's server answers, as (status, object)."""
        answer = await AsyncHTTPClient().fetch(
            HTTPRequest(
                f"{self.address}/api/{path}",
                method=method,
                headers={"Authorization": f"token {self.token}"},
                body=None if body is None else json.dumps(body),
                request_timeout=timeout,
                allow_nonstandard_methods=True,
            ),
            raise_error=False,
        )
        try:
            content = json.loads(answer.body or b"null")
        except ValueError:
            content = None
        return answer.code, content

    async def open(self, path):
        """Return the notebook in a file of the student's home."""
        status, content = await self.ask("GET", f"contents/{quote(path)}")
        if status != 200:
            raise OSError(f"{self.name} could not open {path}: {status} {content}")
        return content["content"]

    async def save(self, path, notebook):
        """Write the notebook; return the status, 200 or 201 where it was written."""
        body = {"type": "notebook", "format": "json", "content": notebook}
        status, _ = await self.ask("PUT", f"contents/{quote(path)}", body)
        return status

    async def start(self, path):
        """Start a kernel for the notebook and return it, connected."""
        body = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        status, session = await self.ask("POST", "sessions", body)
        if status != 201:
            raise OSError(f"{self.name} got no kernel: {status} {session}")
        return await Kernel(self, session).connect()


class Kernel:
    """A running kernel and the WebSocket to it."""

    def __init__(self, student, session):
        self.student = student
        self.session, self.id = session["id"], session["kernel"]["id"]

    async def connect(self):
        where = self.student.address.replace("http", "ws", 1)
        request = HTTPRequest(
            f"{where}/api/kernels/{self.id}/channels?session_id={self.session}",
            headers={"Authorization": f"token {self.student.token}"},
        )
        self.socket = await websocket_connect(request, max_message_size=2**28)
        return self

    async def execute(self, cell, *, timeout=PATIENCE):
        """Run one code cell; its outputs and its number stand in the cell afterwards."""
        name = uuid.uuid4().hex
        header = {
            "msg_id": name, "msg_type": "execute_request", "username": self.student.name,
            "session": self.session, "version": "5.3", "date": "",
        }  # fmt: skip
        content = {
            "code": cell["source"], "silent": False, "store_history": True,
            "user_expressions": {}, "allow_stdin": False, "stop_on_error": True,
        }  # fmt: skip
        message = {
            "channel": "shell", "header": header, "parent_header": {}, "metadata": {},
            "content": content, "buffers": [],
        }  # fmt: skip
        await self.socket.write_message(json.dumps(message))
        cell["outputs"], cell["execution_count"] = [], None
        awaited = {"reply", "idle"}
        end = time.monotonic() + timeout
        while awaited:
            left = end - time.monotonic()
            frame = await asyncio.wait_for(self.socket.read_message(), left)
            if frame is None:
                raise KernelDied(self.id)
            if isinstance(frame, bytes):
                continue  # a widget's state; it is no output of the cell
            heard = json.loads(frame)
            kind, said = heard["header"]["msg_type"], heard["content"]
            if kind == "status" and said["execution_state"] in ("restarting", "dead"):
                raise KernelDied(self.id)
            if heard["parent_header"].get("msg_id") != name:
                continue
            if kind == "execute_reply":
                cell["execution_count"] = said["execution_count"]
                awaited.discard("reply")
            elif kind == "status" and said["execution_state"] == "idle":
                awaited.discard("idle")
            else:
                keep(cell["outputs"], kind, said)

    async def stop(self):
        self.socket.close()
        await self.student.ask("DELETE", f"sessions/{self.session}")


def keep(outputs, kind, said):
    """Put what a kernel said into a cell's outputs, as a notebook's file holds them.

    Examples
    --------
    >>> outputs = []
    >>> keep(outputs, "stream", {"name": "stdout", "text": "1"})
    >>> keep(outputs, "stream", {"name": "stdout", "text": "2"})
    >>> keep(outputs, "comm_open", {"comm_id": "a widget"})
    >>> outputs
    [{'output_type': 'stream', 'name': 'stdout', 'text': '12'}]
    """
    if kind == "clear_output":
        outputs.clear()
    elif kind == "stream":
        last = outputs[-1] if outputs else {}
        if last.get("output_type") == "stream" and last["name"] == said["name"]:
            last["text"] += said["text"]
        else:
            outputs.append({"output_type": kind, "name": said["name"], "text": said["text"]})
    elif kind in ("display_data", "execute_result"):
        output = {"output_type": kind, "data": said["data"], "metadata": said["metadata"]}
        if kind == "execute_result":
            output["execution_count"] = said["execution_count"]
        outputs.append(output)
    elif kind == "error":
        parts = ("ename", "evalue", "traceback")
        outputs.append({"output_type": kind} | {part: said[part] for part in parts})


def code_cells(notebook):
    """Return the cells of a notebook that hold code."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def lost_cells(before, saved):
    """Return how many of the cells that ran are not in the file as they ran.

    Examples
    --------
    >>> cell = {"cell_type": "code", "execution_count": 1, "outputs": []}
    >>> lost_cells({"cells": [cell, cell]}, {"cells": [cell, cell | {"execution_count": None}]})
    1
    """
    pairs = zip(code_cells(before), code_cells(saved), strict=True)
    parts = ("execution_count", "outputs")
    return sum(any(ran[part] != kept[part] for part in parts) for ran, kept in pairs)


async def work_through(student, path, *, peak_of):
    """Run a notebook to its end, saving as JupyterLab does, and return what it took."""
    began = time.monotonic()
    notebook = await student.open(path)
    kernel = await student.start(path)
    saved, failed = time.monotonic(), 0
    for cell in code_cells(notebook):
        await kernel.execute(cell)
        failed += any(output["output_type"] == "error" for output in cell["outputs"])
        if time.monotonic() - saved > AUTOSAVE:
            await student.save(path, notebook)
            saved = time.monotonic()
    if await student.save(path, notebook) != 200:
        raise OSError(f"{student.name} could not save {path}")
    figures = {"cells": len(code_cells(notebook)), "failed": failed, **peak_of(kernel.id)}
    figures["seconds"] = round(time.monotonic() - began, 1)
    await kernel.stop()
    figures["lost"] = lost_cells(notebook, await student.open(path))
    return figures

"""A real JupyterHub on this machine's loopback address: made, started, killed, started again.

Everything it needs lies in one folder, its room: an environment with JupyterHub, the proxy from
npm, the students' homes. The kernels run the Python that runs this script, the book's own. Each
server is a plain process of the hub's user (SimpleLocalProcessSpawner), so this is for a test, and
never for a class.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from student import Student

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BOOK = "convolution-book"  # the folder in a student's home
PROXY = "configurable-http-proxy@5"
PATIENCE = 600  # seconds that a hub or a server may take to start on a machine that does much else

CONFIG = """
c.JupyterHub.bind_url = {bind_url!r}
c.JupyterHub.hub_bind_url = {hub_url!r}
c.ConfigurableHTTPProxy.api_url = {api_url!r}
c.ConfigurableHTTPProxy.should_start = False  # the proxy stands beside the hub, as in a class
c.JupyterHub.cleanup_servers = False  # a hub that goes away leaves the students at work
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.args = ["--allow-root"]
c.Spawner.http_timeout = c.Spawner.start_timeout = {patience}
c.JupyterHub.services = [{{"name": "teacher", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{
    "name": "teacher", "services": ["teacher"],
    "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"],
}}]
"""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Hub:
    """A hub, its proxy and its students; use it in a ``with``, and nothing stays behind."""

    def __init__(self, room):
        self.room = Path(room).resolve()
        self.bin = self.room / "venv" / "bin"
        self.homes = self.room / "homes"
        self.upstream = self.room / "upstream.git"
        self.token = secrets.token_hex(16)
        self.process, self.proxy, self.servers = None, None, {}

    def install(self):
        """Make the environment, once; a room that has it is used again."""
        if not (self.bin / "jupyterhub").exists():
            subprocess.run([sys.executable, "-m", "venv", self.room / "venv"], check=True)
            wanted = ["install", "--quiet", "-r", HERE / "requirements.txt"]
            subprocess.run([self.bin / "python", "-m", "pip", *wanted], check=True)
        if not (self.room / "node_modules" / ".bin" / "configurable-http-proxy").exists():
            wanted = ["npm", "install", "--silent", "--no-save", "--prefix", self.room, PROXY]
            subprocess.run(wanted, check=True)
        share, etc = (self.room / "venv" / part / "jupyter" for part in ("share", "etc"))
        kernel = {
            "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "Python 3", "language": "python",
            "env": {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"},
        }  # fmt: skip
        if "MNIST_NPZ" in os.environ:  # as the image of a hub has it, see binder/postBuild
            kernel["env"]["MNIST_NPZ"] = os.environ["MNIST_NPZ"]
        spec = share / "kernels" / "python3" / "kernel.json"
        spec.parent.mkdir(parents=True, exist_ok=True)
        spec.write_text(json.dumps(kernel), "utf-8")
        settings = etc / "jupyter_server_config.json"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_bytes((HERE / "jupyter_server_config.json").read_bytes())

    def __enter__(self):
        self.install()
        ports = [free_port() for _ in range(3)]
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        self.address = urls[0]
        shutil.rmtree(self.homes, ignore_errors=True)  # of a former class
        self.homes.mkdir()
        for name in ("jupyterhub.sqlite", "jupyterhub_cookie_secret"):
            (self.room / name).unlink(missing_ok=True)
        config = CONFIG.format(
            bind_url=urls[0],
            hub_url=urls[1],
            api_url=urls[2],
            token=self.token,
            homes=str(self.homes / "{username}"),
            patience=PATIENCE,
        )
        (self.room / "jupyterhub_config.py").write_text(config, "utf-8")
        listen = ("--ip", "127.0.0.1", "--port", ports[0], "--api-ip", "127.0.0.1")
        self.proxy = self.run(
            self.room / "node_modules" / ".bin" / "configurable-http-proxy",
            *(*listen, "--api-port", ports[2], "--default-target", urls[1]),
        )
        self.start()
        return self

    def run(self, *command):
        """Start a program in the room, with the hub's environment."""
        environment = {
            **os.environ,
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "CONFIGPROXY_AUTH_TOKEN": self.token,
        }
        for name in ("PYTHONPATH", "VIRTUAL_ENV"):
            environment.pop(name, None)  # they belong to the environment of this script
        with (self.room / "hub.log").open("a") as log:
            return subprocess.Popen(
                [str(word) for word in command],
                cwd=self.room,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self):
        """Start the hub, or start it again, and wait until it answers."""
        self.process = self.run(self.bin / "jupyterhub", "-f", "jupyterhub_config.py")
        self.wait_for(lambda: self.call("GET", "") is not None, PATIENCE, "the hub does not answer")

    def kill(self):
        """Take the hub away at once, as a crash does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def call(self, method, path, body=None):
        """Return what the hub's API answers, or None where it does not."""
        request = urllib.request.Request(
            f"{self.address}/hub/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"{}")
        except (urllib.error.URLError, OSError):
            return None

    @staticmethod
    def wait_for(happened, seconds, problem):
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                raise TimeoutError(problem)
            time.sleep(0.2)

    def admit(self, name):
        """Add a student, start the student's server, and return the student."""
        (self.homes / name).mkdir(parents=True, exist_ok=True)
        self.call("POST", f"users/{name}")
        self.serve(name)
        return Student(self.address, name, self.call("POST", f"users/{name}/tokens", {})["token"])

    def serve(self, name):
        """Start the student's server and wait for it."""
        self.call("POST", f"users/{name}/server")

        def ready():
            user = self.call("GET", f"users/{name}") or {}
            return user.get("servers", {}).get("", {}).get("ready")

        self.wait_for(ready, PATIENCE, f"the server of {name} did not start")
        user = self.call("GET", f"users/{name}")
        self.servers[name] = user["servers"][""]["state"]["pid"]

    def publish(self):
        """Put the book where nbgitpuller fetches it from, as it stands in the last commit."""
        if not self.upstream.exists():
            new = ["git", "init", "-q", "--bare", "-b", "main", self.upstream]
            subprocess.run(new, check=True)
        push = ["git", "-C", ROOT, "push", "-q", "--force", self.upstream, "HEAD:refs/heads/main"]
        subprocess.run(push, check=True)

    def pull(self, name):
        """Do what nbgitpuller's link does for a student: fetch the book, or merge what is new."""
        home = self.homes / name
        home.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [self.bin / "gitpuller", self.upstream.as_uri(), "main", BOOK],
            cwd=home, env={**os.environ, "HOME": str(home)}, capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise OSError(f"nbgitpuller failed for {name}: {done.stderr.decode()[-500:]}")
        return home / BOOK

    def dismiss(self, name):
        """Stop the student's server, and wait until the hub knows that it is gone."""
        self.call("DELETE", f"users/{name}/server")

        def gone():
            return not (self.call("GET", f"users/{name}") or {"servers": 1}).get("servers")

        self.wait_for(gone, PATIENCE, f"the server of {name} did not stop")

    def __exit__(self, *error):
        for name in self.servers:
            self.call("DELETE", f"users/{name}/server")
        for process in (self.process, self.proxy):
            process.terminate()
            process.wait(30)

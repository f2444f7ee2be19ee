"""A hub for a class: its configuration is what its tools accept, its tables what was measured."""

import asyncio
import contextlib
import copy
import doctest
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from contents import ROOT
from scripts_of_the_book import load_script

DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="module")
def check():
    return load_script("check", "deploy")


@pytest.fixture(scope="module")
def record(check):
    return json.loads(check.RECORD.read_text("utf-8"))


def changed(value, path, new):
    """Return a copy of nested dicts with one value changed."""
    value = copy.deepcopy(value)
    place = value
    *way, last = path.split(".")
    for key in way:
        place = place[key]
    place[last] = new
    return value


def test_both_configurations_are_as_their_tools_want_them(check):
    assert check.check_record() == []


@pytest.mark.parametrize(
    ("file", "path", "new", "said"),
    [
        ("z2jh", "singleuser.memmory", {}, "'memmory' was unexpected"),
        ("z2jh", "cull.timeout", "an hour", "'an hour' is not of type"),
        ("z2jh", "scheduling.userPlaceholder.replicas", 2.5, "2.5 is not of type 'integer'"),
        ("z2jh", "singleuser.extraFiles.jupyter_server_config.data", None, "is not of type"),
        ("tljh", "limits.memory", 2048, "is not valid under any"),
        ("tljh", "user_environment.default_app", "lab", "is not one of"),
        ("tljh", "limit", {"memory": "2G"}, "'limit' was unexpected"),
        ("tljh", "services.cull.maxAge", 1, "'maxAge' was unexpected"),
    ],
)
def test_what_the_tools_refuse_is_refused(check, record, file, path, new, said):
    value = check.read({"z2jh": check.VALUES, "tljh": check.TLJH}[file])
    assert said in "\n".join(check.problems_of(changed(value, path, new), record[file]))


def test_traits_that_no_class_has_are_named(check, record):
    sections = {"Authenticator": {"admins": []}, "Authentication": {"allow_all": True}}
    assert check.trait_problems(sections, known=record["traits"]) == [
        "Authenticator has no trait admins",
        "no class Authentication is known",
    ]


def test_the_students_servers_get_settings_that_jupyter_server_knows(check):
    assert check.check_server() == []
    wrong = {"MappingKernelManager": {"cull_idle_timeout": "late", "cull_idle": 1}}
    found = check.trait_problems(wrong)
    assert len(found) == 2
    assert "expected an int" in found[0]
    assert found[1] == "MappingKernelManager has no trait cull_idle"


def test_the_guide_builds_the_image_that_the_values_name(check):
    guide = (DEPLOY / "README.md").read_text("utf-8")
    values = check.read(check.VALUES)["singleuser"]
    image = "{name}:{tag}".format(**values["image"])
    assert f"--image-name {image} " in guide
    assert f"docker push {image}\n" in guide
    assert "nbgitpuller" in (ROOT / "binder" / "postBuild").read_text("utf-8")
    assert "/binder/requirements.txt\n" in guide
    kernels = json.loads(check.SERVER.read_text("utf-8"))["MappingKernelManager"]
    servers = {check.read(check.VALUES)["cull"]["timeout"]}
    servers.add(check.read(check.TLJH)["services"]["cull"]["timeout"])
    (server,) = servers
    kernel = kernels["cull_idle_timeout"]
    assert (
        f"kernels end after {kernel // 60} minutes and idle servers after {server // 60}" in guide
    )
    *_, branch, folder = values["lifecycleHooks"]["postStart"]["exec"]["command"]
    assert f"branch={branch}&targetpath={folder}&urlpath=lab/tree/{folder}/" in guide


@pytest.mark.parametrize("tool", ["z2jh", "tljh"])
def test_the_record_is_what_the_tools_say_themselves(check, record, tool):
    """Set Z2JH or TLJH to a checkout of the tool, and its own schema is asked."""
    source = os.environ.get(tool.upper())
    if not source:
        pytest.skip(f"{tool.upper()} names no checkout of the tool; its recorded schema was asked")
    if tool == "z2jh":
        assert check.check_z2jh(source) == []
        schema = check.read(Path(source) / "jupyterhub" / "values.schema.yaml")
        value = check.read(check.VALUES)
    else:
        sys.path.insert(0, source)
        try:
            from tljh.config_schema import config_schema
        finally:
            sys.path.remove(source)
        schema = check.tljh_schema(config_schema)
        value = check.read(check.TLJH)
        assert check.problems_of(value, schema) == []
    assert record[tool] == check.pruned(schema, value, schema)


@pytest.fixture(scope="module")
def sizing():
    return load_script("sizing", "deploy")


@pytest.fixture(scope="module")
def figures(sizing):
    return json.loads(sizing.FIGURES.read_text("utf-8"))


def test_the_tables_of_the_guide_are_what_was_measured(sizing, figures):
    guide = sizing.README.read_text("utf-8")
    assert guide == sizing.written(guide, figures), "run `deploy/sizing.py --write`"
    other = changed(figures, "class.found.lost", 3)
    assert "3 were lost" in sizing.written(guide, other)


def test_the_figures_are_of_all_chapters_and_name_no_place(figures):
    text = json.dumps(figures)
    assert str(Path.home()) not in text
    assert "/" not in text
    chapters = {path.stem for path in (ROOT / "chapters").glob("[0-9]*.ipynb")}
    measured = set(figures["notebooks"]["found"])
    assert len(measured) >= 14
    assert measured <= chapters  # a new one runs before it is measured
    assert figures["class"]["found"]["students"] >= 4
    assert len(figures["class"]["found"]["chapters"]) == 4


def test_the_limits_are_what_the_figures_say(check, sizing, figures):
    limit, guarantee = f"{sizing.limit_mib(figures)}M", f"{sizing.guarantee_mib(figures)}M"
    values = check.read(check.VALUES)
    size = sizing.sizes(figures, 300)
    assert check.read(check.TLJH)["limits"]["memory"] == limit
    assert values["singleuser"]["memory"] == {"limit": limit, "guarantee": guarantee}
    assert values["scheduling"]["userPlaceholder"]["replicas"] == size["placeholders"]
    assert values["hub"]["activeServerLimit"] == size["servers"]
    assert values["singleuser"]["storage"]["capacity"] == f"{sizing.DISK_GIB}Gi"


def test_sizes_by_hand(sizing):
    """A server of 100 MiB, kernels of 900 and 500, and 60 processor seconds for the slowest."""
    found = {
        "a": {"kernel_mib": 500, "cpu_seconds": 60},
        "b": {"kernel_mib": 900, "cpu_seconds": 9},
    }
    figures = {"notebooks": {"found": found}, "class": {"found": {"server_mib": 100}}}
    assert sizing.limit_mib(figures) == 1536  # 100 + 900 + 500 = 1500
    assert sizing.guarantee_mib(figures) == 1024  # 100 + 900 = 1000
    together = changed(figures, "class.found.chapters", {"b": {"kernel_mib": 950}})
    assert sizing.guarantee_mib(together) == 1152  # 100 + 950 = 1050: in a class it took more
    size = sizing.sizes(figures, 300)
    assert size["memory_gib"] == 302  # 300 of 1 GiB, and the hub
    assert size["cores"] == 60  # 300 * 60 s in 300 s
    assert size["nodes"] == 5  # 300 GiB on nodes with 62 to give
    assert size["home_nodes"] == 2  # 100 of them
    assert (size["placeholders"], size["servers"]) == (30, 330)


@pytest.fixture(scope="module")
def losses():
    for name in ("peaks", "student", "hub"):
        load_script(name, "deploy")
    return load_script("losses", "deploy")


def test_nothing_was_lost_that_must_not_be(losses, figures):
    assert losses.complaints(figures) == []


@pytest.mark.parametrize(
    ("path", "bad"),
    [
        ("class.found.failed", 1),
        ("class.found.lost", 1),
        ("losses.found.kernel_killed.cells_lost_if_the_page_saves", 1),
        ("losses.found.hub_killed.variables_lost", True),
        ("losses.found.disk_full.file_unchanged", False),
        ("losses.found.server_killed_while_saving.both_torn", 1),
        ("losses.found.book_updated.the_students_cell_is_kept", False),
        ("links.found.hub.first_cell_runs", False),
        ("links.found.binder.same_as_in_the_book", False),
    ],
)
def test_what_must_not_be_lost_is_named(losses, figures, path, bad):
    (complaint,) = losses.complaints(changed(figures, path, bad))
    assert path.split(".")[2 if path.startswith("losses") else 0] in complaint


@pytest.mark.parametrize(
    "name", ["check", "sizing", "headers", "peaks", "student", "losses", "links"]
)
def test_examples(name, losses):
    module = sys.modules.get(name) or load_script(name, "deploy")
    if name == "peaks" and not Path("/proc/self/status").exists():
        pytest.skip("processes are counted on Linux only")
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.fixture
def student(losses, tmp_path):
    """A student of a real Jupyter Server, without a hub before it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    options = {
        "base_url": "/user/one/", "port": port, "root_dir": tmp_path, "allow_root": True,
        "open_browser": False, "ip": "127.0.0.1",
    }  # fmt: skip
    command = [sys.executable, "-m", "jupyter_server", "--IdentityProvider.token=secret"]
    command += [f"--ServerApp.{name}={value}" for name, value in options.items()]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    yield sys.modules["student"].Student(f"http://127.0.0.1:{port}", "one", "secret")
    server.terminate()
    server.wait(30)


async def listening(student):
    """Wait until the student's server answers."""
    for _ in range(300):
        with contextlib.suppress(OSError):
            if (await student.ask("GET", "contents"))[0] == 200:
                return
        await asyncio.sleep(0.2)


def test_a_student_runs_a_notebook_on_a_real_server_and_sees_what_is_lost(student, tmp_path):
    cells = ["print(1)\nprint(2)", "6 * 7", "1 / 0"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
    nbformat.write(notebook, tmp_path / "a b.ipynb")

    async def story():
        await listening(student)
        took = await sys.modules["student"].work_through(
            student, "a b.ipynb", peak_of=lambda kernel: {"kernel": kernel}
        )
        return took, await student.open("a b.ipynb")

    took, saved = asyncio.run(story())
    assert (took["cells"], took["failed"], took["lost"]) == (3, 1, 0)
    outputs = [cell["outputs"][0] for cell in saved["cells"]]
    assert outputs[0]["text"] == "1\n2\n"
    assert outputs[1]["data"]["text/plain"] == "42"
    assert outputs[2]["ename"] == "ZeroDivisionError"


def test_a_torn_notebook_opens_as_it_was_at_the_last_save(student, tmp_path):
    """The server leaves a hidden copy where it was killed while it wrote, and finds it again."""
    from jupyter_server.services.contents.fileio import path_to_intermediate, path_to_invalid

    guide = (DEPLOY / "README.md").read_text("utf-8")
    file = tmp_path / "NAME.ipynb"
    copy, aside = Path(path_to_intermediate(str(file))), Path(path_to_invalid(str(file)))
    assert f"`{copy.name}`: open {file.name}," in guide
    assert f"keeps it as `{aside.name}`" in guide
    cell = nbformat.v4.new_code_cell("6 * 7", execution_count=1)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), copy)
    whole = copy.read_text("utf-8")
    torn = whole[: len(whole) // 2]
    file.write_text(torn, "utf-8")

    async def story():
        await listening(student)
        _, listed = await student.ask("GET", "contents")
        assert [one["name"] for one in listed["content"] if "ipynb" in one["name"]] == [file.name]
        return await student.open(file.name)

    assert asyncio.run(story())["cells"][0]["execution_count"] == 1
    assert file.read_text("utf-8") == whole
    assert aside.read_text("utf-8") == torn
    assert not copy.exists()

"""A hub for a class: its configuration is what its tools accept, its tables what was measured."""

import copy
import json
import os
import sys
from pathlib import Path

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

"""Check the configuration of both hubs against what their tools accept.

Always, against schemas.json: which keys and types the tools know where our files say something,
and which traits their classes have, as recorded. With the tools' sources at hand, against the
tools themselves, with the Python of the hub's environment (load_test.py makes it):

    python deploy/check.py --z2jh zero-to-jupyterhub-k8s --tljh the-littlest-jupyterhub [--record]
"""

import argparse
import copy
import importlib
import json
import sys
from pathlib import Path

import jsonschema
import yaml

HERE = Path(__file__).resolve().parent
RECORD = HERE / "schemas.json"
VALUES = HERE / "z2jh" / "values.yaml"
TLJH = HERE / "tljh" / "config.yaml"
SERVER = HERE / "jupyter_server_config.json"

# Where the classes live whose traits our files set.
CLASSES = {
    "JupyterHub": "jupyterhub.app",
    "Authenticator": "jupyterhub.auth",
    "Spawner": "jupyterhub.spawner",
    "FirstUseAuthenticator": "firstuseauthenticator",
    "SystemdSpawner": "systemdspawner",
    "TraefikProxy": "jupyterhub_traefik_proxy.proxy",
    "UserCreatingSpawner": "tljh.user_creating_spawner",
    "ServerApp": "jupyter_server.serverapp",
    "MappingKernelManager": "jupyter_server.services.kernels.kernelmanager",
    "FileContentsManager": "jupyter_server.services.contents.filemanager",
}
KEPT = ("type", "enum", "additionalProperties", "format", "minimum", "anyOf", "oneOf", "items")


def read(path):
    return yaml.safe_load(path.read_text("utf-8"))


def pruned(schema, value, root):
    """Return what a schema says along the keys that a value has, and of other keys their names.

    Examples
    --------
    >>> schema = {"properties": {"a": {"type": "integer", "description": "long"}, "b": {}}}
    >>> pruned(schema, {"a": 1}, schema)
    {'properties': {'a': {'type': 'integer'}, 'b': {}}}
    """
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    kept = {key: schema[key] for key in KEPT if key in schema}
    for part in ("properties", "patternProperties"):
        if isinstance(value, dict) and part in schema:
            inner = {}
            for key, below in schema[part].items():
                if part == "patternProperties":
                    value_below = next(iter(value.values()), None)
                    inner[key] = pruned(below, value_below, root)
                elif isinstance(below, dict):  # TLJH has a stray word among its properties
                    inner[key] = pruned(below, value[key], root) if key in value else {}
            kept[part] = inner
    return kept


def tljh_schema(schema):
    """Return TLJH's own schema, made as strict as it means to be.

    It lacks ``auth``, which the configurer reads, and says in the wrong place that there is no
    other key.
    """
    properties = {k: v for k, v in schema["properties"].items() if isinstance(v, dict)}
    return {**schema, "additionalProperties": False,
            "properties": {**properties, "auth": {"type": "object"}}}  # fmt: skip


def merged(below, above):
    """Return two levels of values as Helm joins them."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{k: merged(below.get(k), v) for k, v in above.items()}}


def problems_of(value, schema):
    """Return what a schema has against a value, one line each."""
    found = jsonschema.Draft7Validator(schema).iter_errors(value)
    return [f"{'.'.join(map(str, error.path)) or 'the file'}: {error.message}" for error in found]


def traits_of(name):
    """Return the traits of a class that can be configured: {name: trait}."""
    kind = getattr(importlib.import_module(CLASSES[name]), name)
    return kind.class_traits(config=True)


def trait_problems(sections, *, known=None):
    """Return what is wrong with sections of traits, {class: {trait: value}}.

    ``known``, {class: [trait]}, stands in for the classes where they are not installed; then only
    names are checked, and not values.

    Examples
    --------
    >>> trait_problems({"Hub": {"prot": 1}}, known={"Hub": ["port"]})
    ['Hub has no trait prot']
    """
    from traitlets import HasTraits, TraitError

    problems = []
    for name, settings in sections.items():
        if name not in (known or CLASSES):
            problems.append(f"no class {name} is known")
            continue
        traits = dict.fromkeys(known[name]) if known else traits_of(name)
        for key, value in settings.items():
            if key not in traits:
                problems.append(f"{name} has no trait {key}")
            elif traits[key] is not None:
                holder = type(name, (HasTraits,), {key: copy.deepcopy(traits[key])})()
                try:
                    setattr(holder, key, value)
                except TraitError as error:
                    problems.append(f"{name}.{key}: {error}")
    return problems


def own_sections():
    """Return the traits that our two files set by their names."""
    hub = read(VALUES)["hub"]["config"]
    auth = {k: v for k, v in read(TLJH)["auth"].items() if k != "type"}
    return merged(hub, auth)


def check_record(record=None):
    """Return what is wrong with our files as far as schemas.json knows."""
    record = record or json.loads(RECORD.read_text("utf-8"))
    return [
        *(f"z2jh: {line}" for line in problems_of(read(VALUES), record["z2jh"])),
        *(f"tljh: {line}" for line in problems_of(read(TLJH), record["tljh"])),
        *(f"traits: {line}" for line in trait_problems(own_sections(), known=record["traits"])),
    ]


def check_server():
    """Return what is wrong with the settings of the students' servers, asking Jupyter Server."""
    settings = json.loads(SERVER.read_text("utf-8"))
    problems = trait_problems(settings)
    if read(VALUES)["singleuser"]["extraFiles"]["jupyter_server_config"]["data"] != settings:
        problems.append(f"values.yaml has other settings than {SERVER.name}")
    return problems


def check_z2jh(source):
    """Return what the chart's own schema has against our values, put over the chart's."""
    chart = Path(source) / "jupyterhub"
    schema = read(chart / "values.schema.yaml")
    return problems_of(merged(read(chart / "values.yaml"), read(VALUES)), schema)


def check_tljh(source):
    """Return what TLJH's schema, and the traits that its configurer sets, have against our file."""
    sys.path.insert(0, str(source))
    from tljh import config_schema, configurer
    from traitlets.config import Config

    problems = problems_of(read(TLJH), tljh_schema(config_schema.config_schema))
    made = Config()
    configurer.apply_config(read(TLJH), made)
    return problems + trait_problems({name: dict(made[name]) for name in made})


def recorded(z2jh, tljh):
    """Return what schemas.json must hold."""
    sys.path.insert(0, str(tljh))
    from tljh.config_schema import config_schema

    chart = read(Path(z2jh) / "jupyterhub" / "values.schema.yaml")
    strict = tljh_schema(config_schema)
    return {
        "z2jh": pruned(chart, read(VALUES), chart),
        "tljh": pruned(strict, read(TLJH), strict),
        "traits": {name: sorted(traits_of(name)) for name in sorted(own_sections())},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--z2jh", type=Path, help="a checkout of zero-to-jupyterhub-k8s")
    parser.add_argument("--tljh", type=Path, help="a checkout of the-littlest-jupyterhub")
    parser.add_argument("--record", action="store_true", help="write schemas.json anew")
    options = parser.parse_args()
    if options.record:
        record = json.dumps(recorded(options.z2jh, options.tljh), separators=(", ", ": "))
        RECORD.write_text(record.replace('"properties"', '\n"properties"') + "\n", "utf-8")
    problems = check_record() + check_server()
    if options.z2jh:
        problems += [f"chart: {line}" for line in check_z2jh(options.z2jh)]
        problems += [f"hub: {line}" for line in trait_problems(own_sections())]
    if options.tljh:
        problems += [f"configurer: {line}" for line in check_tljh(options.tljh)]
    return problems


if __name__ == "__main__":
    found = main()
    print("\n".join(found) or "the configuration is as its tools want it")
    sys.exit(bool(found))

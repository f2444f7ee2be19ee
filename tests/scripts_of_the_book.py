"""The scripts that `make` runs, as modules that a test can import."""

import importlib.util
import sys

from contents import ROOT


def load_script(name, folder="scripts"):
    """Return folder/name.py as a module."""
    specification = importlib.util.spec_from_file_location(name, ROOT / folder / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module  # a dataclass looks its module up
    specification.loader.exec_module(module)
    return module

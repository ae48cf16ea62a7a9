"""The numpy backend of this package, from which each wrong program here takes all but its one error."""

import importlib.util
import sys
from pathlib import Path

_PATH = Path(__file__).parents[3] / "backends" / "numpy" / "numpy_backend.py"
_SPEC = importlib.util.spec_from_file_location("numpy_backend", _PATH)
backend = importlib.util.module_from_spec(_SPEC)
sys.modules["numpy_backend"] = backend
_SPEC.loader.exec_module(backend)


def serve(name, **wrong):
    """Answers the protocol with some functions of the backend replaced."""
    backend.NAME = name
    for function, replacement in wrong.items():
        setattr(backend, function, replacement)
    backend.main()

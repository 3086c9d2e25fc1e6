"""One target under Atheris: `python -m tests.fuzz.run TARGET FOLDER [libFuzzer options]`."""

import sys

import atheris

with atheris.instrument_imports(include=["webapp.engine"], enable_loader_override=False):
    from tests.fuzz.targets import TARGETS

if __name__ == "__main__":
    name, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()

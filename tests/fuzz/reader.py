"""Whatever the bytes: `parse_icsr_batch` refuses them or loses nothing, and raises nothing else."""

import sys

import atheris

with atheris.instrument_imports(include=["schemas"]):
    from tests.fuzz.laws import read_without_loss


def try_one(data: bytes) -> None:
    """Read one input."""
    read_without_loss(data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()

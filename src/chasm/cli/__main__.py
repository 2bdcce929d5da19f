"""``python -m chasm.cli`` is ``chasm``."""

from chasm.cli import run

if __name__ == "__main__":
    run()

"""The commands of the application, all of them."""

from chasm.cli import checking, converting, reviewing, showing, verifying
from chasm.cli.app import app

__all__ = ["app", "checking", "converting", "reviewing", "showing", "verifying"]

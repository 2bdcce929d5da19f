"""One JSON object a line."""

import json
from collections.abc import Sequence

from chasm.findings import Checked
from chasm.report.as_json import record
from chasm.report.text import each


def render(files: Sequence[Checked]) -> str:
    """Each finding on a line of its own."""
    return "\n".join(json.dumps(record(file, one)) for file, one in each(files))

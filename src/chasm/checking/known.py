"""One file to check, and what is remembered of it."""

from dataclasses import dataclass
from pathlib import Path

from chasm.checking.memory import from_json, to_json
from chasm.checking.options import Options
from chasm.errors import InputError
from chasm.findings import Checked, Located
from chasm.read.discover import depth_in_repository
from chasm.read.files import printable, read_text
from chasm.read.memory import digest, keep, program_state, recall
from chasm.read.settings import Settings


@dataclass(frozen=True, slots=True)
class Job:
    """A file to check, and how."""

    path: Path
    settings: Settings
    options: Options

    @property
    def shown(self) -> str:
        """The path as it was given, on one line."""
        return printable(self.path.as_posix(), 500)

    @property
    def is_remembered(self) -> bool:
        """Whether the cache is asked: what an environment has is not in its key."""
        return self.options.cache and self.options.python is None

    def key(self, text: str) -> str:
        """Another one whenever anything is another that findings depend on."""
        path = self.path
        place = f"{depth_in_repository(path)} {path.absolute()}"
        return digest(program_state(), repr(self.settings), path.suffix, place, text)


def remembered(job: Job) -> Checked | None:
    """What was found when the file was the same; None when it was not, or is to be mended."""
    if job.options.fix or not job.is_remembered:
        return None
    try:
        text, _ = read_text(job.path)
    except InputError:
        return None
    data = recall(job.key(text))
    found = from_json(data) if data is not None else None
    return Checked(job.shown, found) if found is not None else None


def remember(job: Job, text: str, found: tuple[Located, ...]) -> None:
    """Keep what was found in ``text``."""
    if job.is_remembered:
        keep(job.key(text), to_json(found))

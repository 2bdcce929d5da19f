"""The system's Chromium with a page in it, and all that the page did."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
#: Said by a page whose policy forbade something, before anything else of the page runs.
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation",
                          (e) => window.refused.push(e.violatedDirective));
"""


@dataclass
class Opened:
    """A page, what it said, and what it asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def refused(self) -> list[str]:
        """What the page's own policy forbade it."""
        found = self.page.evaluate("window.refused")
        assert isinstance(found, list)
        return found


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, started once for all pages."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=list(ARGUMENTS), timeout=120_000
        )
        yield started
        started.close()


@contextmanager
def opened(started: Browser, file: Path, width: int = 1280) -> Iterator[Opened]:
    """``file`` in a tab of its own."""
    page = started.new_page(viewport={"width": width, "height": 800})
    page.set_default_timeout(60_000)
    found = Opened(page)
    page.on("console", lambda message: found.said.append(message.text))
    page.on("pageerror", lambda error: found.said.append(str(error)))
    page.on("dialog", lambda dialog: found.said.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: found.asked.append(request.url))
    page.add_init_script(WATCH)
    page.goto(file.as_uri())
    yield found
    page.close()

"""The page in a browser: nothing is loaded or refused, cells and lines light each other."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from support.browser import CHROMIUM, Opened, browser, opened
from support.folders import ROOT, fixtures, source_in

from chasm.api import report

HOSTILE = sorted((ROOT / "tests" / "cases" / "hostile").glob("*.ipynb"))
FIXTURES = [source_in(folder) for folder in fixtures()]
SMALLEST = min(FIXTURES, key=lambda path: path.stat().st_size)

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs /usr/bin/chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@cache
def page_of(notebook: Path) -> str:
    return report(notebook)


@pytest.fixture
def written(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The page of the notebook that the test is given."""
    file = tmp_path / "report.html"
    file.write_text(page_of(request.param), encoding="utf-8")
    return file


def pages(*notebooks: Path) -> pytest.MarkDecorator:
    names = [f"{path.parent.name}-{path.stem}" for path in notebooks]
    return pytest.mark.parametrize("written", notebooks, indirect=True, ids=names)


def assert_quiet(tab: Opened, file: Path) -> None:
    """The page said nothing, asked for nothing but itself, and was refused nothing."""
    assert tab.said == []
    assert tab.refused() == []
    assert [url for url in tab.asked if not url.startswith("data:")] == [file.as_uri()]


def lit(page: Page, selector: str) -> list[str]:
    found = page.eval_on_selector_all(f"{selector}.lit", "all => all.map(one => one.dataset.cells)")
    assert isinstance(found, list)
    return found


@pages(*FIXTURES)
def test_cells_and_lines_light_each_other(chromium: Browser, written: Path) -> None:
    with opened(chromium, written) as tab:
        page = tab.page
        cell = page.locator(".cell:has(.place)").first
        number = cell.get_attribute("data-cells")
        cell.locator(".name").hover()
        lines = lit(page, "#package .block.carried")
        assert lines
        assert all(number in cells.split() for cells in lines)

        block = page.locator(f".block.carried[data-cells='{lines[-1]}']").last
        block.hover()
        assert lit(page, "#notebook .cell") == lines[-1].split()
        assert_quiet(tab, written)


@pages(SMALLEST, *HOSTILE)
def test_lines_stand_beside_their_numbers(chromium: Browser, written: Path) -> None:
    with opened(chromium, written) as tab:
        heights = tab.page.evaluate("""[...document.querySelectorAll('.sheet')].map(sheet => {
            sheet.open = true;
            const lines = [...sheet.querySelectorAll('.listing pre')];
            return [sheet.querySelector('.gutter').scrollHeight - 16,
                    lines.reduce((sum, pre) => sum + pre.offsetHeight, 0)];
        })""")
        assert heights
        assert all(abs(numbers - lines) <= 1 for numbers, lines in heights)


@pages(SMALLEST)
def test_the_keyboard_goes_everywhere(chromium: Browser, written: Path) -> None:
    with opened(chromium, written) as tab:
        page = tab.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the notebook"
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.id") == "cell-1"
        target = page.locator(".cell:has(.place)").first
        wanted = target.get_attribute("id")
        for _ in range(page.locator(".cell").count()):
            if page.evaluate("document.activeElement.id") == wanted:
                break
            page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.id") == wanted
        assert lit(page, "#package .block.carried")

        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.classList.contains('carried')")
        assert wanted in [f"cell-{cell}" for cell in lit(page, "#notebook .cell")]
        page.keyboard.press("k")
        page.keyboard.press("Escape")
        assert lit(page, "") == []


@pages(SMALLEST)
def test_the_page_fits_a_phone(chromium: Browser, written: Path) -> None:
    with opened(chromium, written, width=390) as tab:
        assert tab.page.evaluate("document.scrollingElement.scrollWidth") <= 390


@pages(SMALLEST, HOSTILE[0])
def test_axe_finds_no_serious_fault(chromium: Browser, written: Path) -> None:
    with opened(chromium, written) as tab:
        tab.page.emulate_media(color_scheme="light")
        assert serious(tab.page, {"resultTypes": ["violations"]}) == []
        # What the other scheme changes is colours.
        tab.page.emulate_media(color_scheme="dark")
        assert serious(tab.page, {"runOnly": ["color-contrast"]}) == []


def serious(page: Page, options: dict[str, object]) -> list[str]:
    # What is folded away looks as the open files do, and is most of the page.
    context = {"exclude": [[".sheet:not([open])"]]}
    found = Axe().run(page, context, options).response
    assert found["passes"]
    return [
        f"{one['id']}: {one['nodes'][0]['html']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pages(*HOSTILE)
def test_nothing_of_a_hostile_notebook_runs_or_leads_away(chromium: Browser, written: Path) -> None:
    with opened(chromium, written) as tab:
        page = tab.page
        for selector in (".cell", ".block.carried", ".flow .node"):
            for one in page.locator(selector).all():
                one.dispatch_event("mouseover")
                one.dispatch_event("click")
        assert page.evaluate("window.owned") is None
        assert page.locator("script").count() == 1
        assert page.locator("img, iframe, object, embed, form, base").count() == 0
        links = page.eval_on_selector_all(
            "a", "all => all.map(one => one.getAttribute('href') || one.getAttribute('xlink:href'))"
        )
        assert links
        assert all(link.startswith("#") for link in links)
        assert page.evaluate("""[...document.querySelectorAll('*')].flatMap(
            one => one.getAttributeNames()).filter(name => /^on|^style$/.test(name))""") == []
        assert_quiet(tab, written)

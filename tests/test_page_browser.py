"""The page in a browser: nothing is loaded or refused, cells and lines light each other."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from support.browser import CHROMIUM, Opened, browser, opened
from support.cells import code, notebook
from support.folders import ROOT, fixtures, source_in

from chasm.api import report

HOSTILE = sorted((ROOT / "tests" / "cases" / "hostile").glob("*.ipynb"))
FIXTURES = [source_in(folder) for folder in fixtures()]
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
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


def assert_quiet_but_for_fragments(tab: Opened, file: Path) -> None:
    tab.asked = [url.partition("#")[0] for url in tab.asked[:1]]
    assert_quiet(tab, file)


def lit(page: Page, selector: str) -> list[str]:
    found = page.eval_on_selector_all(f"{selector}.lit", "all => all.map(one => one.dataset.cells)")
    assert isinstance(found, list)
    return found


@pages(*FIXTURES)
def test_the_page_of_every_fixture_can_be_read_and_walked(chromium: Browser, written: Path) -> None:
    # One tab for all: to open a page costs more than to look at it.
    with opened(chromium, written) as tab:
        cells_and_lines_light_each_other(tab.page)
        the_keyboard_goes_across_and_back(tab.page)
        # That words can be told from what they stand on is looked at below, for one page.
        assert serious(tab.page, {"rules": {"color-contrast": {"enabled": False}}}) == []
        tab.page.set_viewport_size({"width": 390, "height": 800})
        assert tab.page.evaluate("document.scrollingElement.scrollWidth") <= 390
        assert_quiet(tab, written)


def cells_and_lines_light_each_other(page: Page) -> None:
    cell = page.locator(".cell:has(.place)").first
    number = cell.get_attribute("data-cells")
    cell.locator(".name").hover()
    lines = lit(page, "#package .block.carried")
    assert lines
    assert all(number in cells.split() for cells in lines)

    page.locator(f".block.carried[data-cells='{lines[-1]}']").last.hover()
    assert lit(page, "#notebook .cell") == lines[-1].split()


def the_keyboard_goes_across_and_back(page: Page) -> None:
    wanted = page.locator(".cell:has(.place)").first.get_attribute("id")
    page.keyboard.press("j")
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
    # The mouse is listened to again as soon as it moves.
    page.locator(f"#{wanted} .name").hover()
    assert lit(page, "#package .block.carried")


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
def test_whoever_uses_no_mouse_can_skip_to_the_notebook(chromium: Browser, written: Path) -> None:
    with opened(chromium, written) as tab:
        tab.page.keyboard.press("Tab")
        focused = "document.activeElement.textContent"
        assert tab.page.evaluate(focused) == "Skip to the notebook"


@pages(SMALLEST)
def test_a_phone_is_led_across_and_back(chromium: Browser, written: Path) -> None:
    with opened(chromium, written, width=390) as tab:
        page = tab.page
        cell = page.locator(".cell:has(.place)").first
        cell.locator(".name").click()
        page.locator("#said a").click()
        assert page.evaluate("document.activeElement.matches('.block.carried')")
        assert page.locator("#said").inner_text().startswith("from cell")
        page.locator("#said a").click()
        assert page.evaluate("document.activeElement.id") == cell.get_attribute("id")
        page.locator("h1").click()
        assert page.locator("#said").inner_text() == ""
        assert_quiet_but_for_fragments(tab, written)


def test_three_hundred_cells_are_there_at_once(chromium: Browser, tmp_path: Path) -> None:
    cells = [code("import pandas as pd\ndf = pd.read_csv('a.csv')")]
    for number in range(100):
        cells.append({"cell_type": "markdown", "metadata": {}, "source": f"## Part {number}"})
        cells.append(code(f"df['c{number}'] = df['a{number}'].fillna({number}) * 2\ndf.head()"))
        cells.append(code(f"print(df['c{number}'].mean())"))
    long = tmp_path / "long.ipynb"
    long.write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    file = tmp_path / "report.html"
    file.write_text(report(long), encoding="utf-8")
    with opened(chromium, file) as tab:
        page = tab.page
        page.locator("#cell-300 .name").hover()
        assert lit(page, "#package .block.carried")
        # It takes half a second; what grows with the square of the cells would take a minute.
        ready = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
        assert ready < 10_000
        assert_quiet(tab, file)


def test_words_stand_out_in_light_and_dark(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(with_all_tags(page_of(SMALLEST)), encoding="utf-8")
    with opened(chromium, file) as tab:
        tab.page.locator(".cell:has(.place) .name").first.hover()
        for scheme in SCHEMES:
            # Colours that are still on their way are those of neither scheme.
            tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert serious(tab.page, {"runOnly": ["color-contrast"]}) == []


def with_all_tags(page: str) -> str:
    """``page`` with whatever a verdict or a finding may be called."""
    names = ("error", "warning", "note", "equal", "differs", "missing", "unstable")
    tags = "".join(f'<p><span class="tag {name}">{name}</span></p>' for name in names)
    judged = "".join(f'<p class="judged {name}">{name}</p>' for name in ("good", "bad"))
    return page.replace("<footer>", f"{tags}{judged}<footer>")


@pages(HOSTILE[0])
def test_axe_finds_no_serious_fault(chromium: Browser, written: Path) -> None:
    with opened(chromium, written) as tab:
        assert serious(tab.page, {}) == []


def serious(page: Page, options: dict[str, object]) -> list[str]:
    # What is folded away looks as the open files do, and is most of the page.
    context = {"exclude": [[".sheet:not([open])"]]}
    found = Axe().run(page, context, {"resultTypes": ["violations"], **options}).response
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

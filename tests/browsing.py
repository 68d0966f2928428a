"""A real browser at the review page: opening it, pressing keys, waiting for what follows."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: scripts/install-debian.sh"),
    # Playwright's own event loop is closed when its processes are.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@contextmanager
def launched() -> Iterator["Browser"]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextmanager
def opened(browser: "Browser", address: str, **options: Any) -> Iterator["Page"]:
    """A page of the browser, at the application; no error in its scripts is let pass."""
    usual = {"locale": "en-GB", "viewport": {"width": 1280, "height": 720}}
    context = browser.new_context(base_url=address, **(usual | options))
    page = context.new_page()
    troubles = watched(page)
    yield page
    context.close()
    assert not troubles


def watched(page: "Page") -> list[str]:
    """Everything that goes wrong on a page from now on; dialogs are dismissed."""
    troubles: list[str] = []

    def heard(dialog: "Dialog") -> None:
        troubles.append(dialog.message)
        dialog.dismiss()

    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", heard)
    page.on(
        "console",
        lambda said: troubles.append(said.text) if "Content Security" in said.text else None,
    )
    return troubles


def shown(page: "Page") -> int:
    """Id of the question that is shown."""
    found = re.search(r"/q/(\d+)", page.url)
    assert found
    return int(found[1])


def until(page: "Page", true: Callable[[], bool]) -> None:
    """Until something is so. The page's own policy forbids waiting for it in the page."""
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        page.wait_for_timeout(10)


def press(page: "Page", key: str) -> None:
    """A key, and whatever follows until another question is shown."""
    before = page.url
    page.keyboard.press(key)
    until(page, lambda: page.url != before)


def gone_from(page: "Page", number: int) -> None:
    """Until a question is no longer shown: another one is, or there is none left."""
    until(page, lambda: shown(page) != number or page.locator("#now").is_hidden())


def saved(page: "Page") -> None:
    """Until everything is safe."""
    until(page, lambda: page.locator("#saved").inner_text() == "saved")


def told(page: "Page", words: str) -> None:
    """Until the page has said something."""
    until(page, lambda: (page.locator("#say").text_content() or "").startswith(words))


def send_again(page: "Page") -> None:
    """Have what waits sent now, unless the page has just done so by itself."""
    page.evaluate("document.querySelector('#saved button')?.click()")

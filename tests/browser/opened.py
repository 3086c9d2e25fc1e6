"""Steps on the page "Open a backup", and an ear for every request that it makes once it is complete."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser import steps

COMPLETE = "The page is complete"
#: Bytes that the page itself holds.
OWN = ("blob:", "data:")


class Silence:
    """Hears whatever a context's pages and their workers ask for, from now on."""

    def __init__(self, context: BrowserContext) -> None:
        self.requests: list[Request] = []
        context.on("request", lambda request: self.requests.append(request))

    @property
    def broken_by(self) -> list[str]:
        return [request.url for request in self.requests if not request.url.startswith(OWN)]


def go(page: Page) -> Silence:
    """The page, complete, and from now on without a network."""
    page.goto("/app/open")
    expect(page.get_by_text(COMPLETE)).to_be_visible(timeout=steps.LONG)
    page.wait_for_load_state("networkidle")
    # What the worker keeps for the next visit is fetched once it is up; it knows nothing of any file.
    page.wait_for_timeout(500)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    return Silence(page.context)


def choose_folder(page: Page, folder: Path) -> None:
    steps.choose_files(page, folder, button="Choose a folder")


def found(page: Page) -> None:
    expect(page.get_by_role("heading", name="What we found")).to_be_visible(timeout=steps.LONG)


def read(page: Page) -> None:
    found(page)
    page.get_by_role("button", name="Read the chats").click()
    expect(page.get_by_role("heading", name="Read a backup")).to_be_attached(timeout=steps.LONG)


def open_chat(page: Page, name: str) -> None:
    page.get_by_role("list", name="Chats").get_by_role("button").filter(has_text=name).first.click()
    expect(page.get_by_role("region", name=name)).to_be_visible(timeout=steps.LONG)


def to_day(page: Page, day: str) -> None:
    page.get_by_role("button", name="Go to a day").click()
    page.get_by_label("Day", exact=True).fill(day)
    page.get_by_role("button", name="Go there").click()

"""The main pages of each persona, in the order in which their bar and their rail name them."""

import re

from playwright.sync_api import Locator, Page

MAIN: dict[str, tuple[str, ...]] = {
    "": ("/", "/directory/", "/about/", "/accounts/login/", "/accounts/signup/"),
    "marta": (
        "/",
        "/directory/",
        "/card/",
        "/movements/",
        "/value/",
        "/years/",
        "/gift/",
        "/notices/",
        "/profile/",
    ),
    "davide": ("/desk/", "/purchases/", "/tills/", "/office/", "/members/new/", "/profile/"),
    "paola": (
        "/desk/",
        "/purchases/",
        "/members/",
        "/desk/statement/",
        "/year/",
        "/tills/",
        "/projects/",
        "/rates/",
        "/organisation/",
        "/mandates/",
        "/keys/",
    ),
    "luca": (
        "/control/",
        "/directory/",
        "/clearing/",
        "/control/year/",
        "/imports/",
        "/policies/",
        "/funds/",
        "/projects/",
        "/mandates/",
        "/control/audit/",
        "/control/verify/",
    ),
}


def purchase_with_value(page: Page) -> Locator:
    """Return the latest purchase of a list of movements that gave value: no refund, no undo."""
    gave = page.locator("main li", has=page.locator(".plus"))
    kept = gave.filter(has_not_text=re.compile("Reso|annullata|Refund|undone"))
    return kept.locator("a[href*='/movements/purchases/']").first

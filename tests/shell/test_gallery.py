"""The gallery in a browser: no accessibility fault, no console error, no sideways scroll."""

import pytest

from anlan.shell.gallery.showcase import PAGES

ADDRESSES = ["", *(address for _, address in PAGES)]
SIZES = [(1440, 900), (390, 844)]
WIDTHS = (320, 390, 768, 1024, 1280, 1366, 1920)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("loop_allowed", "gallery"),
]


def remember(context, **settings):
    for key, value in settings.items():
        context.add_init_script(f"localStorage.setItem('al-{key}', '{value}')")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
def test_every_page_is_free_of_accessibility_faults(context, page, live_server, axe, size, theme):
    remember(context, theme=theme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for address in ADDRESSES:
        page.goto(f"{live_server.url}/gallery/{address}")
        assert page.locator("html").get_attribute("data-bs-theme") == theme
        axe(page)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("text", ["", "large"], ids=["normal", "large-print"])
def test_no_page_scrolls_sideways(context, page, live_server, text):
    remember(context, text=text)
    wide = []
    for address in ADDRESSES:
        page.goto(f"{live_server.url}/gallery/{address}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate("document.documentElement.scrollWidth")
            wide += [f"{address} is {found} wide at {width}"] if found > width else []
    assert not wide, "\n".join(wide)

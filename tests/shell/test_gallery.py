"""The gallery in a browser: no accessibility fault, no console error, no sideways scroll."""

import pytest

PAGES = ["list/", "list/?none", "record/", "form/", "form/?wrong"]
SIZES = [(1440, 900), (390, 844)]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("loop_allowed", "gallery"),
]


def remember(context, **settings):
    for key, value in settings.items():
        context.add_init_script(f"localStorage.setItem('al-{key}', '{value}')")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
def test_every_page_is_free_of_accessibility_faults(context, page, live_server, axe, size, theme):
    remember(context, theme=theme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for name in PAGES:
        page.goto(f"{live_server.url}/gallery/{name}")
        assert page.locator("html").get_attribute("data-bs-theme") == theme
        axe(page)


@pytest.mark.parametrize("text", ["", "large"], ids=["normal", "large-print"])
def test_no_page_scrolls_sideways(context, page, live_server, text):
    remember(context, text=text)
    for name in PAGES:
        page.goto(f"{live_server.url}/gallery/{name}")
        for width in (320, 390, 768, 1024, 1280, 1366, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate("document.documentElement.scrollWidth")
            assert found <= width, f"{name} is {found} wide at {width}"

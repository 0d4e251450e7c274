"""The chart of the safety organisation in the menu."""

from anlan.domains.organisation.pages import URL, VIEW
from anlan.shell.navigation import Page, add_page

add_page(Page("safety", "组织", "组织架构", URL, VIEW, order=378))

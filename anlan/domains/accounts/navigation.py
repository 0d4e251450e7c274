"""The completeness of the ledgers in the menu."""

from anlan.domains.accounts.pages import URL, VIEW
from anlan.shell.navigation import Page, add_page

add_page(Page("accounts", "台账", "台账完整度", URL, VIEW, order=10))

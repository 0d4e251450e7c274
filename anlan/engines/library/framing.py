"""The library in the navigation."""

from anlan.engines.library.searching import VIEW
from anlan.shell.navigation import Page, add_area, add_page

add_area("library", "法规资料", "book-2", order=60)
add_page(Page("library", "资料", "全文检索", "/library/search/", VIEW, order=10))
add_page(Page("library", "资料", "预案库", "/library/documents/?plans=1", VIEW, order=30))
add_page(Page("library", "资料", "导入文件", "/library/import/", "library.documents.add", order=40))

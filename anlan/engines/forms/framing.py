"""Pages of the forms engine in the navigation."""

from anlan.shell.navigation import Page, add_page

add_page(Page("tasks", "检查表", "检查表", "/forms/", "forms.forms.view", order=60))
add_page(Page("tasks", "检查表", "检查题库", "/forms/items/", "forms.items.view", order=70))

"""The auditor's rights and the place of the trail in the navigation."""

from anlan.engines.audit.reading import EXPORT, VIEW
from anlan.engines.org.api import declare_permission
from anlan.shell.navigation import Page, add_page

declare_permission(VIEW, "查看审计记录", ("auditor",))
declare_permission(EXPORT, "导出审计记录", ("auditor",))
add_page(Page("system", "审计", "审计记录", "audit", VIEW, order=950))
add_page(Page("system", "审计", "审计备份", "audit_copies", VIEW, order=951))

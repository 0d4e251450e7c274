"""Areas and tabs that belong to no single domain."""

from anlan.shell.navigation import Tab, add_area, add_tab


def declare_places() -> None:
    """Declare them; called once, before the addresses of the site are built."""
    add_area("home", "工作台", "layout-dashboard", order=10)
    add_area("upkeep", "设备证照", "certificate", order=40)
    add_area("base", "基础数据", "school", order=80)
    add_area("settings", "设置", "settings", order=900, foot=True)
    add_tab(Tab("home", "工作台", "home", "/", order=10))
    add_tab(Tab("todos", "待办", "list-check", "/todos/", badge="todos", order=20))
    add_tab(Tab("schools", "学校", "school", "/base/schools/", order=40))
    add_tab(Tab("me", "我的", "user", "/account/", order=50))

"""The area of campus safety in the rail, and the phone's tabs that lead into it."""

from anlan.shell.navigation import Page, Tab, add_area, add_page, add_tab

add_area("safety", "校园安全", "shield-check", order=20)
add_tab(Tab("quick", "随手报", "camera", "/safety/quick/new", raised=True, order=30))
add_page(Page("safety", "闭环", "停滞链条", "/chains/stalled/", "chains.stalled.view", order=160))

"""The area of campus safety in the rail, and the phone's tabs that lead into it."""

from anlan.shell.navigation import Tab, add_area, add_tab

add_area("safety", "校园安全", "shield-check", order=20)
add_tab(Tab("quick", "随手报", "camera", "/safety/quick/new", raised=True, order=30))

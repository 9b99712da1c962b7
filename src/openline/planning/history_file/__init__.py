"""Calls of the past as people have them: in files, pasted, with gaps and slips.

`sheet` finds the cells, `cells` reads them, `reading` and `grid` make a history of them, `findings`
says what was met on the way, `writing` puts a forecast into rows. Nothing is imported here: pages
read findings, and need no arrays for that.
"""

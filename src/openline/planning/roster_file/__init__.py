"""A roster from a spreadsheet or a calendar: who is planned when, or what is wrong with the file.

`rows` reads tables, `calendar` reads iCalendar, `reading` chooses and checks, `faults` has words.
"""

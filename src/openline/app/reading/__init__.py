"""Reading the record for pages while the centre runs: in a process of its own, which the centre
starts when it is first asked and ends when nobody asks any more.

`reader` is the centre's side, `worker` the process, `jobs` what they say to each other, `days` what
the process remembers from one question to the next.
"""

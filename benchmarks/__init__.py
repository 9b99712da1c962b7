"""How fast and how good Openline is: each module measures one thing against a bound or a peer.

Run them with ./bench. A module here that has `NAME: str` and `def run() -> list[Figure]` is found
by itself; see figure.py for what a figure is, and __main__.py for how they are run and shown.
"""

"""The command line: `openline COMMAND`.

Each command is a thin door to the part that does the work, imported only when it is used, so that
`openline run` and `--help` answer at once. Exit codes: 0 fine, 1 not fine, 2 wrong use or refused.
"""

from openline.cli.main import main

__all__ = ["main"]

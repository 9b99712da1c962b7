"""Lets the command line be run as `python -m openline.cli`."""

from openline.cli.main import main

main()

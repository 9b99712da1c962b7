"""Openline: a contact centre that a public helpline runs itself."""

__version__ = "0.1.0"

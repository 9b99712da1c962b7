"""Openline: a contact centre that a public helpline runs itself."""

"""Kinds of telephony behind one protocol (`port`)."""

"""Calls of the past as people have them: in files, pasted, with gaps and slips."""

from openline.planning.history_file.findings import Finding
from openline.planning.history_file.reading import HistoryFile, read_history
from openline.planning.history_file.sheet import Sheet, sheet_of, sheet_of_text

__all__ = ["Finding", "HistoryFile", "Sheet", "read_history", "sheet_of", "sheet_of_text"]

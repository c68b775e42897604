"""Exports: an account's feedback on its way out, as rows for a spreadsheet."""

from miniback.exports.cells import line
from miniback.exports.table import COLUMNS, Portion, portion

__all__ = ["COLUMNS", "Portion", "line", "portion"]

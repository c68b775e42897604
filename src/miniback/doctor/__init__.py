"""Finding out what is wrong with a server, or will be, and saying what to change."""

from miniback.doctor.dialogue import Line, mail
from miniback.doctor.findings import Finding, Verdict
from miniback.doctor.page import page
from miniback.doctor.rounds import examine

__all__ = ["Finding", "Line", "Verdict", "examine", "mail", "page"]

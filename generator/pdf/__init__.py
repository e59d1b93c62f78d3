"""PDF by LibreOffice, where it is installed; and the true pages of the headings, read from it."""

from generator.pdf.fonts import missing_fonts
from generator.pdf.office import Office, find
from generator.pdf.pages import heading_pages

__all__ = ["Office", "find", "heading_pages", "missing_fonts"]

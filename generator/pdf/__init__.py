"""PDF by LibreOffice, where it is installed; and the true pages of the headings, read from it."""

from generator.pdf.fonts import missing_fonts, named_in
from generator.pdf.office import Office, find
from generator.pdf.pages import Pages, pages_of

__all__ = ["Office", "Pages", "find", "missing_fonts", "named_in", "pages_of"]

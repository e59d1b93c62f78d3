"""What the form is: a format pack, read from ``templates/<place>/<year>/`` and checked on load.

A pack holds everything that an office prescribes and may change: titles, headers, row labels,
notes, sentences, glossary, switches with their defaults, code lists, and the Word template. A
mistake in a pack is a :class:`UserError` that names file and key.
"""

from generator.pack.load import (
    available,
    digest,
    load,
    load_folder,
    newest_for,
    packs_root,
)
from generator.pack.model import (
    REFERENCE,
    TABLE_IDS,
    Alternative,
    Line,
    Listing,
    Pack,
    Slot,
    Subject,
    Table,
    choose,
    holds,
)

__all__ = [
    "REFERENCE",
    "TABLE_IDS",
    "Alternative",
    "Line",
    "Listing",
    "Pack",
    "Slot",
    "Subject",
    "Table",
    "available",
    "choose",
    "digest",
    "holds",
    "load",
    "load_folder",
    "newest_for",
    "packs_root",
]

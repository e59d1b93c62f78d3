"""What the form is: a format pack, read from ``templates/<place>/<year>/`` and checked on load.

A pack holds everything that an office prescribes and may change: titles, headers, row labels,
notes, sentences, glossary, switches with their defaults, code lists, and the Word template. A
mistake in a pack is a :class:`UserError` that names file and key.
"""

from generator.pack.fault import Mistake, PackFault
from generator.pack.model import (
    REFERENCE,
    TABLE_IDS,
    Alternative,
    Column,
    Line,
    Listing,
    Pack,
    Slot,
    Subject,
    Table,
    choose,
    holds,
)
from generator.pack.places import (
    BESIDE,
    Found,
    available,
    digest,
    digest_beside,
    find,
    found,
    load,
    load_folder,
    looks_taken,
    named,
    newest_for,
    overlooked,
    packs_root,
    user_root,
)

__all__ = [
    "BESIDE",
    "REFERENCE",
    "TABLE_IDS",
    "Alternative",
    "Column",
    "Found",
    "Line",
    "Listing",
    "Mistake",
    "Pack",
    "PackFault",
    "Slot",
    "Subject",
    "Table",
    "available",
    "choose",
    "digest",
    "digest_beside",
    "find",
    "found",
    "holds",
    "load",
    "load_folder",
    "looks_taken",
    "named",
    "newest_for",
    "overlooked",
    "packs_root",
    "user_root",
]

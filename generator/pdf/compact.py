"""A PDF a quarter of its size, and without the clock.

LibreOffice writes every mark for screen readers as an object of its own, not compressed, and the
time of the conversion in four places: the same document would be another file each time.
"""

from __future__ import annotations

import io
from typing import Final

_WHEN: Final = ("/CreationDate", "/ModDate")
_MADE_OF_THE_TIME: Final = ("/ID", "/DocChecksum")


def compact(data: bytes) -> bytes:
    """The same PDF, compressed; the same bytes for the same conversion.

    What is no PDF that can be read comes back as it is.
    """
    import pikepdf

    written = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            # pikepdf would else name itself as the program that made the document.
            with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
                for name in [name for name in metadata if name.endswith("Date")]:
                    del metadata[name]
            for holder, names in ((pdf.docinfo, _WHEN), (pdf.trailer, _MADE_OF_THE_TIME)):
                for name in names:
                    if name in holder:
                        del holder[name]
            pdf.save(
                written,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                recompress_flate=True,
                deterministic_id=True,
            )
    except Exception:  # an object of any type may stand in any place; pages_of() tells
        return data
    return written.getvalue()

"""Draw the picture of templates/README.md: a page of a Word template as one sees it in Word.

Usage: python .ci/make_template_picture.py

Needs what make_pictures.py needs. The upper half of the page is drawn; the rest is empty.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from make_pictures import LARGEST, PICTURES, ROOT, picture_of
from PIL import Image

from generator.pdf import Office

TEMPLATE: Final = ROOT / "templates" / "hebei" / "2025" / "disclosure.docx"
BEGINNING: Final = "{{部门.收入总表.标题}}"
PART: Final = 0.55  # of the page's height


def page_with(pdf: Path) -> int:
    """The page, counted from 1, on which the table stands."""
    command = ("pdftotext", "-layout", pdf, "-")
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    pages = ("".join(page.split()) for page in text.split("\f"))
    return next(number for number, page in enumerate(pages, 1) if BEGINNING in page)


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder, Office() as office:
        pdf = Path(folder) / "template.pdf"
        pdf.write_bytes(office.convert({"template": TEMPLATE.read_bytes()})["template"])
        page = Image.open(io.BytesIO(picture_of(pdf, page_with(pdf))))
    out = io.BytesIO()
    page.crop((0, 0, page.width, round(page.height * PART))).save(out, "PNG", optimize=True)
    if len(out.getvalue()) > LARGEST:
        raise SystemExit(f"it takes {len(out.getvalue())} bytes")
    (PICTURES / "template.png").write_bytes(out.getvalue())
    print(f"template.png: {len(out.getvalue())} bytes")


if __name__ == "__main__":
    main()

"""Draw the README's pictures: pages of the sample department's document, as PNG files.

Usage: python .ci/make_pictures.py

Needs LibreOffice, poppler (pdftoppm, pdftotext) and Pillow (it comes with the ``test`` extra).
The same fonts give the same bytes. Only what the fonts drew is kept, no font.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

ROOT: Final = Path(__file__).resolve().parent.parent
INPUT: Final = ROOT / "inputs" / "tangshan-2023.xlsx"
PICTURES: Final = ROOT / ".pictures"
PAGES: Final = {
    # picture: what its page begins with, blanks left out; the first such page is taken
    "cover": r"唐山市人民政府办公室2023年部门预算",
    "contents": r"2023年部门预算信息公开目录",
    "table": r"部门预算收入总表",
    "performance": r"\d+、[^。]{1,30}绩效目标表",
}
DOTS_PER_INCH: Final = 110
GREYS: Final = 16
EDGE: Final = 2  # dots, so that a white page is seen on a white one
LARGEST: Final = 150_000  # bytes


def pdf_of(workbook: Path, folder: Path) -> Path:
    """The document's PDF, made by the program's own command."""
    command = (sys.executable, "-m", "generator", workbook, "-o", folder, "--pdf")
    made = subprocess.run(command, cwd=ROOT, check=False)
    found = list(folder.glob("*.pdf"))
    if made.returncode or len(found) != 1:
        raise SystemExit("no PDF was made")
    return found[0]


def page_numbers(pdf: Path) -> dict[str, int]:
    """Picture → its page, counted from 1."""
    command = ("pdftotext", "-layout", pdf, "-")
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    pages = ["".join(page.split()) for page in text.split("\f")]
    numbers = {}
    for picture, beginning in PAGES.items():
        found = [number for number, page in enumerate(pages, 1) if re.match(beginning, page)]
        if not found:
            raise SystemExit(f"no page begins with {beginning}")
        numbers[picture] = found[0]
    return numbers


def picture_of(pdf: Path, number: int) -> bytes:
    """One page as a PNG of few greys."""
    command = ("pdftoppm", "-r", str(DOTS_PER_INCH), "-f", str(number), "-l", str(number))
    drawn = subprocess.run((*command, "-gray", "-png", pdf), check=True, capture_output=True)
    page = Image.open(io.BytesIO(drawn.stdout)).convert("L")
    framed = ImageOps.expand(page, EDGE, fill=160).quantize(GREYS)
    out = io.BytesIO()
    framed.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Write all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pdf = pdf_of(INPUT, Path(folder))
        for name, number in page_numbers(pdf).items():
            data = picture_of(pdf, number)
            if len(data) > LARGEST:
                raise SystemExit(f"{name} takes {len(data)} bytes")
            (PICTURES / f"{name}.png").write_bytes(data)
            print(f"{name}.png: page {number}, {len(data)} bytes")


if __name__ == "__main__":
    main()

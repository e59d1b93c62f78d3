"""LibreOffice Writer at work on a template, by a macro of its own Basic: open, edit, save."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

_LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library"
 xmlns:xlink="http://www.w3.org/1999/xlink">
 <library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/"
  xlink:type="simple" library:link="false"/>
</library:libraries>"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Edits"/>
</library:library>"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edits"
 script:language="StarBasic">{}</script:module>"""

# Loads, calls the edit, saves as .docx, and ends; what goes wrong is left in a file beside.
_FRAME = """
Sub Main(source As String, target As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = "FilterName" : kind(0).Value = "MS Word 2007 XML"
  On Error GoTo Failed
  Dim doc As Object
  doc = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  Edit(doc)
  doc.storeToURL(target, kind())
  doc.close(True)
  StarDesktop.terminate()
  Exit Sub
Failed:
  Dim n As Integer
  n = FreeFile
  Open ConvertFromURL(target & ".error") For Output As #n
  Print #n, Error & " in line " & Erl
  Close #n
  StarDesktop.terminate()
End Sub

Function Found(doc As Object, words As String) As Object
  Dim search As Object
  search = doc.createSearchDescriptor()
  search.SearchString = words
  Found = doc.findFirst(search)
End Function

Function TableWith(doc As Object, words As String) As Object
  TableWith = Found(doc, words).TextTable
End Function
"""


def edited(docx: bytes, edit: str, folder: Path) -> bytes:
    """A template after an edit: the body of a Basic sub with ``doc``, saved by Writer.

    Raises ``RuntimeError`` with Basic's own message when the edit fails.
    """
    source, target, profile = folder / "source.docx", folder / "saved.docx", folder / "profile"
    source.write_bytes(docx)
    _office(profile, "--terminate_after_init")  # the first start writes over what lies there
    basic = profile / "user" / "basic"
    macro = f"{_FRAME}\nSub Edit(doc As Object)\n{edit}\nEnd Sub\n"
    (basic / "script.xlc").write_text(_LIBRARIES, encoding="utf-8")
    (basic / "Standard" / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    module = basic / "Standard" / "Edits.xba"
    module.write_text(_MODULE.format(escape(macro)), encoding="utf-8")
    call = f'macro:///Standard.Edits.Main("{source.as_uri()}","{target.as_uri()}")'
    _office(profile, call)
    failed = target.with_name(f"{target.name}.error")
    if failed.exists() or not target.exists():
        raise RuntimeError(failed.read_text("utf-8") if failed.exists() else "nothing was saved")
    return target.read_bytes()


def _office(profile: Path, *arguments: str) -> None:
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--norestore", "--nologo", *arguments],
        check=True,
        capture_output=True,
        timeout=120,
    )

"""Template and context in, the .docx out: the only place that knows docxtpl and Jinja."""

from generator.render.template import DocumentTemplate, load

__all__ = ["DocumentTemplate", "load"]

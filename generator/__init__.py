"""gen-disclosure: a department's structured budget in, the complete disclosure document out."""

__version__ = "0.1.0"

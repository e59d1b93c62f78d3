"""gen-disclosure: a department's structured budget in, the complete disclosure document out."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("gen-disclosure")
except PackageNotFoundError:  # run from a plain checkout that was never installed
    __version__ = "0"

"""The parts of ``python tests/benchmark.py``; each prints its figures and says what it misses."""

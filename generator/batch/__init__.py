"""Hundreds of inputs through the pipeline: only what changed, on many processes or machines."""

from generator.batch.outcome import STATES, Outcome
from generator.batch.run import Batch, Plan, run

__all__ = ["STATES", "Batch", "Outcome", "Plan", "run"]

"""The front door: what the federation, a second person and a member do with a run."""

from reciproca.redistribution.running import (
    answer_objection,
    approve_run,
    measure_run,
    object_to_run,
    open_correction,
    open_run,
    pay_run,
    withdraw_run,
)
from reciproca.redistribution.simulating import open_simulation, simulate

__all__ = [
    "answer_objection",
    "approve_run",
    "measure_run",
    "object_to_run",
    "open_correction",
    "open_run",
    "open_simulation",
    "pay_run",
    "simulate",
    "withdraw_run",
]

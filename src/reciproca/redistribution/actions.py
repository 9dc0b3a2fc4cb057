"""The front door: what the federation, a second person and a member do with a run."""

from reciproca.redistribution.approving import approve_run
from reciproca.redistribution.attesting import hand_in_points
from reciproca.redistribution.measuring import measure_run
from reciproca.redistribution.objecting import answer_objection, forget_people, object_to_run
from reciproca.redistribution.opening import open_correction, open_run, withdraw_run
from reciproca.redistribution.paying import pay_run
from reciproca.redistribution.simulating import open_simulation, simulate

__all__ = [
    "answer_objection",
    "approve_run",
    "forget_people",
    "hand_in_points",
    "measure_run",
    "object_to_run",
    "open_correction",
    "open_run",
    "open_simulation",
    "pay_run",
    "simulate",
    "withdraw_run",
]

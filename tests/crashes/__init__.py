"""
The house killed while it sells: what a till was told is recorded is there, once.

`test_*.py` here are short; `python -m tests.crashes 200` (`make soak`) takes its time and reports.
"""

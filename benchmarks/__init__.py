"""
How fast the house is, measured beside what could be had at best in the same run.

Each module here holds one benchmark: a function `measure() -> list[Measurement]`. `make bench` runs
them all, `make bench BENCH=name` one of them, each on an empty database of its own, with the
settings that people get. Results are in `benchmarks/results.json`.
"""

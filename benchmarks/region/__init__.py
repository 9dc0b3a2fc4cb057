"""A region of 100,000 members and a million purchases, made by the same actions as real use."""

from benchmarks.region.filling import Region, make_region

__all__ = ["Region", "make_region"]

"""
The federation's view of everything below: the whole network in figures, the closing of a year,
jobs and health.
"""

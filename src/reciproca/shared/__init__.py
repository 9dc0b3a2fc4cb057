"""
What every room may use: refusals, money, exact division, identifiers, background jobs,
uploaded documents and the log of who read whose data. It knows no room.
"""

"""
Who owes whom: obligations between nodes set off, netted into few payments, settled when the
bank confirms.
"""

"""
Value back on a purchase: the adopted split between the member and the common funds, credits
earned, spent, given and expired.
"""

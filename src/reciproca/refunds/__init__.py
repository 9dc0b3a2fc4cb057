"""
A cooperative's yearly surplus: the legal waterfall and the patronage refund (*ristorno*) of each
member, to the cent.
"""

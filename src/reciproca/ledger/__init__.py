"""
The ledger: accounts and transfers, and the one door through which value moves.

It knows kinds of value, floors and ceilings, and nothing of why value moves: the rooms above say
that with a code and the id of the fact a transfer belongs to. The database keeps its rules, so that
no code above can break them.
"""

"""
The transparency log: what was recorded can neither be changed nor hidden unnoticed.

Each fact leaves a salted commitment in an append-only Merkle tree. The tree's head is signed by the
federation and cosigned by witnesses that other cooperatives run. The room knows neither people nor
money: rooms above hand in what they record, as canonical JSON. See docs/log-for-engineers.md.
"""

"""
The log's arithmetic and formats: no database, clock or network.

Norms: RFC 6962 section 2.1 (hashing), RFC 8785 (canonical JSON), and of C2SP signed-note,
tlog-checkpoint, tlog-tiles, tlog-cosignature, tlog-witness and tlog-proof.
"""

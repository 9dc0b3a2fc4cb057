"""
Checks a transparency log of Reciproca from outside: HTTP, SHA-256 and Ed25519, nothing else.

It shares no code with what writes the log, so that a mistake in one does not hide in the other.
`tree`, `note`, `checkpoint` and `proof` are pure; `remote` speaks HTTP; `audit` walks a whole log.
"""

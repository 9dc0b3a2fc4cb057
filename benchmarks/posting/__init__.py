"""Posting in the ledger, beside bare COPY of the same rows and beside what others would use."""

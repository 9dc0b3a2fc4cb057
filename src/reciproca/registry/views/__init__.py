"""The registry's own pages: members, mandates, keys, organisations and funds."""

"""Every list that outgrows a screen, as a file: what its page shows, whole, by the same filters."""

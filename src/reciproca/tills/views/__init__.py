"""What devices ask, as JSON, and the desk's pages about tills."""

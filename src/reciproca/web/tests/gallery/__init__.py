"""A page for every component with believable content: what the browser tests look at."""

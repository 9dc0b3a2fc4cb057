"""Django's PostgreSQL backend, which believes no COMMIT that was answered with a warning."""

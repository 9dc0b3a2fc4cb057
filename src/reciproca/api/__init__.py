"""One programming interface that gathers each room's endpoints, typed and documented as OpenAPI."""

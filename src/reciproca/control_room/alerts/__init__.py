"""What an officer should look at: found by rules, kept in a table, assigned and resolved."""

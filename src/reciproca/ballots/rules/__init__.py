"""How votes are counted: whole numbers and exact fractions, no database."""

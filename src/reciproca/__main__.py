"""`python -m reciproca` is the same command line as `reciproca`."""

from reciproca.cli.main import main

main()

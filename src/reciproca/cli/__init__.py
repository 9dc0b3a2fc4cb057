"""
The command line, `reciproca`: each command a module of its own, loaded when it is called.

With `--json` a command prints one JSON object on standard output and nothing else there. It ends
with 0 when it is done, 1 when it was refused or a check failed, 2 when it was called wrongly.
"""

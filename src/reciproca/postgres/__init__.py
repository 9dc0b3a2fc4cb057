"""
An embedded PostgreSQL, for those who have no server: started from a wheel's programs.

`paths` only computes names, so settings may import it; `programs` finds the binaries and the
prefix that lets them run as root; `server` starts, shares and stops one server per data
directory. Outside the order of the rooms.
"""

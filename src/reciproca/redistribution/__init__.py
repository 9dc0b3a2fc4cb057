"""
A pool divided among the members by the criteria that they adopted (*riparto*): measured once,
frozen, computed to the cent, approved by a second person, paid once.
"""

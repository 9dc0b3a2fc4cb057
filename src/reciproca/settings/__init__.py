"""
Every value that may differ from one installation to the next, read once and typed.

`reader` knows the names and defaults, `django` hands them to Django, `testing` is the same
house with quick passwords and a database of its own. Outside the order of the rooms.
"""


class SettingsWrong(ValueError):
    """
    The environment says something that cannot be; the text names the variable.

    In English only: without settings nothing can be translated.
    """

"""
Charts as pure functions: plain rows in, small frozen dataclasses out, drawn by the SVG templates
of `templates/charts/`.

Every size and place is text ready for an attribute, so that no language puts a comma into it.
Each chart carries a title that says the result and a table of the same numbers. Rows are taken
by their attributes: a room hands over what its queries return, whatever the class is called.
"""

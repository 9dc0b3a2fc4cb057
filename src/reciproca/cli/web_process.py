"""What each forked web process loads: the application, and a watch over its parent."""

from reciproca.cli.children import exit_with_parent
from reciproca.web.wsgi import application

__all__ = ["application"]

exit_with_parent()

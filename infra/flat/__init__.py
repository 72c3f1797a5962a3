"""Pages made flat: a template and all that it extends, includes and imports, as one function that joins strings.

Jinja reads the templates; what it would do at each request is done here, once, when the function is packaged.
``docs/decisions/0025-pages-made-flat.md`` says why. ``page`` is the whole of it:

| module | what |
| --- | --- |
| ``known.py`` | the names that every page knows, and what is known of them: is it HTML, is it the same on each page |
| ``scopes.py`` | which variable a name means at a place |
| ``expressions.py`` | an expression of Jinja's as one of Python's |
| ``statements.py`` | the rest: what is put out, conditions, loops, macros |
| ``page.py`` | a page: its blocks in their places, its module |

What is not understood is refused with ``Unsupported`` when the package is built, never at a request.
"""

from infra.flat.known import Unsupported
from infra.flat.page import source

__all__ = ["Unsupported", "source"]

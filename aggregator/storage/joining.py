"""A join whose left side is walked first.

SQLite keeps the order of CROSS JOIN (its documentation, "Manual control of query plans using CROSS
JOIN"); houses are never analysed, so that it would guess otherwise. PostgreSQL reads the same
words and plans by its statistics.
"""

from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, FromClause, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import Join


class Walked(Join):
    """left CROSS JOIN right; what joins them is said in WHERE."""

    inherit_cache = True

    def __init__(self, left: FromClause, right: FromClause) -> None:
        on: ColumnElement[bool] = true()
        super().__init__(left, right, on)


@compiles(Walked)
def _cross_join(join: Walked, compiler: SQLCompiler, **how: Any) -> str:
    linter = how.get("from_linter")
    if linter is not None:
        linter.edges.update(product(join.left._from_objects, join.right._from_objects))
    left, right = (
        compiler.process(each, **{**how, "asfrom": True}) for each in (join.left, join.right)
    )
    return f"{left} CROSS JOIN {right}"

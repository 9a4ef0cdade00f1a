"""The order and the pages of a list; the rows are drawn by its template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy


@dataclass(frozen=True)
class Column:
    """A column: what it is called, and by which fields or expressions a click orders the list."""

    key: str
    heading: Any
    order: tuple[str | OrderBy, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A column as the head of the table shows it now."""

    column: Column
    aria: str  # "ascending", "descending" or "": not ordered by this
    next_sort: str

    @property
    def icon(self) -> str:
        return {"ascending": "arrow-up", "descending": "arrow-down"}.get(
            self.aria, "chevron-expand"
        )


class Order:
    """The column a list is ordered by, as asked for in the address: `name`, reversed `-name`."""

    def __init__(
        self,
        columns: Sequence[Column],
        asked: str,
        *,
        default: str,
        ties: Iterable[str | OrderBy],
    ) -> None:
        self.columns = columns
        self.ties = tuple(ties)
        known = {column.key: column for column in columns if column.order}
        self.sort = asked if asked.removeprefix("-") in known else default
        self.is_reversed = self.sort.startswith("-")
        self.column = known[self.sort.removeprefix("-")]

    def apply(self, rows: QuerySet) -> QuerySet:
        """Return `rows` in this order; the ties make it the same order every time."""
        order = [_ordering(field) for field in (*self.column.order, *self.ties)]
        if self.is_reversed:
            for field in order:
                field.reverse_ordering()
        return rows.order_by(*order)

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: Column) -> Heading:
        if column is not self.column:
            return Heading(column, "", column.key)
        if self.is_reversed:
            return Heading(column, "descending", column.key)
        return Heading(column, "ascending", f"-{column.key}")


def _ordering(field: str | OrderBy) -> OrderBy:
    return F(field).asc() if isinstance(field, str) else field.copy()


def page_of(rows: QuerySet, number: str, *, size: int, count: int) -> Page:
    """Return a page of `rows`, whose `count` is known; what is no page number is the nearest."""
    paginator = Paginator(rows, size)
    paginator.__dict__["count"] = count
    return paginator.get_page(number)

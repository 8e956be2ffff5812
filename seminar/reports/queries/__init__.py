"""What reports and lists are counted and made of."""

from seminar.reports.queries.result import Column, Facts, Figure, facts, figures, people_who_came

__all__ = ["Column", "Facts", "Figure", "facts", "figures", "people_who_came"]

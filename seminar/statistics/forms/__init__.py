"""Shapes of what is typed on the pages of the statistics."""

from seminar.statistics.forms.periods import PeriodForm, QuartersForm

__all__ = ["PeriodForm", "QuartersForm"]

"""Decisions about recommendations: which are still followed, and which are overdue."""

from datetime import date

from seminar.minutes.models import RecommendationStatus

SETTLED = (RecommendationStatus.DONE, RecommendationStatus.NOT_TAKEN_UP)
"""Nothing more is waited for."""
LONGEST_RECOMMENDATION = 20_000


def is_overdue(due_on: date | None, status: RecommendationStatus, today: date) -> bool:
    """The due day itself is still in time."""
    return due_on is not None and due_on < today and status not in SETTLED

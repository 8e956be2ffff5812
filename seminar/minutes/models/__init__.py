"""What is written down while people speak, who has the floor, the minutes and what was asked for."""

from seminar.minutes.models.floor import FLOOR_OUTCOME_LABELS as FLOOR_OUTCOME_LABELS
from seminar.minutes.models.floor import FloorOutcome as FloorOutcome
from seminar.minutes.models.floor import FloorRequest as FloorRequest
from seminar.minutes.models.floor import Turn as Turn
from seminar.minutes.models.notes import NOTE_KIND_LABELS as NOTE_KIND_LABELS
from seminar.minutes.models.notes import Note as Note
from seminar.minutes.models.notes import NoteAttachment as NoteAttachment
from seminar.minutes.models.notes import NoteDraft as NoteDraft
from seminar.minutes.models.notes import NoteKind as NoteKind
from seminar.minutes.models.notes import NoteRevision as NoteRevision
from seminar.minutes.models.recommendations import ADDRESSEE_LABELS as ADDRESSEE_LABELS
from seminar.minutes.models.recommendations import RECOMMENDATION_STATUS_LABELS as RECOMMENDATION_STATUS_LABELS
from seminar.minutes.models.recommendations import Addressee as Addressee
from seminar.minutes.models.recommendations import Recommendation as Recommendation
from seminar.minutes.models.recommendations import RecommendationStatus as RecommendationStatus
from seminar.minutes.models.recommendations import RecommendationStep as RecommendationStep
from seminar.minutes.models.versions import MinutesVersion as MinutesVersion

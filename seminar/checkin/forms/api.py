"""Shape of what desks send as JSON: one strict reader, and pydantic models for what it holds."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import from_json

from seminar.checkin.models import ScanKind, Source
from seminar.checkin.rules import BATCH, PAYLOAD_LENGTH
from seminar.delegates.rules import BODY_LENGTH, NAME_LENGTH, POSITION_LENGTH
from seminar.lib.clock import VIETNAM
from seminar.lib.errors import Refused
from seminar.lib.text import clean

BODY_BYTES = 5 * 1024 * 1024
LARGEST_ID = 2**31 - 1
FIRST_YEAR, LAST_YEAR = 1969, 2200
"""In UTC. A device whose battery died says 1970 by the clock of the hall; other years are no time at all."""


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; refuses NaN, lone surrogates, depth and anything that is no object."""
    try:
        found = from_json(body, allow_inf_nan=False)
    except (ValueError, RecursionError):
        raise Refused("The body is not the JSON that was expected.") from None
    if not isinstance(found, dict):
        raise Refused("The body must be one JSON object.")
    return found


def _moment(value: Any) -> datetime:
    """ISO 8601, as text only; without an offset it is the clock of the hall."""
    if not isinstance(value, str) or len(value) > 64:
        raise ValueError("a time is written as text")
    found = datetime.fromisoformat(value)
    try:
        found = (found if found.tzinfo else found.replace(tzinfo=VIETNAM)).astimezone(UTC)
    except OverflowError:
        raise ValueError("no such time") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError("no such time")
    return found


def _uuid(value: str) -> str:
    return str(UUID(value))


Uuid = Annotated[str, Field(min_length=32, max_length=45), AfterValidator(_uuid)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Key = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class Input(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class ScanInput(Input):
    """One scan as a desk tells it. Exactly one of `payload` and `delegate_id` for an entry or exit, `annuls` to annul."""

    given: str = Field(alias="id")
    """The id as it was written, for the answer."""
    id: Uuid
    kind: Annotated[ScanKind, Field(strict=False)]
    payload: Annotated[str, Field(max_length=PAYLOAD_LENGTH)] | None = None
    delegate_id: Key | None = None
    annuls: Uuid | None = None
    source: Annotated[Source, Field(strict=False)]
    at: Moment
    offline: bool
    sitting: Key | None = None
    server_at: Moment | None = None
    rehearsal: bool = False

    @model_validator(mode="after")
    def _whole(self) -> "ScanInput":
        if self.kind == ScanKind.ANNUL:
            if self.annuls is None:
                raise ValueError("nothing to annul was named")
        elif self.annuls is not None or (self.payload is None) == (self.delegate_id is None):
            raise ValueError("a scan names one person")
        return self


class MalformedScan(Input):
    """What stands in the place of a scan that could not be understood; nothing of it is stored."""

    given: str | None = None


def read_scan(value: Any) -> ScanInput | MalformedScan:
    try:
        return ScanInput.model_validate(value)
    except ValidationError:
        given = value.get("id") if isinstance(value, dict) else None
        return MalformedScan(given=given[:64] if isinstance(given, str) else None)


class Clock(Input):
    now: Moment | None = None


def read_batch(body: bytes) -> tuple[list[ScanInput | MalformedScan], datetime | None]:
    """The scans of a call and the device's own time (`now`), if it tells; one bad scan never fails the others."""
    whole = read_json(body)
    scans = whole.get("scans")
    if not isinstance(scans, list):
        raise Refused("“scans” must be a list.")
    if len(scans) > BATCH:
        raise Refused("At most %(most)d scans in one call.", most=BATCH)
    device_now: datetime | None = None
    try:
        device_now = Clock.model_validate(whole).now
    except ValidationError:
        pass
    return [read_scan(scan) for scan in scans], device_now


# Measured after cleaning, which can make a text longer; PostgreSQL takes no more than the column holds.
Line = Annotated[str, Field(max_length=5000), AfterValidator(clean)]
Name = Annotated[Line, Field(max_length=NAME_LENGTH)]
Words = Annotated[Line, Field(max_length=min(BODY_LENGTH, POSITION_LENGTH))]
Word = Annotated[Line, Field(max_length=20)]
Version = Annotated[Line, Field(max_length=40)]


class WalkInInput(Input):
    id: Uuid
    name: Name
    unit: Words | None = None
    position: Words | None = None
    group: Words | None = None
    instead_of: Key | None = None
    at: Moment
    offline: bool = False
    sitting: Key | None = None
    server_at: Moment | None = None
    rehearsal: bool = False
    is_another: bool = False
    """That the desk asked, and it is not the person of the list who has the same name and unit."""


class StatusInput(Input):
    """What a desk tells of itself; `acknowledged` is the last scan that it was told is stored."""

    now: Moment | None = None
    queue: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    roster: Version = ""
    version: Version = ""
    storage: Word = ""
    camera: Word = ""
    battery: Annotated[int, Field(ge=0, le=100)] | None = None
    acknowledged: Uuid | None = None


def read_status(body: bytes) -> StatusInput:
    try:
        return StatusInput.model_validate(read_json(body))
    except ValidationError as error:
        fields = ", ".join(sorted({str(one["loc"][0]) for one in error.errors() if one["loc"]})) or "?"
        raise Refused("This is missing or not understood: %(fields)s.", fields=fields) from None


def read_walk_in(body: bytes) -> WalkInInput:
    try:
        return WalkInInput.model_validate(read_json(body))
    except ValidationError as error:
        fields = ", ".join(sorted({str(one["loc"][0]) for one in error.errors() if one["loc"]})) or "?"
        raise Refused("This is missing or not understood: %(fields)s.", fields=fields) from None


class PairingInput(Input):
    pairing_code: Annotated[str, Field(max_length=40)]
    name: Annotated[str, Field(max_length=100)] = ""


def read_pairing(body: bytes) -> PairingInput:
    try:
        return PairingInput.model_validate(read_json(body))
    except ValidationError:
        raise Refused("A pairing code and a name are expected.") from None

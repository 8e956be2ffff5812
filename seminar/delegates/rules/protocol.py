"""Who is named first within a group: by what the position says (domain.md 2.9, 5.1), not by the alphabet."""

import re

from seminar.lib.text import clean

OTHER_LEVEL = 6
_ROOM = re.compile(r"^(phó )?(trưởng phòng|chuyên viên)")
_HEAD = re.compile(r"^(bí thư|chủ tịch|trưởng|chánh|tổng|giám đốc|chủ nhiệm|(hiệu|viện|vụ|cục|tổ|đội) trưởng)")


def _level_of_one(office: str) -> int:
    office = office.removeprefix("quyền ").replace("uỷ viên", "ủy viên")
    if _ROOM.match(office):
        return 4
    if office.startswith(("phó ", "thường trực")):
        return 1 if "thường trực" in office else 2
    if _HEAD.match(office):
        return 0
    if office.startswith("ủy viên"):
        return 3 if "thường vụ" in office else 5
    return OTHER_LEVEL


def protocol_level(position: str) -> int:
    """0 heads, 1 standing deputies, 2 deputies, 3 members of a standing committee, 4 heads of an office's room, 5 members,
    6 all others; of several offices in one line the highest counts.
    """
    offices = re.split(r"\s*[,;–]\s*|\s-\s|\n", clean(position).casefold())
    return min((_level_of_one(office) for office in offices if office), default=OTHER_LEVEL)

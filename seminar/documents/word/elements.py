"""Elements of the format (WordprocessingML) and its unit of length."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)


def element(name: str, **attributes: Any) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made

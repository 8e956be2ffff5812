"""How a conclusion of vetting is said to the sender, in the words of such offices (domain.md 2.7). Always Vietnamese."""

from typing import Protocol


class Conclusion(Protocol):
    """Print and stage are two decisions; a correction may come first."""

    @property
    def in_print(self) -> bool: ...
    @property
    def on_stage(self) -> bool: ...
    @property
    def needs_correction(self) -> bool: ...


def conclusion_words(said: Conclusion) -> str:
    """ "Đạt; in kỷ yếu, không trình bày tại Tọa đàm"."""
    uses = [word for word, wanted in (("in kỷ yếu", said.in_print), ("trình bày tại Tọa đàm", said.on_stage)) if wanted]
    if said.needs_correction:
        purpose = f" để {' và '.join(uses)}" if uses else ""
        return f"Đạt, cần chỉnh sửa trước{purpose}" if uses else "Cần chỉnh sửa, gửi lại để thẩm định"
    if not uses:
        return "Không đạt"
    if len(uses) == 2:
        return "Đạt; in kỷ yếu và trình bày tại Tọa đàm"
    return (
        "Đạt; in kỷ yếu, không trình bày tại Tọa đàm"
        if said.in_print
        else "Đạt; trình bày tại Tọa đàm, không in kỷ yếu"
    )

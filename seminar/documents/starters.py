"""A Word file in our own form with the fields of a template in their places, to be changed in Word and uploaded again."""

from dataclasses import replace
from datetime import datetime

from seminar.documents.layout import Layout
from seminar.documents.models import DocumentKind
from seminar.documents.rules import TITLES, DocumentSettings
from seminar.documents.word.document import WordDocument
from seminar.documents.word.elements import twips
from seminar.documents.word.frame import ADDRESS_LABEL_MM, RECIPIENTS_COLUMN_MM
from seminar.documents.word.runs import Strong

LETTERS = (DocumentKind.INVITATION, DocumentKind.SUMMONS)
END_FOR, END_IF = "{%p endfor %}", "{%p endif %}"
NAMES_MM = 105
SHORT_NAME = 45
"""So many characters of an addressee stand in one line beside "Kính gửi:"."""
POSITION_AND_BODY = (
    "{% if chuc_vu %}{{ chuc_vu }}{% endif %}{% if chuc_vu and don_vi %}, {% endif %}"
    "{% if don_vi %}{{ don_vi }}{% endif %}"
)


def each(name: str, line: str = "{{ dong }}", item: str = "dong") -> tuple[str, str, str]:
    """The lines that repeat a paragraph for every item of a list."""
    return (f"{{%p for {item} in {name} %}}", line, END_FOR)


def _as_typed(layout: Layout) -> Layout:
    """Without capitals by format: a field would be read, and typed again, in capitals. The values have them already."""
    blocks = {name: replace(block, caps=False) for name, block in layout.blocks.items()}
    return replace(layout, blocks=blocks, heading=layout.heading.upper())


class Starter(WordDocument):
    """Fields instead of words; commands stand in paragraphs of their own, which the filled document does not have."""

    def __init__(self, layout: Layout, settings: DocumentSettings, kind: DocumentKind, now: datetime) -> None:
        super().__init__(
            _as_typed(layout),
            title=TITLES[kind].capitalize() or "Công văn",
            now=now,
            double_sided=settings.is_double_sided,
            archive_mark=settings.archive_mark,
            tight=kind in LETTERS,
        )
        self.kind = kind

    def command(self, text: str) -> None:
        self._component(self._document, "recipients", text)

    def repeated(self, name: str, *parts: str | Strong, item: str = "dong") -> None:
        begin, _, end = each(name, item=item)
        self.command(begin)
        self.paragraph(*parts)
        self.command(end)

    def heads(self) -> None:
        rows = self._head_rows(
            each("co_quan_cap_tren"),
            each("co_quan_ban_hanh"),
            "{{ so_ky_hieu }}",
            "{{ dia_danh_ngay_thang }}",
            3,
        )
        left, right = rows[2]
        if self.kind == DocumentKind.DISPATCH:
            self._component(left, "dispatch_subject", "“V/v {{ trich_yeu }}”", before_pt=2)
        for block, name in (
            ("meeting_mark", "chi_dan_tai_lieu"),
            ("draft_mark", "du_thao"),
            ("urgency", "do_khan"),
        ):
            self._component(left, "meeting_mark", f"{{%p if {name} %}}")
            self._component(left, block, f"{{{{ {name} }}}}", before_pt=2)
            self._component(left, "meeting_mark", END_IF)
        self._small(left, "", size=1)  # a cell is never without a paragraph
        self._component(right, "date_line", "")
        if TITLES[self.kind]:
            self.title("{{ ten_loai }}", "{{ trich_yeu }}")

    def addressees(self) -> None:
        """One in the middle, several below one another, as in our own form."""
        self.command(f"{{%p if cac_noi_gui | length == 1 and cac_noi_gui[0] | length <= {SHORT_NAME} %}}")
        self.addressee("{{ cac_noi_gui[0] }}")
        self.command("{%p else %}")
        self.beside_label(*each("cac_noi_gui"))
        self.command(END_IF)

    def beside_label(self, *lines: str) -> None:
        label, cell = self._columns((twips(ADDRESS_LABEL_MM), twips(NAMES_MM)))
        self._component(label, "address_label", "Kính gửi:", before_pt=3)
        for line in lines:
            self._component(cell, "addressee", line, before_pt=3)

    def letter(self) -> None:
        if self.kind == DocumentKind.INVITATION:
            self.beside_label("{{ kinh_gui }}", "{%p if chuc_vu or don_vi %}", POSITION_AND_BODY, END_IF)
            self.paragraph("{{ mo_dau }}")
        else:
            self.paragraph("{{ mo_dau }}")
            self.paragraph(Strong("{{ kinh_gui }}"))
            for label, name in (("Chức vụ", "chuc_vu"), ("Đơn vị", "don_vi"), ("Thành phần", "thanh_phan")):
                self.paragraph(f"{label}: {{{{ {name} }}}}")
        self.repeated("cac_muc", Strong("{{ loop.index }}. {{ muc.nhan }}: "), "{{ muc.noi_dung }}", item="muc")
        self.repeated("ket_thuc", "{{ dong }}")

    def signed(self) -> None:
        self._keep_with_next()
        width = twips(RECIPIENTS_COLUMN_MM)
        left, right = self._columns((width, self._text_width - width))
        self._component(left, "recipients_label", "Nơi nhận:", before_pt=6)
        for line in each("noi_nhan"):
            self._component(left, "recipients", line)
        if self.kind in LETTERS:
            self._component(left, "recipients", "{{ ma_qr }}", before_pt=6)
            self._component(left, "recipients", "Mã đại biểu:")
            self._component(left, "signer_name", "{{ ma_dai_bieu }}")
        self._component(right, "authority", "{{ the_thuc_de_ky }}", before_pt=6)
        self._component(right, "signer_title", "{%p if chuc_vu_nguoi_ky %}")
        self._component(right, "signer_title", "{{ chuc_vu_nguoi_ky }}")
        self._component(right, "signer_title", END_IF)
        self._signed_name(right, "{{ ho_ten_nguoi_ky }}")
        if self.kind in LETTERS:
            self.notes(each("ghi_chu"))


def starter_docx(kind: DocumentKind, settings: DocumentSettings, layout: Layout, now: datetime) -> bytes:
    """The starting file of the kind."""
    starter = Starter(layout, settings, kind, now)
    starter.heads()
    if kind in LETTERS:
        starter.letter()
    else:
        if kind == DocumentKind.DISPATCH:
            starter.addressees()
        starter.repeated("noi_dung", "{{ dong }}")
    starter.signed()
    return starter.save()

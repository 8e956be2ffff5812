"""Old fonts: every letter there and back, and no name that is Unicode, French or plain is taken for one."""

import unicodedata

import pytest

from seminar.lib.legacy import Evidence, Legacy, decode, encode, is_syllable, of_font, with_capitals

SMALL = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"
LETTERS = SMALL + SMALL.upper()
KINDS = [Legacy.TCVN3, Legacy.VNI, Legacy.MOJIBAKE]


def test_there_are_134_letters():
    assert len(set(LETTERS)) == 134
    assert unicodedata.is_normalized("NFC", LETTERS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_goes_there_and_back(kind):
    assert [letter for letter in LETTERS if decode(encode(letter, kind), kind) != letter] == []


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("NguyÔn V¨n An", Legacy.TCVN3, "Nguyễn Văn An"),
        ("§ç ThÞ HuÖ", Legacy.TCVN3, "Đỗ Thị Huệ"),
        ("BÝ th\u00ad HuyÖn §oµn DÇu TiÕng", Legacy.TCVN3, "Bí thư Huyện Đoàn Dầu Tiếng"),
        ("NGUYÔN V¡N AN", Legacy.TCVN3, "NGUYỄN VĂN AN"),
        ("nguyÔn v¨n an", Legacy.TCVN3_CAPITALS, "NGUYỄN VĂN AN"),
        ("Nguyeãn Vaên An", Legacy.VNI, "Nguyễn Văn An"),
        ("Ñoã Thò Hueä", Legacy.VNI, "Đỗ Thị Huệ"),
        ("NGUYEÃN THÒ AÙNH", Legacy.VNI, "NGUYỄN THỊ ÁNH"),
        ("Huyønh Ñöùc Thònh", Legacy.VNI, "Huỳnh Đức Thịnh"),
        ("Nguyá»…n VÄƒn An", Legacy.MOJIBAKE, "Nguyễn Văn An"),
    ],
)
def test_text_as_it_stands_in_old_files(typed, kind, text):
    assert decode(typed, kind) == text
    if kind != Legacy.TCVN3_CAPITALS:
        assert Evidence([typed]).kind_of(typed) == kind


@pytest.mark.parametrize(
    "texts",
    [
        ["Nguyễn Văn An", "Trần Thị Ngô", "Lê Võ", "Hà Mã", "Hòa Bình", "Ngô Tô"],
        ["René François Müller", "José Núñez Ibáñez", "Gaëlle Noël", "Zoé Chloé", "Søren Kierkegård"],
        ["Loïc"],
        ["Naïm"],
        ["João São Paulo", "Björk Guðmundsdóttir", "Citroën", "goût", "Août"],
        ["H'Hen Niê", "Y Moan Êban", "Kpă Púi", "Ksor Blô"],
        ["Le Van An", "Bi thu", "an@example.vn", "0912345678"],
        ["© 2024", "20 °C ± 1", "½ ngày", "10 × 20", "§ 3", "Tổng: 1µm"],
    ],
)
def test_what_is_correct_is_no_old_font(texts):
    assert Evidence(texts).kinds == set()


def test_fonts_are_known_by_their_names():
    assert of_font(".VnTime") == of_font(".vnarial") == Legacy.TCVN3
    assert of_font(".VnTimeH") == of_font(".VnArialH") == Legacy.TCVN3_CAPITALS
    assert of_font("VNI-Times") == of_font("vni-helve") == Legacy.VNI
    assert of_font("Times New Roman") is of_font("Vni") is None


def test_capitals_that_tcvn3_lacks_come_back_in_names():
    assert with_capitals(decode("NguyÔn ThÞ ¸nh", Legacy.TCVN3)) == "Nguyễn Thị Ánh"
    assert with_capitals("Trần văn An") == "Trần văn An"


@pytest.mark.parametrize(
    "word", ["Nguyễn", "Quế", "Giêng", "Khuỷu", "Nghiêng", "Yến", "Hòa", "Hoà", "Thúy", "Gì", "Quý"]
)
def test_a_syllable_may_be_written_either_way(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["NguyÔn", "Vaên", "Renộ", "Hặc̀", "Bỡnh", "Càp", "strong", "Đắkk"])
def test_what_is_no_syllable(word):
    assert not is_syllable(word)

"""Vietnamese text typed before Unicode: TCVN3 (ABC, fonts .Vn*) and VNI (fonts VNI-*), and UTF-8 read as Windows-1252.

Found by the font of a cell or by words that are Vietnamese only when read so; whoever calls decides, nothing is
converted silently. TCVN3's 74 letters agree with glibc's TCVN5712-1, its pairs for capitals and VNI with the npm package
vietnamese-conversion (but for its slip in ỷ and ỹ). The capital fonts of TCVN3 (.Vn*H) draw small letters as capitals.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache


class Legacy(StrEnum):
    TCVN3 = "tcvn3"
    TCVN3_CAPITALS = "tcvn3_capitals"
    """In a font whose small letters are drawn as capitals."""
    VNI = "vni"
    MOJIBAKE = "utf8"
    """UTF-8 that was once read as Windows-1252."""


TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
TONE_MARKS = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
CIRCUMFLEX = dict(zip("âáàåãä", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
BREVE = dict(zip("êéèúüë", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
VNI_ALONE = dict(zip("ñíìæóòôöî", "đíìỉĩịơưỵ", strict=True))


def _vni_table() -> dict[str, str]:
    """Every letter as VNI writes it: a base, and for most a mark after it; either may be small where both are capitals."""
    small = dict(VNI_ALONE)
    for base in "aeouyôö":
        for mark, tone in TONE_MARKS.items():
            if base + mark != "yï":  # ỵ has a letter of its own
                small[base + mark] = VNI_ALONE.get(base, base) + tone
    for base in "aeo":
        for mark, tone in CIRCUMFLEX.items():
            small[base + mark] = base + "\u0302" + tone
    for mark, tone in BREVE.items():
        small["a" + mark] = "a\u0306" + tone
    table = {}
    for written, letter in small.items():
        letter = unicodedata.normalize("NFC", letter)
        table[written] = letter
        table[written.upper()] = letter.upper()
        table[written[0].upper() + written[1:]] = letter.upper()
    return table


VNI = _vni_table()
VNI_SIGN = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
VNI_LETTERS = frozenset("".join(VNI)) - frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
BACKWARDS = {letter: written for written, letter in reversed(TCVN3.items())}

PAIR = re.compile("([AĂÂEÊIOÔƠUƯY])([à-ỹ])")

FONT = re.compile(r"^(\.Vn|VNI-)", re.IGNORECASE)
WORD = re.compile("[A-Za-z\u00a1-\u00ff\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]+")
UNICODE_ONLY = re.compile("[\u0100-\u036f\u1ea0-\u1ef9]")
"""Letters that no old font writes: whoever typed them typed Unicode."""
SIGNS = frozenset("¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾×÷")
"""Signs of Latin-1 that stand inside a word only where an old font draws a letter."""
MEASURES = frozenset(("µm", "µg", "µl", "Mª", "Nº"))
STRONG = re.compile("[AaEeOo][àáåãäÀÁÅÃÄ]|[AaEeOoUuYyÔôÖö][ùøõÙØÕ]")
"""Pairs of VNI that no other language writes."""
MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)

ONSET = "(?:b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?"
RHYMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et "
    "ê êch êm ên ênh êp êt êu i ich im in inh ip it iu ia iêc iêm iên iêng iêp iêt iêu o oc oi om on ong op ot oa oac "
    "oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm "
    "ơn ơp ơt ơc u uc ui um un ung up ut ua uân uâng uât uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ uy uya uych "
    "uynh uyt uyên uyêt uyu ư ưc ưi ưm ưn ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu"
)
SYLLABLE = re.compile(f"{ONSET}(?:{'|'.join(sorted(RHYMES.split(), key=len, reverse=True))})")
TONES = "\u0300\u0301\u0303\u0309\u0323"
ALONE_Y = re.compile("(?:b|ch|c|đ|g|gh|gi|kh|ng|ngh|nh|n|p|ph|r|tr|x)y")
STOPPED = re.compile("(?:ch|[cpt])$")


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether a Vietnamese syllable could be written so; case does not matter."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in parts if mark in TONES]
    bare = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES))
    if len(tones) > 1 or not SYLLABLE.fullmatch(bare):
        return False
    if tones and ALONE_Y.fullmatch(bare):
        return False
    return not (STOPPED.search(bare) and tones and tones[0] not in "\u0301\u0323")


def of_font(name: str) -> Legacy | None:
    """What is typed in a font of that name; None is Unicode."""
    if not FONT.match(name):
        return None
    if name[0] in "vV":
        return Legacy.VNI
    return Legacy.TCVN3_CAPITALS if re.search(r"H(?:\s|$)", name.strip()) else Legacy.TCVN3


def decode(text: str, kind: Legacy) -> str:
    """The text in Unicode, NFC; what is none of the kind's letters stays."""
    if kind == Legacy.MOJIBAKE:
        return _undone(text) or text
    if kind == Legacy.VNI:
        return unicodedata.normalize("NFC", VNI_SIGN.sub(lambda found: VNI[found[0]], text))
    decoded = WORD.sub(lambda found: _of_tcvn3(found[0]), text)
    return decoded.upper() if kind == Legacy.TCVN3_CAPITALS else decoded


def _of_tcvn3(word: str) -> str:
    """TCVN3 has no capitals with tones: some write "A" and a small "à" for "À", others a small one among capitals."""
    decoded = "".join(TCVN3.get(letter, letter) for letter in word)
    decoded = PAIR.sub(lambda found: found[2].upper() if _bare(found[2]) == found[1].lower() else found[0], decoded)
    plain = [letter for letter in word if letter.isascii()]
    return decoded.upper() if len(plain) > 1 and all(letter.isupper() for letter in plain) else decoded


@lru_cache(maxsize=500)
def _bare(letter: str) -> str:
    """Without its tone, with its shape: "ễ" -> "ê"."""
    return unicodedata.normalize(
        "NFC", "".join(part for part in unicodedata.normalize("NFD", letter) if part not in TONES)
    )


def with_capitals(text: str) -> str:
    """Names out of TCVN3, which lacks Á: "Nguyễn Thị ánh" -> "Nguyễn Thị Ánh"."""
    return re.sub(
        r"(?<![^\s.-])[^\W\d_]",
        lambda found: found[0].upper() if found[0] in BACKWARDS and found[0] not in "ăâđêôơư" else found[0],
        text,
    )


def encode(text: str, kind: Legacy) -> str:
    """The other way, for making test files; capitals that TCVN3 lacks are written as a pair."""
    if kind == Legacy.MOJIBAKE:
        return "".join(_of_byte(byte) for byte in text.encode())
    if kind == Legacy.VNI:
        written = {
            letter: sign for sign, letter in VNI.items() if len(sign) == 1 or sign[0].isupper() == sign[1].isupper()
        }
        return "".join(written.get(letter, letter) for letter in text)
    return "".join(_in_tcvn3(letter) for letter in text)


def _in_tcvn3(letter: str) -> str:
    small = letter.lower()
    if letter in BACKWARDS or small not in BACKWARDS:
        return BACKWARDS.get(letter, letter)
    base = _bare(small).upper()
    return BACKWARDS.get(base, base) + BACKWARDS[small]


def _of_byte(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


BYTES = {_of_byte(byte): byte for byte in range(256)} | {chr(byte): byte for byte in range(0x80, 0xA0)}


@lru_cache(maxsize=20_000)
def _undone(text: str) -> str:
    """The text whose UTF-8 was read as Windows-1252, or "" where it was not."""
    if not MOJIBAKE.search(text):
        return ""
    try:
        undone = bytes(BYTES[letter] for letter in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return ""
    return _undone(undone) or unicodedata.normalize("NFC", undone)


@lru_cache(maxsize=50_000)
def _kind_of_word(word: str) -> tuple[Legacy | None, bool]:
    """(what makes a Vietnamese syllable of a word that is none, whether by signs that nothing else writes)."""
    if (
        word.isascii()
        or word in MEASURES
        or not re.search("[A-Za-z]", word)
        or UNICODE_ONLY.search(word)
        or is_syllable(word)
        and not _is_broken(word)
    ):
        return None, False
    if is_syllable(decode(word, Legacy.VNI)) and STRONG.search(word):
        return Legacy.VNI, True
    if all(letter.isascii() or letter in TCVN3 for letter in word) and is_syllable(decode(word, Legacy.TCVN3)):
        if not SIGNS.isdisjoint(word) or _is_broken(word):
            return Legacy.TCVN3, True
        if not is_syllable(decode(word, Legacy.VNI)):
            return Legacy.TCVN3, False
    if all(letter.isascii() or letter in VNI_LETTERS for letter in word) and is_syllable(decode(word, Legacy.VNI)):
        return Legacy.VNI, False
    return None, False


def _is_broken(word: str) -> bool:
    """A capital with an accent after a small letter, as in "NguyÔn"."""
    return any(two.isupper() and not two.isascii() and one.islower() for one, two in zip(word, word[1:], strict=False))


class Evidence:
    """What the words of a whole sheet say about how it was typed; `kinds` is empty for correct Unicode."""

    def __init__(self, texts: Iterable[str]) -> None:
        words: set[str] = set()
        self.kinds: set[Legacy] = set()
        for text in texts:
            if text.isascii():
                continue
            if _undone(text):
                self.kinds.add(Legacy.MOJIBAKE)
            else:
                words.update(WORD.findall(text))
        found: dict[Legacy, list[bool]] = {Legacy.TCVN3: [], Legacy.VNI: []}
        strange = 0
        for word in words:
            kind, is_strong = _kind_of_word(word)
            if kind:
                found[kind].append(is_strong)
            elif not (word.isascii() or UNICODE_ONLY.search(word) or is_syllable(word)):
                strange += 1  # French, Spanish …: neither Vietnamese nor anything that decodes into it
        for kind, strong in found.items():
            if any(strong) or len(strong) > max(1, strange):
                self.kinds.add(kind)
        if self.kinds >= {Legacy.TCVN3, Legacy.VNI}:
            weaker = min((Legacy.TCVN3, Legacy.VNI), key=lambda kind: sum(1 + 2 * sure for sure in found[kind]))
            if not any(found[weaker]):
                self.kinds.discard(weaker)

    def kind_of(self, text: str) -> Legacy | None:
        """How this text was typed, where its own words say so."""
        if text.isascii() or not self.kinds:
            return None
        if Legacy.MOJIBAKE in self.kinds and _undone(text):
            return Legacy.MOJIBAKE
        if UNICODE_ONLY.search(text):
            return None
        counted = [kind for word in WORD.findall(text) if (kind := _kind_of_word(word)[0]) in self.kinds]
        return max(set(counted), key=counted.count) if counted else None

    def may_be(self, text: str) -> bool:
        """Nothing but letters that Unicode and the old fonts share: "Ngô" is Ngô, or Ngụ in TCVN3; its row must tell."""
        return bool(self.kinds) and not text.isascii() and not UNICODE_ONLY.search(text)


def likelihood(text: str) -> int:
    """How many words of a text are Vietnamese, as it stands or typed in an old font: for choosing between readings."""
    words = {word for word in WORD.findall(unicodedata.normalize("NFC", text[:200_000])) if not word.isascii()}
    kinds = Evidence([text[:200_000]]).kinds & {Legacy.TCVN3, Legacy.VNI}
    as_typed = sum(1 if is_syllable(word) else -1 for word in words)
    return max([as_typed, *(sum(1 if is_syllable(decode(word, kind)) else -1 for word in words) for kind in kinds)])

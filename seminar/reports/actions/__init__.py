"""What the office does with shapes of lists, and with the proceedings."""

from seminar.reports.actions.proceedings import (
    add_part,
    ask_build,
    begin_proceedings,
    change_part,
    fail_build,
    finish_build,
    keep_words,
    move_part,
    place_papers,
    publish_build,
    remove_part,
    set_readers,
    take_down,
    take_up_build,
    tell,
)
from seminar.reports.actions.shapes import MOST_SHAPES, NAME_LENGTH, keep_shape, remove_shape

__all__ = [
    "MOST_SHAPES",
    "NAME_LENGTH",
    "add_part",
    "ask_build",
    "begin_proceedings",
    "change_part",
    "fail_build",
    "finish_build",
    "keep_shape",
    "keep_words",
    "move_part",
    "place_papers",
    "publish_build",
    "remove_part",
    "remove_shape",
    "set_readers",
    "take_down",
    "take_up_build",
    "tell",
]

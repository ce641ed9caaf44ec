"""
Why is a case declared void? From the sender's words (C.1.11.2) to a reason.

The element is free text. Words that an authority does not accept as a reason are
looked for first, so that a mixed statement is refused rather than obeyed. Words
that are not understood void nothing: the message is parked and a person decides.
"""

import re

from schemas.vocabulary import NullificationReason

# The first row of which a word occurs decides.
_REASONS: tuple[tuple[NullificationReason, tuple[str, ...]], ...] = (
    (
        NullificationReason.DOWNGRADE,
        (r"downgrad", r"no longer serious", r"(not|non)[ -]?serious", "降级", "不再严重", "非严重"),
    ),
    (
        NullificationReason.LOST_TO_FOLLOW_UP,
        (
            *(r"lost to follow", r"no (further|more) information", r"unable to (obtain|contact)"),
            *("失访", "无法随访"),
        ),
    ),
    (
        NullificationReason.LATER_UNRELATED,
        (r"unrelated", r"not related", r"no (causal|relation)", r"causality", "无关", "不相关"),
    ),
    (
        NullificationReason.DUPLICATE,
        (r"duplicat", r"(same|identical) (case|event|patient)", r"merged", r"doublon", "重复"),
    ),
    (
        NullificationReason.NO_EXPOSURE,
        (
            *(r"(no|not|never) expos", r"(not|never) (take|took|receive|use|administer)"),
            *(r"(no|not a|other) (company|suspect) (drug|product)",),
            *("未用药", "未服用", "未使用", "未暴露"),
        ),
    ),
    (
        NullificationReason.DATA_ENTRY_ERROR,
        (
            r"(data[ -]entry|typing|keying|clerical|transmission) (error|mistake)",
            r"(entered|created|reported|sent|submitted|transmitted) (in error|by mistake)",
            *("录入错误", "误报", "错误(提交|上报|录入|报告)"),
        ),
    ),
    (
        NullificationReason.NEVER_VALID,
        (
            *(r"not (an? )?(valid|case|adverse)", r"invalid", r"never valid"),
            *(r"no (identifiable|adverse|patient)", r"(minimum|validity) criteria"),
            *("无效", "不符合"),
        ),
    ),
)
_COMPILED = tuple(
    (reason, re.compile("|".join(words), re.IGNORECASE)) for reason, words in _REASONS
)

_CASE_NUMBER = re.compile(r"\b[A-Z]{2}-[A-Za-z0-9_.]+-[A-Za-z0-9_.\-]*[A-Za-z0-9]")


def decide_nullification_reason(words: str) -> NullificationReason | None:
    """Give the reason that the words state, None if they are not understood."""
    return next((reason for reason, pattern in _COMPILED if pattern.search(words)), None)


def find_case_number(words: str, own: frozenset[str]) -> str | None:
    """Give the one other case number (CC-SENDER-NUMBER) that the words name."""
    named = {number for number in _CASE_NUMBER.findall(words) if number not in own}
    return named.pop() if len(named) == 1 else None

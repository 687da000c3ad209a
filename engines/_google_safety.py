"""How Google's filters say no: by words, and by support codes that stand for what they saw.

Codes: docs.cloud.google.com, "Responsible AI and usage guidelines for Veo", read in November 2026.
"""

import re

_CODES = {
    "58061214 17301594": "a child",
    "29310472 15236754": "a celebrity",
    "64151117 42237218": "video safety",
    "62263041": "danger",
    "57734940 22137204": "hate",
    "74803281 29578790 42876398": "another reason",
    "39322892": "a person or face",
    "92201652": "personal data",
    "89371032 49114662 72817394 60599140": "prohibited content",
    "90789179 63429089 43188360": "sexual content",
    "35561574 35561575": "somebody else's content",
    "78610348": "toxic content",
    "61493863 56562880": "violence",
    "32635315": "vulgarity",
}
_MEANING = {code: meaning for codes, meaning in _CODES.items() for code in codes.split()}
_WORDS = re.compile(
    r"support codes?:|usage guidelines|could(?: not|n't) be submitted|safety|blocked|prohibited"
    r"|violates? our|sensitive content|responsible ai|content polic",
    re.IGNORECASE,
)
_ABOUT_THE_RESULT = re.compile(
    r"generated (?:video|image|audio|content)|(?:video|audio|output) was (?:filtered|blocked)"
    r"|filtered out|output (?:was|has been)",
    re.IGNORECASE,
)


def is_moderation(text: str) -> bool:
    """Whether a message says that a filter turned something down."""
    return _WORDS.search(text) is not None


def is_about_the_result(text: str) -> bool:
    """Whether it was what had been made, and not what had been asked."""
    return _ABOUT_THE_RESULT.search(text) is not None


def seen_in(text: str) -> str:
    """Put into words what the filters saw, by the support codes of a message; "" if it has none."""
    codes = re.findall(r"\b\d{8}\b", text)
    return ", ".join(dict.fromkeys(_MEANING[code] for code in codes if code in _MEANING))

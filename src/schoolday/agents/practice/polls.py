"""What a synthetic student answers to a question of the class."""

import random
from typing import Any

ANSWER_TOPIC = "poll_answer"
RULE = "poll"
# Some know at once, some think; our judgement of a class of children.
THINKS_SECONDS = (1.5, 12.0)
_OF_FORM = {"yes_no": ("yes", "no"), "abcd": ("A", "B", "C", "D"), "thumbs": ("up", "down")}
_NUMBERS = ("3", "7", "12")
_OPTIONS_AT_MOST = 6


def open_poll(rule: Any) -> str:
    """Return the id of the question that is open now, else "": app/src/live/teach/polls/rule.ts has the form."""
    if not isinstance(rule, dict) or rule.get("state") != "open" or not isinstance(rule.get("id"), str):
        return ""
    return str(rule["id"])


def answer(rule: dict[str, Any], *, word: str, chance: random.Random) -> str:
    """Return one of the question's answers; `word`: what she writes where a word is asked for; "": she has none."""
    form, options = str(rule.get("form")), rule.get("options")
    if form in _OF_FORM:
        return chance.choice(_OF_FORM[form])
    if form == "number":
        return chance.choice(_NUMBERS)
    if form == "word":
        return word
    told = [one for one in options[:_OPTIONS_AT_MOST] if isinstance(one, str)] if isinstance(options, list) else []
    return chance.choice(told) if form == "own" and told else ""

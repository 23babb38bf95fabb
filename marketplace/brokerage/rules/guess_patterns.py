"""What words look like by which somebody could be known, one pattern after another. Pure."""

import re
from collections.abc import Collection

from marketplace.brokerage.rules.guess_kinds import GuessKind
from marketplace.brokerage.rules.rare_words import (
    LANDMARKS,
    RARE_CONDITIONS,
    RARE_LANGUAGES,
    RARE_ROLES,
    UNUSUAL_COMPANY,
)


def _any_of(words: Collection[str]) -> str:
    # The longest first, so that “head teacher” is found whole.
    longest_first = sorted(words, key=lambda one: (-len(one), one))
    return "(?:" + "|".join(re.escape(one) for one in longest_first) + ")"


_MONTHS = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)"
)
_DAY = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTHS}\b(?:,? \d{{4}})?|"
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})"
)
_STREETS = "(?:street|road|lane|avenue|crescent|terrace|grove|mews)"
_NO_UNIT = "(?!miles?|minutes?|hours?|days?|weeks?|lengths?|steps)"
_HOMES = "(?:house|bungalow|flat|cottage|farm|caravan|home|ours|door|gate|live|lives)"
_BESIDE = (
    "(?:near|next to|next door to|opposite|above|over|below|under|behind|beside|by|outside|facing|across from|"
    "(?:round|around) the corner from|(?:doors|streets|minutes) from|along from|back of)"
)
_PLACE_OF = f"the (?:[\\w’'-]+ ){{0,2}}?{_any_of(LANDMARKS)}(?:’s|'s|s)?"
_TEENS_ON = r"(?:1[0-9]|[2-9]\d|10\d)"
_NUMBER_WORDS = "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-[a-z]+"
# First names that are words too, where they follow whose name it would be.
_ALSO_NAMES = "poppy|daisy|ruby|lily|violet|ivy|jasmine|holly|heather|olive|pearl|jack|bill|claude|frank|eve|fay|sue"
_PEOPLE = "girl|boy|daughter|son|mum|nan|gran|aunt|uncle|friend|baby"
_SCHOOLS = "(?:primary|infants|juniors|grammar|secondary|high) school"
_ANY_SCHOOL = (
    "(?:the|a|an|my|our|his|her|their|any|local|special|main|old|new|nearest|good|first|village|same|mainstream|to|at|in|"
    "from|of|catholic|church|this|that|another|some|one|each|every)"
)

_SOUGHT: tuple[tuple[GuessKind, tuple[str, ...]], ...] = (
    (
        GuessKind.BIRTHDAY,
        (rf"\b(?:d\.?o\.?b\.?|date of birth|birthday|born)\b[^.]{{0,20}}?{_DAY}",),
    ),
    (
        GuessKind.NUMBER,
        (
            (
                r"\b(?:nhs|hospital|case|client|reference|ref|ni|insurance|mosaic|id)\.? (?:number|no\.?)?"
                r"[^.\d]{0,12}[a-z]{0,3}\d[\d -]{4,}"
            ),
        ),
    ),
    (
        GuessKind.CONTACT,
        (r"\b[\w.+-]+ at [\w-]+ dot (?:com|org|net|co|uk|info)(?: dot uk)?\b",),
    ),
    (
        GuessKind.ADDRESS,
        (
            r"\b(?:flat|apartment|apt|house number) (?:\d{1,4}[a-z]?|[b-h])\b(?! (?:bed|room|step))",
            rf"\b\d{{1,4}}[a-z]? {_NO_UNIT}(?:[a-z’']+ ){{1,2}}{_STREETS}\b",
        ),
    ),
    (
        GuessKind.NAME,
        (rf"\b(?:{_PEOPLE}) (?:{_ALSO_NAMES})\b",),
    ),
    (
        GuessKind.DATE,
        (rf"(?<!from )(?<!until )(?<!before )(?<!starting )(?<!by )\b{_DAY}",),
    ),
    (
        GuessKind.AGE,
        (
            r"\b\d{1,3}[- ]?(?:years?|yrs?)[- ]old\b",
            r"\baged \d{1,3}\b",
            (
                r"\b(?:am|i’m|i'm|he’s|he's|she’s|she's|is|now|turned|turning|turn|at|just|nearly|almost) "
                rf"{_TEENS_ON}(?=\s*(?:[.,;!?)]|$|and\b|with\b|but\b|when\b))"
            ),
            rf"(?<=, ){_TEENS_ON}(?=,)",
            r"\b(?:is|turns|turned|turning|aged|nearly|almost) (?:a|one) hundred\b(?! (?:and|pounds|miles|metres|per))",
            rf"\b(?:is|turns|turned|turning|aged|am|i’m|i'm) (?:eighteen|nineteen|{_NUMBER_WORDS})\b",
        ),
    ),
    (
        GuessKind.RARE_CONDITION,
        (rf"\b{_any_of(RARE_CONDITIONS)}(?:’s|'s)?(?: disease| syndrome)?(?!\w)",),
    ),
    (
        GuessKind.RARE_LANGUAGE,
        (rf"\b{_any_of(RARE_LANGUAGES)}\b",),
    ),
    (
        GuessKind.RARE_ROLE,
        (
            rf"\b{_any_of(RARE_ROLES)}\b",
            (
                r"\b(?:i|we|he|she|who) (?:run|runs|ran|own|owns|owned|lead|leads|led|manage|manages|managed|"
                r"keep|keeps|"
                r"founded|started|chair|chairs) (?:the|a|an) [\w’'-]+(?: [\w’'-]+)?"
            ),
        ),
    ),
    (
        GuessKind.UNUSUAL,
        (rf"\b{_any_of(UNUSUAL_COMPANY)}\b",),
    ),
    (
        GuessKind.LANDMARK,
        (
            rf"\b{_BESIDE} {_PLACE_OF}\b",
            rf"\b{_HOMES}\b[^.]{{0,30}}?\b(?:before|after|past|at|on) {_PLACE_OF}\b",
            rf"\b{_HOMES} with (?:the|a) [\w’' -]{{3,24}}(?:door|tree|gate|roof|fence|gnomes?|flag)\b",
            rf"\b{_HOMES}\b[^.]{{0,60}}?\bthe one with [^.,]{{3,30}}",
            r"\bthatched (?:house|cottage|roof)\b",
            (
                r"\b(?:live|lives|living) (?:in|on|at) (?:the|an?|our|my) (?:old )?(?:vicarage|rectory|manse|"
                r"lighthouse|"
                r"windmill|"
                r"houseboat|narrowboat|boat|farm|castle|gatehouse|lock cottage|pub|almshouses?|convent|monastery)\b"
            ),
        ),
    ),
    (
        GuessKind.PLACE,
        (
            r"\bward (?:\d{1,3}|[a-h])\b",
            r"\bst\.? [a-z’']{4,} (?:primary|school|church|hospital|infants|juniors|academy|hospice|college)\b",
            rf"\b(?!{_ANY_SCHOOL} )[a-z’'-]{{4,}} {_SCHOOLS}\b",
        ),
    ),
    (
        GuessKind.ONLY_ONE,
        (
            (
                r"\bthe only (?:[\w’'-]+ ){0,4}?(?:person|people|woman|man|girl|boy|child|family|one|user|member|"
                r"player|"
                r"student|pupil|mum|dad|couple|deaf|blind|black|asian|resident|tenant)\b"
                r"(?: (?:in|at|on|of|who|to) [^.,]{2,40})?"
            ),
            r"\bthe first (?:[\w’'-]+ ){0,3}?(?:person|woman|man|girl|boy|child|family)\b[^.,]{0,40}",
            (
                r"\bone of the (?:two|three|four|five|six|few|first|last) (?:\w+ )?(?:who|people|survivors?|men|women|"
                r"families)\b[^.,]{0,40}"
            ),
            r"\b(?:everybody|everyone|half the \w+|the whole \w+|most people)(?: \w+){0,2} knows? (?:me|him|her|us)\b",
            (
                r"\b(?:was|were|been|went|appeared|featured|am|is)\b[^.]{0,30}?\b(?:in (?:all )?the (?:local )?(?:"
                r"papers?|"
                r"newspapers?|news|press)|on (?:the )?(?:local )?(?:news|television|telly|tv|radio))"
            ),
            (
                r"\b(?:you (?:may|might|will) (?:remember|know|have (?:seen|heard|read))|famous|well known in|"
                r"known (?:locally|round here|around here) as|won the (?:lottery|\w+ (?:cup|medal|prize)))\b"
            ),
            r"\b(?:triplets|quadruplets|quintuplets|(?:three|four|five|six) generations)\b",
        ),
    ),
)

PATTERNS: tuple[tuple[GuessKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE)) for kind, patterns in _SOUGHT for pattern in patterns
)
"""In the order in which they are looked for: what lies within something found before falls away."""

"""Which facts about somebody do some words tell? One of them fits many people; four together may fit one. Pure."""

import re

_FACTS: tuple[tuple[str, str], ...] = (
    (
        "an illness or disability",
        (
            r"autis\w+|asperger\w*|dementia|alzheimer\w*|parkinson\w*|multiple sclerosis|\bMS\b|"
            r"cerebral palsy|down[’']?s? syndrome|epilep\w+|stroke|brain injury|head injury|"
            r"depress\w+|bipolar|schizophreni\w+|psychosis|anxiety|arthritis|diabet\w+|cancer|"
            r"heart attack|heart failure|\bCOPD\b|asthma|\bME\b|fibromyalgia|amput\w+|paraly\w+|"
            r"spinal \w+|paraplegi\w+|tetraplegi\w+|learning disab\w+|\bADHD\b|tourette\w*|deaf|"
            r"blind|sight loss|muscular dystrophy|spina bifida|kidney\w*|dialysis|transplant|"
            r"eating disorder|anorexi\w+|PTSD|long covid|lost (?:my|her|his) (?:leg|arm|sight|"
            r"hearing)|losing my sight|wheelchair"
        ),
    ),
    (
        "a family",
        (
            r"\b(?:twins|mother of|father of|mum of|dad of|parent of|single (?:mum|mother|dad|"
            r"father|parent)|my (?:wife|husband|partner|son|daughter|twins|children|kids|grandson|"
            r"granddaughter|foster \w+)|widow\w*|divorced|adopted|foster\w*|brought up)\b"
        ),
    ),
    (
        "a job",
        (
            r"\b(?:vet|nurse|doctor|gp|teacher|lecturer|professor|plumber|electrician|"
            r"lorry driver|bus driver|train driver|taxi driver|miner|soldier|sailor|policeman|"
            r"police officer|firefighter|fire ?man|solicitor|barrister|farmer|shepherd|fisherman|"
            r"butcher|baker|chef|hairdresser|barber|actor|actress|musician|dancer|artist|writer|"
            r"journalist|engineer|architect|builder|joiner|carpenter|postman|priest|midwife|"
            r"pharmacist|dentist|librarian|gardener by trade|work(?:s|ed|ing)? (?:as|at|for)|"
            r"used to (?:work|be|run|own)|retired (?!and)\w+|own(?:s|ed)? a \w+|army|navy|veteran|"
            r"conduct\w* the|chief executive)\b"
        ),
    ),
    (
        "a faith or where a family comes from",
        (
            r"\b(?:jewish|muslim|hindu|sikh|buddhist|quaker|mormon|jehovah[’']s|catholic|orthodox|"
            r"jain|pagan|rastafarian|traveller|gypsy|roma|refugee|asylum|(?:born|grew up|"
            r"came here|moved here|fled) (?:in|from)?)\b"
        ),
    ),
    (
        "who somebody loves or how they live their gender",
        r"\b(?:gay|lesbian|bisexual|trans|transgender|non-binary|queer)\b",
    ),
    (
        "something that happened",
        (
            r"\b(?:accident|assault\w*|attack(?:ed)? (?:by|in)|prison|bankrupt\w*|inquest|"
            r"court case|fire at|house fire|crash|(?:last|this) (?:spring|summer|autumn|winter|"
            r"year|month)|since (?:the|my) (?:accident|crash|fire|fall)|won)\b"
        ),
    ),
    ("a small place", (r"\b(?:village|hamlet|island|farm|smallholding|houseboat|caravan|narrowboat|croft)\b")),
    (
        "an age",
        (
            r"\bin (?:my|his|her|their) (?:late |early |mid-?)?(?:teens|twenties|nineties)\b|"
            r"\b(?:hundred|centenarian)\b"
        ),
    ),
    ("hours that few people work", r"\b(?:works? nights|night shifts?|permanent nights)\b"),
)
_SOUGHT = tuple((fact, re.compile(pattern, re.IGNORECASE)) for fact, pattern in _FACTS)


def facts_in(words: str) -> tuple[str, ...]:
    """Return which sorts of facts about somebody some words tell."""
    return tuple(fact for fact, pattern in _SOUGHT if pattern.search(words))

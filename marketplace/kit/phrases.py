"""
The phrases that make a text wait for a person. Pure: no database, no web, no clock.

They are meant to find too much rather than too little of what is grave, and nothing of plain anger, disappointment or
swearing. To add one: write it in lower case, with straight quotes, as a regular expression of whole words.
"""

import re


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in patterns), re.IGNORECASE)


_OURS = r"(?:my|our) (?!wheelchair|chair|feelings|pride|hand\b|back|head|ears|eyes|knees?|feet|hips?)\w+"
_WHOM = rf"(?:me|him|her|them|us|{_OURS}|people|someone|somebody|residents?|clients?)"
_NOT = r"(?<!n't )(?<!never )(?<!not )"
_THEIR = r"(?:my|her|his|their|our)"

UNLAWFUL = _any_of(
    # Threats.
    r"(?:i|we)(?:'ll| will| am going to|'m going to| are going to|'re going to) "
    r"(?:kill|stab|shoot|hurt|beat|burn|bomb|smash|get) (?:you|him|her|them|your|his|their)",
    r"(?:deserves?|ought|should|wants?|wanted) (?:you |him |her |them |to )*(?:be )?(?:shot|stabbed|hanged|beaten up)",
    r"you(?:'re| are) dead",
    r"knows? where (?:you|he|she|they) lives?",
    # Words that are only ever used to wound. Plain anger is no reason to wait.
    r"n[i1]gg(?:er|a)s?|pak[i1]s?|ch[i1]nks?|g[o0]ll[i1]wogs?|y[i1]ds?|k[i1]kes?|gyppos?|p[i1]keys?",
    r"f[a4]gg?[o0]ts?|tr[a4]nn(?:y|ies)|p[o0][o0]fs?|dykes?",
    r"sp[a4](?:stic|z|zz)s?|r[e3]t[a4]rd(?:s|ed)?|m[o0]ng(?:s|oloids?)?|schizos?",
    # Accusations of a crime.
    r"(?:stole|steals?|stealing|stolen|robb(?:ed|ing|s)|nicked|nicking) "
    rf"(?:from|{_THEIR}|money|cash|(?:it|things|jewellery|the money))",
    r"thie(?:f|ves)|burglars?|embezzl\w+|fraud(?:sters?|s)?|fraudulent|money launder\w+|forged|forgery",
    r"rap(?:ed|ists?|ing)|p(?:a)?edo(?:phile)?s?|molest(?:ed|ers?|s|ing)?",
    r"sexual(?:ly)? assault\w*|indecent assault|assault(?:ed|s|ing)",
    r"murder(?:ed|ers?)|drug deal(?:ers?|ing)|deal(?:s|ing)? (?:in )?drugs|blackmail(?:ed|s|ing)?",
    r"(?:is|was|are|were) (?:a )?(?:criminals?|con (?:man|men|artists?))",
)
"""What may break the law to publish: threats, slurs, and accusations of a crime."""

SAFEGUARDING = _any_of(
    # Somebody is hurt.
    rf"{_NOT}(?:hits?|hitting|slap(?:s|ped|ping)?|punch(?:ed|es|ing)?|kick(?:ed|s|ing)?) {_WHOM}",
    # Somebody who pushes me to try new things, or beats me at snooker, harms no one.
    rf"{_NOT}(?:push(?:ed|es|ing)?|shov(?:ed|es|ing)|shove|dragg?(?:ed|s|ing)?) {_WHOM}(?! to)",
    rf"{_NOT}beat(?:s|ing)? {_WHOM}(?! (?:at|to|by|in)\b)",
    rf"{_NOT}(?:pinch(?:ed|es|ing)?|strangl\w+|chok(?:ed|es|ing)|grabb?(?:ed|s|ing)?) {_WHOM}",
    rf"{_NOT}(?:restrain(?:ed|s|ing)?|tied|tie|hurts?|hurting|threaten(?:ed|s|ing)?) {_WHOM}",
    r"(?:slapped|punched|kicked|restrained|tied up|threatened) by|beaten up",
    rf"(?:hit|hurt|beaten) by (?:him|her|them|staff|somebody|someone|an?other|(?:the|a|one|{_THEIR}) "
    r"(?:carers?|staff|workers?|nurses?|managers?|assistants?|helpers?|drivers?|man|woman|husband|wife|son|daughter))",
    rf"(?:lock(?:ed|s|ing)?|shut(?:s|ting)?) {_WHOM} (?:in|out|up|away)|(?:was|were|been|is|are) locked (?:in|out|up)",
    r"black eyes?|bruises|(?:a|big|bad|badly|her|his|my|their) bruised?|burn marks?",
    r"broken (?:arms?|legs?|wrists?|bones?|ribs?)",
    r"bed ?sores?|pressure sores?|malnourished|dehydrated",
    r"abus(?:e|ed|ers?|es|ing|ive)|neglect(?:ed|ful|s|ing)?|molest\w*|rap(?:ed|ist)|sexual(?:ly)? (?:assault|abus)\w*",
    rf"touch(?:ed|es|ing) {_WHOM} (?:where|when|in a way|inappropriately|sexually|down there)",
    r"inappropriate(?:ly)? touch\w*",
    r"(?:afraid|scared|frightened|terrified) of (?:him|her|them|the (?:staff|carers?|workers?)|my \w+)",
    # Somebody goes without.
    r"(?:without|not given|refused|denied|withheld|withholding) (?:any )?"
    r"(?:food|water|drink|medication|medicine|tablets|meals|insulin)",
    r"left (?:(?:me|him|her|them|my \w+) )?(?:alone )?(?:on the (?:toilet|floor|commode)|lying|for hours)",
    rf"left (?:(?:me|him|her|them|my \w+) )?in (?:wet|soiled|dirty|a wet|{_THEIR} own)",
    r"(?:wrong|too (?:much|many)|missed|double) (?:(?:the|my|her|his) )?"
    r"(?:medication|medicine|tablets|pills|insulin|dose)",
    # Somebody is used. To be paid and not come is a bad bargain, and no more.
    rf"(?:takes?|took|taking|keeps?|kept|uses?|used|spends?|spent) {_THEIR} (?:\w+'s )?"
    r"(?:pension|bank card|card|pin|benefits|savings|purse|wallet|cash)",
    rf"(?:stole|steals?|stealing|stolen|controls?|controlled|takes? all(?: of)?|took all(?: of)?) {_THEIR} "
    r"(?:\w+'s )?(?:money|pension|bank card|card|pin|benefits|savings|purse|wallet|cash)",
    r"being exploited|modern slavery|forc(?:ed|es|ing) (?:me|him|her|them) to",
    # Somebody may harm themselves.
    r"kill (?:my|him|her|them)sel(?:f|ves)|suicid(?:e|al)|self[- ]harm\w*|end (?:my|it all|her|his) life",
    r"(?:want|wanted|wish|wished) (?:to|i could) (?:die|be dead)",
    r"safeguarding",
)
"""What sounds as if somebody is being harmed, goes without, is used, or may harm themselves."""

OFF_TOPIC = _any_of(
    r"buy now|click here|order (?:now|today)|call (?:us )?(?:now|today)",
    r"visit (?:our|my) (?:web ?site|page|shop|channel)",
    r"(?:discount|promo|voucher|coupon|referral) codes?|limited[- ]time offer|free (?:trial|gift|money)",
    r"(?:earn|make) (?:£|\$|\d)[\d,.]* ?(?:a|per|from|every) (?:day|week|month|hour|home)|make money online",
    r"bitcoins?|crypto(?:currency)?|forex|casinos?|betting tips?|viagra|cialis|payday loans?|onlyfans",
    r"seo (?:services?|experts?)|follow me on|subscribe to my|whatsapp me|dm me",
)
"""Advertisements."""

LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
"""Where an address on the web begins."""

"""How hard our words are to read: what counts as a sentence, four formulas, and the pages that may be over the bar."""

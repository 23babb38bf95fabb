"""What we ask people for about providers and offers."""

from marketplace.catalogue.forms.deciding import DecideForm
from marketplace.catalogue.forms.suggesting import CloseSuggestionForm, SuggestPlaceForm, WrongFactForm

__all__ = [
    "CloseSuggestionForm",
    "DecideForm",
    "SuggestPlaceForm",
    "WrongFactForm",
]

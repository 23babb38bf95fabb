"""What we ask people for about providers and offers."""

from marketplace.catalogue.forms.deciding import DecideForm
from marketplace.catalogue.forms.listing import FREE, PRICED, OfferForm, ProviderForm
from marketplace.catalogue.forms.suggesting import CloseSuggestionForm, SuggestPlaceForm, WrongFactForm

__all__ = [
    "FREE",
    "PRICED",
    "CloseSuggestionForm",
    "DecideForm",
    "OfferForm",
    "ProviderForm",
    "SuggestPlaceForm",
    "WrongFactForm",
]

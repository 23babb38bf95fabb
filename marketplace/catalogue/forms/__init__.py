"""What we ask people for about providers and offers."""

from marketplace.catalogue.forms.listing import FREE, PRICED, DecideForm, OfferForm, ProviderForm

__all__ = ["FREE", "PRICED", "DecideForm", "OfferForm", "ProviderForm"]

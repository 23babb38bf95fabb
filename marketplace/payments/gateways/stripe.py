"""
How do we ask Stripe? By its own library, one instance of this class for each site, and nothing global.

Money never passes through us. A card is saved once, on the platform’s account, by a page of Stripe’s. For each charge
it is cloned onto the provider’s own account and charged there (docs/adr/0030). Every request that changes something
carries a key that the caller derives from its own row and attempt: the library would otherwise make up one of its own,
and a request repeated after a crash would move the money twice. A refusal is repeated under the same key too, so a new
attempt needs a new one.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import stripe

from marketplace.payments.gateways import reading
from marketplace.payments.gateways.answers import (
    AccountState,
    CardSetup,
    ChargeState,
    ChargeStatus,
    Event,
    ForgedEventError,
    HostedPage,
    RefundState,
    StripeRefusedError,
)
from marketplace.payments.gateways.patience import PatientClient
from marketplace.payments.gateways.refusals import told

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsPaymentIntentData

TOLERANCE = timedelta(seconds=300)
MANDATE = (
    "By saving this card you let us charge it for support you have agreed to, at the price you agreed, when it is due. "
    "You can take the card away on our site at any time."
)

_CURRENCY = "gbp"
_PER_PAGE = 100
_LIKELIEST = (
    ChargeStatus.SUCCEEDED,
    ChargeStatus.PROCESSING,
    ChargeStatus.NEEDS_PERSON,
    ChargeStatus.OPEN,
    ChargeStatus.FAILED,
    ChargeStatus.CANCELLED,
)


class StripeGateway:
    """Stripe, as far as we use it. Every method may raise StripeUnreachableError or StripeRefusedError."""

    def __init__(
        self, secret_key: str, webhook_secret: str, api_base: str, *, client_timeout: float = 30, at_once: int = 4
    ) -> None:
        # Stripe has one for events of our own account, and another for those of providers.
        self._webhook_secrets = webhook_secret.replace(",", " ").split()
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_base},
            # Whoever calls us decides whether and when to ask again.
            max_network_retries=0,
            http_client=PatientClient(timeout=client_timeout, at_once=at_once),
        )

    def takes_key(self) -> bool:
        """Test whether Stripe knows our secret key."""
        try:
            with told():
                self._client.v1.balance.retrieve()
        except StripeRefusedError as refusal:
            # A key that may not do this is known all the same.
            return refusal.code != "AuthenticationError" and not refusal.code.startswith("api_key")
        return True

    # ------------------------------------------------------------ providers

    def open_account(self, *, key: str, name: str, email: str) -> str:
        """Open an account of the provider’s own, which they run and Stripe answers for. Return its id."""
        with told():
            account = self._client.v1.accounts.create(
                {
                    "country": "GB",
                    "email": email,
                    "business_profile": {"name": name},
                    "controller": {
                        "fees": {"payer": "account"},
                        "losses": {"payments": "stripe"},
                        "requirement_collection": "stripe",
                        "stripe_dashboard": {"type": "full"},
                    },
                    "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
                },
                {"idempotency_key": key},
            )
        return account.id

    def account(self, account_id: str) -> AccountState:
        """Return what a provider’s account may do now."""
        with told():
            return reading.account_state(self._client.v1.accounts.retrieve(account_id))

    def account_link(self, account_id: str, *, return_url: str, refresh_url: str, key: str) -> str:
        """Return where a provider tells Stripe about themselves. It opens once, so each needs a key of its own."""
        with told():
            link = self._client.v1.account_links.create(
                {
                    "account": account_id,
                    "type": "account_onboarding",
                    "return_url": return_url,
                    "refresh_url": refresh_url,
                },
                {"idempotency_key": key},
            )
        return link.url

    # ------------------------------------------------------------ cards

    def open_customer(self, *, key: str, person_ref: str) -> str:
        """Open what cards are saved to, known by an opaque id alone. Return its id."""
        with told():
            return self._client.v1.customers.create(
                {"metadata": {"person_ref": person_ref}}, {"idempotency_key": key}
            ).id

    def begin_card_setup(
        self, customer_id: str, *, key: str, setup_ref: str, success_url: str, cancel_url: str
    ) -> HostedPage:
        """Return the page on which somebody saves a card, and reads what they allow by it."""
        with told():
            session = self._client.v1.checkout.sessions.create(
                {
                    "mode": "setup",
                    "customer": customer_id,
                    "currency": _CURRENCY,
                    "allowed_payment_method_types": ["card"],
                    "wallet_options": {"link": {"display": "never"}},
                    "locale": "en-GB",
                    "client_reference_id": setup_ref,
                    "metadata": {"setup_ref": setup_ref},
                    "setup_intent_data": {"metadata": {"setup_ref": setup_ref}},
                    "custom_text": {"submit": {"message": MANDATE}},
                    "success_url": success_url,
                    "cancel_url": cancel_url,
                },
                {"idempotency_key": key},
            )
        return reading.hosted_page(session)

    def card_setup(self, session_id: str) -> CardSetup:
        """Return what came of a page that saves a card."""
        with told():
            session = self._client.v1.checkout.sessions.retrieve(
                session_id, {"expand": ["setup_intent.payment_method"]}
            )
        return reading.card_setup(session)

    def forget_card(self, payment_method_id: str, *, key: str) -> None:
        """Take a card away for good. It can never be charged or saved again."""
        with told():
            self._client.v1.payment_methods.detach(payment_method_id, {}, {"idempotency_key": key})

    # ------------------------------------------------------------ charges

    def charge_card(
        self,
        *,
        account_id: str,
        customer_id: str,
        payment_method_id: str,
        amount_pence: int,
        fee_pence: int,
        charge_ref: str,
        description: str,
        key: str,
    ) -> ChargeState:
        """
        Charge a saved card on the provider’s account while nobody is there. A bank’s refusal is an answer, no error.

        Repeated under the same key within `KEYS_LAST` it says again what came of it, and charges no second time.
        """
        params: PaymentIntentCreateParams = {
            "amount": amount_pence,
            "currency": _CURRENCY,
            "allowed_payment_method_types": ["card"],
            # Nobody is there to be sent anywhere and back.
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "confirm": True,
            "off_session": True,
            "description": description,
            "metadata": {"charge_ref": charge_ref},
        }
        if fee_pence:
            params["application_fee_amount"] = fee_pence
        with told():
            try:
                clone = self._client.v1.payment_methods.create(
                    {"customer": customer_id, "payment_method": payment_method_id},
                    {"stripe_account": account_id, "idempotency_key": f"{key}:clone"},
                )
                params["payment_method"] = clone.id
                intent = self._client.v1.payment_intents.create(
                    params, {"stripe_account": account_id, "idempotency_key": key}
                )
            except stripe.CardError as error:
                return reading.refused_charge(error, amount_pence=amount_pence, fee_pence=fee_pence)
        return reading.charge_state(intent)

    def begin_hosted_charge(
        self,
        *,
        account_id: str,
        amount_pence: int,
        fee_pence: int,
        charge_ref: str,
        description: str,
        success_url: str,
        cancel_url: str,
        key: str,
    ) -> HostedPage:
        """Return the page on which somebody pays the provider with any card, and does what their bank asks."""
        of_intent: SessionCreateParamsPaymentIntentData = {
            "description": description,
            "metadata": {"charge_ref": charge_ref},
        }
        if fee_pence:
            of_intent["application_fee_amount"] = fee_pence
        params: SessionCreateParams = {
            "mode": "payment",
            "allowed_payment_method_types": ["card"],
            "wallet_options": {"link": {"display": "never"}},
            "locale": "en-GB",
            "client_reference_id": charge_ref,
            "metadata": {"charge_ref": charge_ref},
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": _CURRENCY,
                        "unit_amount": amount_pence,
                        "product_data": {"name": description},
                    },
                }
            ],
            "payment_intent_data": of_intent,
            "success_url": success_url,
            "cancel_url": cancel_url,
        }
        with told():
            session = self._client.v1.checkout.sessions.create(
                params, {"stripe_account": account_id, "idempotency_key": key}
            )
        return reading.hosted_page(session)

    def hosted_charge(self, session_id: str, account_id: str) -> ChargeState:
        """Return what came of a page on which somebody pays."""
        with told():
            session = self._client.v1.checkout.sessions.retrieve(
                session_id, {"expand": ["payment_intent.latest_charge"]}, {"stripe_account": account_id}
            )
        return reading.hosted_charge_state(session)

    def expire_hosted_charge(self, session_id: str, account_id: str, *, key: str) -> ChargeState:
        """Close a page on which somebody pays. Refused once it is paid or closed: ask `hosted_charge` which."""
        with told():
            session = self._client.v1.checkout.sessions.expire(
                session_id, {}, {"stripe_account": account_id, "idempotency_key": key}
            )
        return reading.hosted_charge_state(session)

    def charge(self, payment_intent_id: str, account_id: str) -> ChargeState:
        """Return what came of a charge."""
        with told():
            intent = self._client.v1.payment_intents.retrieve(
                payment_intent_id, {"expand": ["latest_charge"]}, {"stripe_account": account_id}
            )
        return reading.charge_state(intent)

    def find_charge(self, charge_ref: str, account_id: str, *, since: datetime) -> ChargeState | None:
        """
        Return what came of a charge by what we called it, or None if Stripe has none made since then.

        It reads the list of charges, which lacks nothing; Stripe’s search is a minute or more behind. Ask only when no
        request for this charge can still be on its way: longer after it than any request waits for its answer. Within
        `KEYS_LAST`, asking again under the same key is safe at any time, and better. Of several, the one that moved
        money is returned, or else the likeliest to.
        """
        with told():
            intents = self._client.v1.payment_intents.list(
                {"created": {"gte": int(since.timestamp())}, "limit": _PER_PAGE, "expand": ["data.latest_charge"]},
                {"stripe_account": account_id},
            )
            found = [
                reading.charge_state(intent)
                for intent in intents.auto_paging_iter()
                if intent.metadata.to_dict().get("charge_ref") == charge_ref
            ]
        return min(found, key=lambda state: _LIKELIEST.index(state.status), default=None)

    # ------------------------------------------------------------ refunds

    def refund(
        self, *, account_id: str, payment_intent_id: str, amount_pence: int, had_fee: bool, refund_ref: str, key: str
    ) -> RefundState:
        """Give back some or all of a charge, and our fee in the same proportion. Stripe refuses more than was paid."""
        with told():
            refund = self._client.v1.refunds.create(
                {
                    "payment_intent": payment_intent_id,
                    "amount": amount_pence,
                    "refund_application_fee": had_fee,
                    "metadata": {"refund_ref": refund_ref},
                },
                {"stripe_account": account_id, "idempotency_key": key},
            )
        return reading.refund_state(refund)

    def refund_state(self, refund_id: str, account_id: str) -> RefundState:
        """Return what came of a refund."""
        with told():
            return reading.refund_state(self._client.v1.refunds.retrieve(refund_id, {}, {"stripe_account": account_id}))

    def find_refund(self, refund_ref: str, *, account_id: str, payment_intent_id: str) -> RefundState | None:
        """Return what came of a refund by what we called it, or None if there is none. Ask no sooner than a charge."""
        with told():
            refunds = self._client.v1.refunds.list(
                {"payment_intent": payment_intent_id, "limit": _PER_PAGE}, {"stripe_account": account_id}
            )
            for refund in refunds.auto_paging_iter():
                if refund.metadata and refund.metadata.to_dict().get("refund_ref") == refund_ref:
                    return reading.refund_state(refund)
        return None

    # ------------------------------------------------------------ webhooks

    def read_event(self, body: bytes, signature: str, *, now: datetime) -> Event:
        """
        Return the event of a webhook, from the bytes as they came.

        :raises ForgedEventError: if Stripe did not sign it, or more than 300 seconds ago, or it is no event.
        """
        if not any(_is_signed(body, signature, secret) for secret in self._webhook_secrets):
            raise ForgedEventError("This webhook was not signed by Stripe.")
        # The library would judge this by its own clock. The first `t` is the one that was signed.
        signed_at = next(part[2:] for part in signature.split(",") if part.startswith("t="))
        if abs(now - reading.moment(int(signed_at))) > TOLERANCE:
            raise ForgedEventError("This webhook was signed too long ago.")
        try:
            return reading.event(self._client.construct_event_without_verification(body))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ForgedEventError("This webhook is no event that we can read.") from None


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret)
    except (stripe.SignatureVerificationError, ValueError, TypeError):
        # What is no text, or no plain text, trips the library up before it has compared anything.
        return False
    return True

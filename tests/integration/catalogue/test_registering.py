"""The register of the Care Quality Commission: what is suggested, what is confirmed, and what that shows."""

from datetime import date

import pytest
from sqlalchemy import select

from marketplace.catalogue.models import Provider
from marketplace.catalogue.queries.checking import waiting_checks
from marketplace.catalogue.queries.evidence import evidence_of
from marketplace.catalogue.rules import CheckKind, CheckState, CqcStanding
from marketplace.catalogue.services import checking, registering
from marketplace.catalogue.services.registering import LocationNotFoundError
from marketplace.kit.outbox import Message
from tests.factories import catalogue as make
from tests.factories import checks

ON = date(2026, 5, 4)
INSURANCE = CheckKind.INSURANCE
CQC = CheckKind.CQC_REGISTRATION


def shown(session, provider, kind=INSURANCE, on=ON):
    found = evidence_of(session, provider_ids=[provider.id], on=on)[provider.id]
    return next(one for one in found if one.kind is kind)


def letters(session):
    return session.scalars(select(Message).order_by(Message.created_at, Message.subject)).all()


class TestTheRegister:
    def provider(self, session, **differences):
        provider, speaker = make.provider(session, **{"name": "Invented Homecare"} | differences)
        checks.declared(session, provider, speaker, kind=CQC, level=checks.INVENTED)
        return provider, speaker

    def test_a_number_is_looked_up_and_proves_nothing(self, session):
        provider, _ = self.provider(session)
        assert shown(session, provider, CQC).claim.read_on is None
        checks.location(session, location_id="1-99999000009")
        claim = shown(session, provider, CQC).claim
        assert (claim.is_found, claim.read_on) == (False, date(2026, 5, 3))
        checks.location(session)
        one = shown(session, provider, CQC)
        assert (one.state, one.claim.is_found, one.registration) == (CheckState.DECLARED, True, None)

    def test_somebody_compares_and_then_it_is_linked(self, session, now):
        provider, _ = self.provider(session)
        checks.location(session)
        checker = checks.checker(session)
        [match] = waiting_checks(session, viewer=checker).matches
        assert (match.gave_number, match.same_name, match.same_postcode) == (True, True, True)
        for _ in range(2):  # Pressed twice, it is done once.
            registering.confirm_location(
                session, provider_id=provider.id, location_id=checks.INVENTED, by=checker, now=now
            )
        one = shown(session, provider, CQC)
        assert (one.state, one.registration.rating, one.registration.rated_on) == (
            CheckState.CHECKED,
            "Good",
            date(2025, 2, 3),
        )
        assert waiting_checks(session, viewer=checker).matches == ()
        [letter] = letters(session)
        assert "https://www.cqc.org.uk/location/1-99999000001" in letter.body

    def test_what_was_another_body_is_not_suggested_again(self, session, now):
        offer, speaker = make.submitted(
            session, category="personal-assistance", cqc_standing=CqcStanding.NOT_PERSONAL_CARE
        )
        provider = session.get_one(Provider, offer.provider_id)
        checks.location(session, name="BORING HELP LIMITED")
        checks.location(session, location_id="1-99999000002", name="Somebody Else Nearby")
        checker = checks.checker(session)
        [match] = waiting_checks(session, viewer=checker).matches
        assert (match.gave_number, match.same_name, match.same_postcode) == (False, True, True)
        registering.refuse_location(session, provider_id=provider.id, location_id=checks.INVENTED, by=checker, now=now)
        assert waiting_checks(session, viewer=checker).matches == ()
        assert shown(session, provider, INSURANCE).state is CheckState.NOT_CHECKED
        assert speaker.person_id

    def test_there_is_nothing_to_link_to_what_is_not_there(self, session, now):
        provider, _ = self.provider(session)
        checks.location(session, is_registered=False)
        with pytest.raises(LocationNotFoundError):
            registering.confirm_location(
                session, provider_id=provider.id, location_id=checks.INVENTED, by=checks.checker(session), now=now
            )

    def test_another_number_unlinks(self, session, now):
        provider, _ = self.provider(session)
        checks.location(session)
        checker = checks.checker(session)
        registering.confirm_location(session, provider_id=provider.id, location_id=checks.INVENTED, by=checker, now=now)
        checks.checked(session, provider, by=checker, kind=CQC, level="1-99999000005", now=now)
        assert provider.cqc_location_id is None
        assert shown(session, provider, CQC).registration is None

    def test_taking_it_back_unlinks(self, session, now):
        provider, speaker = self.provider(session)
        checks.location(session)
        registering.confirm_location(
            session, provider_id=provider.id, location_id=checks.INVENTED, by=checks.checker(session), now=now
        )
        checking.withdraw_check(session, provider_id=provider.id, kind=CQC, reason="", by=speaker, now=now)
        assert provider.cqc_location_id is None

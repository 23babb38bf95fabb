"""What is known of providers: who may say what, what everybody sees, and who is told when it runs out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Permission, Role, Viewer
from marketplace.catalogue import services
from marketplace.catalogue.jobs.checks import tell_of_expiring_checks
from marketplace.catalogue.models import Provider, SafetyCheck
from marketplace.catalogue.queries.checking import provider_checks, waiting_checks
from marketplace.catalogue.queries.evidence import evidence_of, evidence_on_offers
from marketplace.catalogue.rules import CheckKind, CheckState, CqcStanding, ProviderKind
from marketplace.catalogue.rules.marks import check_mark
from marketplace.catalogue.services import checking, registering
from marketplace.catalogue.services.checking import CheckStandsError, NothingToWithdrawError, OwnCheckError
from marketplace.catalogue.services.finding import ProviderNotFoundError, WrongDetailError
from marketplace.catalogue.services.indexing import offers_that_turned, refresh_documents
from marketplace.catalogue.services.registering import CqcNotAnsweredError
from marketplace.kit.audit import AuditEvent
from marketplace.kit.outbox import Message
from marketplace.search import queries as search_queries
from tests.factories import catalogue as make
from tests.factories import checks, moderation

ON = date(2026, 5, 4)
DBS = CheckKind.DBS
INSURANCE = CheckKind.INSURANCE
CQC = CheckKind.CQC_REGISTRATION


def shown(session, provider, kind=INSURANCE, on=ON):
    found = evidence_of(session, provider_ids=[provider.id], on=on)[provider.id]
    return next(one for one in found if one.kind is kind)


def letters(session):
    return session.scalars(select(Message).order_by(Message.created_at, Message.subject)).all()


class TestWhatAProviderSays:
    def test_is_shown_as_said(self, session):
        provider, speaker = make.provider(session)
        checks.declared(session, provider, speaker, detail="Public liability,  £5 million")
        one = shown(session, provider)
        assert (one.state, one.detail) == (CheckState.DECLARED, "Public liability, £5 million")
        assert one.since == date(2026, 5, 3)

    def test_never_replaces_what_somebody_checked(self, session):
        provider, speaker = make.provider(session)
        checks.checked(session, provider)
        with pytest.raises(CheckStandsError):
            checks.declared(session, provider, speaker)
        assert shown(session, provider).state is CheckState.CHECKED

    def test_may_follow_a_check_that_ran_out(self, session):
        provider, speaker = make.provider(session)
        checks.checked(session, provider)
        checks.declared(session, provider, speaker, now=datetime(2027, 1, 1, 9, tzinfo=UTC))
        assert shown(session, provider, on=date(2027, 1, 1)).state is CheckState.DECLARED
        editions = session.scalars(select(SafetyCheck.edition).order_by(SafetyCheck.edition)).all()
        assert editions == [1, 2]

    def test_is_nobody_elses_to_say(self, session):
        provider, _ = make.provider(session)
        for by in (make.somebody(session), checks.checker(session)):
            with pytest.raises(ProviderNotFoundError):
                checks.declared(session, provider, by)

    @pytest.mark.parametrize(
        ("kind", "told", "field"),
        [
            (DBS, {}, "level"),
            (DBS, {"level": "golden"}, "level"),
            (CheckKind.FOOD_HYGIENE, {"level": "6"}, "level"),
            (CQC, {"level": "hello"}, "number"),
            (INSURANCE, {"detail": "x" * 501}, "detail"),
            (INSURANCE, {"expires_on": date(2026, 5, 2)}, "expires_on"),
        ],
    )
    def test_has_to_make_sense(self, session, kind, told, field):
        provider, speaker = make.provider(session)
        with pytest.raises(WrongDetailError) as refusal:
            checks.declared(session, provider, speaker, kind=kind, **told)
        assert refusal.value.field == field


class TestWhatSomebodyChecked:
    def test_names_who_when_and_until_when(self, session):
        provider, _ = make.provider(session)
        checks.checked(session, provider, kind=DBS, level="enhanced_barred")
        one = shown(session, provider, DBS)
        assert (one.state, one.by, one.since) == (CheckState.CHECKED, "Meadowbridge Peer Network", date(2026, 5, 1))
        assert one.until == date(2026, 12, 31)
        assert one.label == "Criminal record (DBS), enhanced with barred lists"

    def test_is_written_into_the_book(self, session):
        provider, _ = make.provider(session)
        checks.checked(session, provider)
        assert "checked insurance" in session.scalars(select(AuditEvent.did)).all()

    def test_is_never_ones_own(self, session):
        provider, speaker = make.provider(session)
        both = Viewer(
            person_id=speaker.person_id,
            roles=frozenset({Role.MODERATOR, Role.PROVIDER}),
            organisations=speaker.organisations,
        )
        with pytest.raises(OwnCheckError):
            checks.checked(session, provider, by=both)
        with pytest.raises(OwnCheckError):
            registering.confirm_location(
                session, provider_id=provider.id, location_id=checks.INVENTED, by=both, now=checks.READ_AT
            )

    def test_is_written_down_by_those_trusted_to_check(self, session):
        provider, _ = make.provider(session)
        _own, worker = make.provider(session, kind=ProviderKind.USER_LED_ORGANISATION)
        trusted = Viewer(person_id=worker.person_id, roles=worker.roles | {Role.CHECKER})
        checks.checked(session, provider, by=trusted)
        assert shown(session, provider).state is CheckState.CHECKED
        assert not trusted.may(Permission.MODERATE)

    def test_is_nothing_a_provider_writes_of_another(self, session):
        provider, _ = make.provider(session)
        _other, speaker = make.provider(session)
        with pytest.raises(ProviderNotFoundError):
            checks.checked(session, provider, by=speaker)

    @pytest.mark.parametrize(
        ("differences", "field"),
        [
            ({"checked_by": " "}, "checked_by"),
            ({"checked_by": "x" * 201}, "checked_by"),
            ({"checked_on": date(2026, 5, 4)}, "checked_on"),
            ({"expires_on": date(2026, 5, 1)}, "expires_on"),
        ],
    )
    def test_has_to_make_sense(self, session, differences, field):
        provider, _ = make.provider(session)
        with pytest.raises(WrongDetailError) as refusal:
            checks.checked(session, provider, **differences)
        assert refusal.value.field == field

    def test_demotes_itself_the_day_after_it_ran_out(self, session):
        provider, _ = make.provider(session)
        checks.checked(session, provider)
        assert shown(session, provider, on=date(2026, 12, 31)).state is CheckState.CHECKED
        over = shown(session, provider, on=date(2027, 1, 1))
        assert (over.state, over.ran_out_on) == (CheckState.NOT_CHECKED, date(2026, 12, 31))

    def test_can_be_taken_back_by_its_provider_and_by_those_who_check(self, session):
        for by in ("speaker", "checker"):
            provider, speaker = make.provider(session)
            checks.checked(session, provider)
            who = speaker if by == "speaker" else checks.checker(session)
            checking.withdraw_check(
                session, provider_id=provider.id, kind=INSURANCE, reason="We gave it up.", by=who, now=checks.READ_AT
            )
            assert (shown(session, provider).state, shown(session, provider).detail) == (
                CheckState.NOT_CHECKED,
                "We gave it up.",
            )

    def test_is_not_taken_back_by_anybody_nor_twice(self, session):
        provider, speaker = make.provider(session)
        told = {"provider_id": provider.id, "kind": INSURANCE, "reason": "", "now": checks.READ_AT}
        with pytest.raises(NothingToWithdrawError):
            checking.withdraw_check(session, by=speaker, **told)
        with pytest.raises(ProviderNotFoundError):
            checking.withdraw_check(session, by=make.somebody(session), **told)


class TestTheSearch:
    def marks(self, session, today):
        session.flush()
        [document] = services.documents(session, today=today)
        assert search_queries.check(session, [document]).is_none
        return document.marks

    def test_knows_a_check_in_the_transaction_that_changed_it(self, session, now):
        offer, speaker = make.live(session)
        provider = session.get_one(Provider, offer.provider_id)
        mark = check_mark(INSURANCE)
        checks.declared(session, provider, speaker, now=now)
        assert mark not in self.marks(session, now.date())
        checks.checked(session, provider, now=now)
        assert mark in self.marks(session, now.date())
        checking.withdraw_check(session, provider_id=provider.id, kind=INSURANCE, reason="", by=speaker, now=now)
        assert mark not in self.marks(session, now.date())

    def test_forgets_a_check_that_ran_out(self, session, now):
        offer, _ = make.live(session)
        checks.checked(session, session.get_one(Provider, offer.provider_id), now=now)
        over = date(2027, 1, 1)
        assert offers_that_turned(session, today=over) == [offer.id]
        refresh_documents(session, [offer.id], today=over)
        assert check_mark(INSURANCE) not in self.marks(session, over)


class TestEvidence:
    def test_of_many_takes_one_query(self, session, count_queries):
        providers = [make.provider(session)[0] for _ in range(4)]
        for provider in providers:
            checks.checked(session, provider)
            checks.checked(session, provider, kind=DBS, level="basic")
        offers = [make.live(session)[0] for _ in range(3)]
        session.flush()
        count_queries.clear()
        found = evidence_of(session, provider_ids=[provider.id for provider in providers], on=ON)
        assert len(count_queries) == 1
        assert len(found) == 4
        count_queries.clear()
        assert len(evidence_on_offers(session, offer_ids=[offer.id for offer in offers], on=ON)) == 3
        assert len(count_queries) == 1

    def test_of_an_offer_follows_what_it_is(self, session):
        offer, _ = make.live(session)
        found = evidence_on_offers(session, offer_ids=[offer.id], on=ON)[offer.id]
        needed = {one.kind for one in found if one.state is CheckState.NOT_CHECKED}
        assert needed == {CheckKind.IDENTITY, DBS, INSURANCE, CheckKind.REFERENCES}

    def test_of_nothing_is_nothing(self, session):
        assert evidence_of(session, provider_ids=[], on=ON) == {}
        assert evidence_on_offers(session, offer_ids=[], on=ON) == {}


class TestPersonalCare:
    def offer(self, session, **standing):
        return make.draft(session, category="personal-care", **standing)

    def submit(self, session, offer, speaker, now):
        services.submit_offer(session, offer_id=offer.id, by=speaker, now=now)

    def test_is_not_sent_before_it_is_answered(self, session, now):
        offer, speaker = self.offer(session)
        with pytest.raises(CqcNotAnsweredError, match="Do I need to register"):
            self.submit(session, offer, speaker, now)

    def test_is_not_approved_before_it_is_answered(self, session, now):
        offer, speaker = self.offer(session, cqc_standing=CqcStanding.EXEMPT)
        self.submit(session, offer, speaker, now)
        offer.cqc_standing = None
        with pytest.raises(CqcNotAnsweredError):
            services.approve_offer(
                session, offer_id=offer.id, by=moderation.moderator(session), seen=None, address="", now=now
            )

    def test_that_is_registered_gives_its_number_first(self, session, now):
        offer, speaker = self.offer(session, cqc_standing=CqcStanding.REGISTERED)
        with pytest.raises(CqcNotAnsweredError, match="number"):
            self.submit(session, offer, speaker, now)
        provider = session.get_one(Provider, offer.provider_id)
        checks.declared(session, provider, speaker, kind=CQC, level="https://www.cqc.org.uk/location/1-99999000001")
        self.submit(session, offer, speaker, now)
        assert shown(session, provider, CQC).level == "1-99999000001"

    def test_is_not_called_something_else(self, session, now):
        offer, speaker = self.offer(session, cqc_standing=CqcStanding.NOT_PERSONAL_CARE)
        with pytest.raises(CqcNotAnsweredError, match="another kind of support"):
            self.submit(session, offer, speaker, now)


class TestWhoMayRead:
    def test_a_provider_reads_its_own_and_those_who_check_read_all(self, session):
        provider, speaker = make.provider(session)
        checks.checked(session, provider)
        mine = provider_checks(session, provider_id=provider.id, viewer=speaker, on=ON)
        assert (mine.is_own, len(mine.history)) == (True, 1)
        assert not provider_checks(session, provider_id=provider.id, viewer=checks.checker(session), on=ON).is_own
        assert provider_checks(session, provider_id=provider.id, viewer=make.somebody(session), on=ON) is None

    def test_what_waits_is_for_those_who_check_and_not_their_own(self, session):
        provider, speaker = make.provider(session)
        checks.declared(session, provider, speaker)
        [waiting] = waiting_checks(session, viewer=checks.checker(session)).providers
        assert (waiting.name, waiting.kinds) == ("Boring Help", (INSURANCE,))
        assert waiting_checks(session, viewer=speaker).providers == ()
        both = Viewer(
            person_id=speaker.person_id, roles=frozenset({Role.MODERATOR}), organisations=speaker.organisations
        )
        assert waiting_checks(session, viewer=both).providers == ()


class TestRunningOut:
    LAST = date(2026, 12, 31)

    def tell(self, app, session, day):
        session.commit()
        with app.app_context():
            told = tell_of_expiring_checks(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        session.expire_all()
        return told

    def test_a_provider_is_told_a_month_before_and_on_the_day_once_each(self, app, session):
        provider, _ = make.provider(session)
        checks.checked(session, provider)
        assert self.tell(app, session, self.LAST - timedelta(days=31)) == 0
        assert [self.tell(app, session, self.LAST - timedelta(days=days)) for days in (30, 30, 10, 1)] == [1, 0, 0, 0]
        assert [self.tell(app, session, self.LAST + timedelta(days=days)) for days in (0, 0, 1, 400)] == [1, 0, 0, 0]
        first, second = letters(session)
        assert first.subject == "Insurance: runs out on Thursday 31 December 2026"
        assert second.subject == "Insurance: good until Thursday 31 December 2026"
        assert f"/providers/{provider.id}/checks" in second.body
        assert "Meadowbridge Peer Network" in second.body

    def test_whoever_hears_late_hears_once(self, app, session):
        provider, _ = make.provider(session)
        checks.checked(session, provider)
        assert [self.tell(app, session, self.LAST + timedelta(days=days)) for days in (5, 6)] == [1, 0]
        assert len(letters(session)) == 1

    def test_what_was_renewed_or_taken_back_is_not_told_of(self, app, session):
        provider, speaker = make.provider(session)
        checks.checked(session, provider)
        checks.checked(session, provider, expires_on=date(2028, 1, 1))
        checks.declared(session, provider, speaker, kind=CheckKind.TRAINING, expires_on=self.LAST)
        checking.withdraw_check(
            session, provider_id=provider.id, kind=CheckKind.TRAINING, reason="", by=speaker, now=checks.READ_AT
        )
        assert self.tell(app, session, self.LAST) == 0

    def test_what_a_provider_said_runs_out_too(self, app, session):
        provider, speaker = make.provider(session)
        checks.declared(session, provider, speaker, expires_on=self.LAST)
        assert self.tell(app, session, self.LAST) == 1
        assert "If you have a new one, say so." in letters(session)[0].body


def test_checks_are_only_followed(session):
    provider, speaker = make.provider(session)
    checks.declared(session, provider, speaker)
    checks.checked(session, provider)
    kept = session.scalars(select(SafetyCheck).order_by(SafetyCheck.edition)).all()
    assert [(check.edition, check.state) for check in kept] == [(1, CheckState.DECLARED), (2, CheckState.CHECKED)]

"""Decision packs: what is frozen, that it stays so, and who learns what of it."""

import hashlib
import io
import json
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from marketplace.accounts.rules import Role, Viewer
from marketplace.catalogue.models import Offer, OfferPrice
from marketplace.catalogue.rules import OfferStatus
from marketplace.catalogue.services import shortlist_offer
from marketplace.kit.audit import AuditEvent
from marketplace.kit.money import Money
from marketplace.purchasing.models import DecisionPack
from marketplace.purchasing.queries import packs as queries
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules import packs as rules
from marketplace.purchasing.services import packs as services
from tests.factories import accounts, packs, purchasing, ratings
from tests.races import in_transactions

NEW = "/arrangements/packs/new"
CROWD = 6
CHECK = "/arrangements/packs/check"
SAID = {"title": "Help in the garden", "reasons": "I cannot bend any more."}


@pytest.fixture
def ada(session, sign_in):
    person = accounts.person(session, name="Ada Nobody-Else")
    session.commit()
    sign_in(person.id)
    return person


@pytest.fixture
def shop(session):
    return accounts.organisation(session)[0]


@pytest.fixture
def offer(session, shop):
    it = purchasing.offer(session, organisation_id=shop.id, notice_hours=48, included="Tools.")
    session.commit()
    return it


@pytest.fixture
def other(session):
    it = purchasing.offer(
        session, organisation_id=accounts.organisation(session)[0].id, title="Mowing", price=Money(20_00)
    )
    session.commit()
    return it


@pytest.fixture
def made(client, ada, offer, other, session):
    """A pack of two offers, one of them chosen."""
    answers = {f"choice_{offer.id}": "chose", f"because_{offer.id}": "Kind.", f"choice_{other.id}": "looked"}
    response = client.fill_in(f"{NEW}?offer={offer.id}&offer={other.id}", **SAID, **answers)
    assert response.status_code == 302, response.text
    return session.scalars(sa.select(DecisionPack)).one()


class TestMaking:
    def test_offers_prices_and_reasons_are_frozen(self, made, offer, other):
        contents = rules.read(made.contents)
        assert contents.made_for == "Ada Nobody-Else"
        assert contents.reasons == SAID["reasons"]
        assert [one.title for one in contents.chosen] == [offer.title]
        assert [one.title for one in contents.others] == [other.title]
        assert contents.chosen[0].prices == ("£14.50 an hour",)
        assert contents.chosen[0].because == "Kind."
        assert contents.chosen[0].conditions == ("Cancel up to 2 days before and pay nothing.",)
        assert contents.chosen[0].page.endswith(f"/offers/{offer.id}")
        assert contents.chosen[0].checks[0].state == "Not checked"

    def test_what_changes_later_does_not_change_the_pack(self, client, made, offer, session):
        price = session.scalars(sa.select(OfferPrice).where(OfferPrice.offer_id == offer.id)).one()
        price.amount, offer.title = Money(99_00), "Something else"
        session.commit()
        page = client.get(f"/arrangements/packs/{made.id}").text
        assert "£14.50 an hour" in page
        assert "Something else" not in page

    def test_the_hash_is_of_the_data_file_and_stands_in_the_pdf(self, client, made):
        data = client.get(f"/arrangements/packs/{made.id}/json")
        assert hashlib.sha256(data.data).hexdigest() == made.contents_hash
        assert json.loads(data.data)["title"] == SAID["title"]
        pdf = client.get(f"/arrangements/packs/{made.id}/pdf")
        assert pdf.data.startswith(b"%PDF")
        assert rules.marked_in(pdf.data) == made.contents_hash
        assert pdf.headers["Cache-Control"] == "no-store"

    def test_ratings_are_frozen_and_few_have_no_average(self, client, ada, offer, session):
        for stars in (5, 4, 4):
            ratings.review(session, offer=offer, stars=stars)
        session.commit()
        client.fill_in(f"{NEW}?offer={offer.id}", **SAID, **{f"choice_{offer.id}": "chose"})
        contents = rules.read(session.scalars(sa.select(DecisionPack)).one().contents)
        assert contents.offers[0].rating.average == "4.3"
        assert contents.offers[0].rating.spread == (0, 0, 0, 2, 1)

    def test_what_was_arranged_is_in_it_and_seems_chosen(self, client, ada, offer, shop, session):
        purchasing.arrangement(
            session, person=ada, organisation_id=shop.id, about=offer, status=ArrangementStatus.ACCEPTED
        )
        session.commit()
        page = BeautifulSoup(client.get(NEW).text, "html.parser")
        assert page.select_one(f"input[name=choice_{offer.id}][value=chose][checked]")
        client.fill_in(NEW, **SAID, **{f"choice_{offer.id}": "chose"})
        frozen = rules.read(session.scalars(sa.select(DecisionPack)).one().contents).offers[0]
        assert frozen.arrangement.status == "Agreed"
        assert frozen.arrangement.total == "£43.50"

    def test_what_has_left_the_site_is_told_by_its_arrangement(self, client, ada, offer, shop, session):
        purchasing.arrangement(session, person=ada, organisation_id=shop.id, about=offer, status=ArrangementStatus.DONE)
        session.get_one(Offer, offer.id).status = OfferStatus.UNLISTED
        session.commit()
        client.fill_in(NEW, **SAID, **{f"choice_{offer.id}": "chose"})
        frozen = rules.read(session.scalars(sa.select(DecisionPack)).one().contents).offers[0]
        assert frozen.confirmed_on == ""
        assert frozen.prices == ("£14.50 an hour",)

    def test_the_shortlist_is_what_one_chooses_between(self, client, ada, offer, session, now):
        shortlist_offer(session, offer_id=offer.id, by=ada.id, now=now)
        session.commit()
        assert offer.title in client.get(NEW).text

    def test_with_nothing_to_choose_between_it_says_what_to_do(self, client, ada):
        assert "Nothing to choose between yet" in client.get(NEW).text

    def test_an_offer_that_is_not_there_is_left_out(self, client, ada):
        assert "Nothing to choose between yet" in client.get(f"{NEW}?offer={uuid.uuid4()}&offer=nonsense").text

    def test_what_is_left_out_is_not_in_the_pack(self, client, ada, offer, other, session):
        answers = {f"choice_{offer.id}": "chose", f"choice_{other.id}": "left_out"}
        client.fill_in(f"{NEW}?offer={offer.id}&offer={other.id}", **SAID, **answers)
        assert len(rules.read(session.scalars(sa.select(DecisionPack)).one().contents).offers) == 1

    @pytest.mark.parametrize(
        ("answers", "choice", "said"),
        [
            ({"title": ""}, "chose", "Say what you were choosing"),
            ({"title": "x" * 121}, "chose", "at most 120"),
            ({"reasons": ""}, "chose", "Say why you chose"),
            ({"reasons": "x" * 4001}, "chose", "at most 4,000"),
            ({}, "looked", "Say which one you chose"),
            ({}, "left_out", "Keep at least one offer"),
            ({}, "nonsense", "Not a valid choice"),
        ],
    )
    def test_a_refusal_is_said_and_nothing_is_lost(self, client, ada, offer, session, answers, choice, said):
        because = {f"because_{offer.id}": "They were kind to my dog."}
        response = client.fill_in(
            f"{NEW}?offer={offer.id}", **SAID | answers, **because, **{f"choice_{offer.id}": choice}
        )
        assert response.status_code == 422
        assert said in response.text
        assert "They were kind to my dog." in response.text
        assert session.scalar(sa.select(sa.func.count()).select_from(DecisionPack)) == 0

    def test_too_many_words_about_one_offer_are_refused_beside_it(self, client, ada, offer):
        answers = {f"choice_{offer.id}": "chose", f"because_{offer.id}": "x" * 1001}
        response = client.fill_in(f"{NEW}?offer={offer.id}", **SAID, **answers)
        assert response.status_code == 422
        assert BeautifulSoup(response.text, "html.parser").select_one(f"#because_{offer.id}-error")

    def test_pressed_twice_it_is_made_once(self, client, ada, offer, session):
        page = BeautifulSoup(client.get(f"{NEW}?offer={offer.id}").text, "html.parser")
        hidden = {it["name"]: it["value"] for it in page.select("main form[method=post] input[type=hidden]")}
        sent = hidden | SAID | {f"choice_{offer.id}": "chose"}
        first, second = (client.post(f"{NEW}?offer={offer.id}", data=sent) for _ in range(2))
        assert first.headers["Location"] == second.headers["Location"]
        assert session.scalar(sa.select(sa.func.count()).select_from(DecisionPack)) == 1

    def test_packs_are_counted_and_the_making_is_written_down(self, client, ada, offer, session):
        for _ in range(2):
            client.fill_in(f"{NEW}?offer={offer.id}", **SAID, **{f"choice_{offer.id}": "chose"})
        packs = session.scalars(sa.select(DecisionPack).order_by(DecisionPack.number)).all()
        assert [pack.number for pack in packs] == [1, 2]
        events = session.scalars(sa.select(AuditEvent).where(AuditEvent.to_kind == "decision_pack")).all()
        assert {event.to_id for event in events} == {pack.id for pack in packs}
        page = client.get("/arrangements/packs").text
        assert page.index("Decision pack 2") < page.index("Decision pack 1")

    def test_nobody_has_more_packs_than_we_keep(self, client, ada, offer, monkeypatch):
        monkeypatch.setattr(rules, "MOST_PACKS", 0)
        response = client.fill_in(f"{NEW}?offer={offer.id}", **SAID, **{f"choice_{offer.id}": "chose"})
        assert response.status_code == 422
        assert "as many as we keep" in response.text


class TestKeeping:
    @pytest.mark.parametrize("change", ["UPDATE decision_pack SET title = 'Other'", "DELETE FROM decision_pack"])
    def test_the_database_changes_and_deletes_none(self, made, session, change):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"):
            session.execute(sa.text(change))
        session.rollback()

    def test_a_key_that_somebody_else_used_is_not_there(self, session, now):
        pack_id = packs.pack(session, person=accounts.person(session))
        contents = rules.read(session.get_one(DecisionPack, pack_id).contents)
        with pytest.raises(services.PackNotFoundError):
            services.keep_pack(
                session, contents=contents, pack_id=pack_id, pdf=b"", by=accounts.person(session).id, now=now
            )


def test_packs_made_at_once_have_numbers_without_gaps(real_app, arrange, now):
    person_id = arrange(lambda session: accounts.person(session).id)

    def keep(session):
        pack_id = uuid.uuid4()
        contents = rules.Contents(str(pack_id), now.isoformat(), "Ada", "Help", "Because.", (), ())
        services.keep_pack(session, contents=contents, pack_id=pack_id, pdf=b"x", by=person_id, now=now)

    outcomes = in_transactions(real_app, [keep] * CROWD)
    assert all(it is None or isinstance(it, services.PacksAtOnceError) for it in outcomes)
    numbers = arrange(
        lambda session: session.scalars(
            sa.select(DecisionPack.number).where(DecisionPack.person_id == person_id).order_by(DecisionPack.number)
        ).all()
    )
    assert numbers == list(range(1, outcomes.count(None) + 1))


def test_one_pack_sent_many_times_at_once_is_kept_once(real_app, arrange, now):
    person_id, pack_id = arrange(lambda session: accounts.person(session).id), uuid.uuid4()
    contents = rules.Contents(str(pack_id), now.isoformat(), "Ada", "Help", "Because.", (), ())

    def keep(session):
        services.keep_pack(session, contents=contents, pack_id=pack_id, pdf=b"x", by=person_id, now=now)

    in_transactions(real_app, [keep] * CROWD)
    kept = sa.select(sa.func.count()).select_from(DecisionPack).where(DecisionPack.id == pack_id)
    assert arrange(lambda session: session.scalar(kept)) == 1


class TestReading:
    def test_nobody_else_sees_it(self, made, session, app, sign_in):
        stranger = accounts.person(session)
        session.commit()
        client = app.test_client()
        sign_in(stranger.id, into=client)
        for page in ("", "/pdf", "/json"):
            assert client.get(f"/arrangements/packs/{made.id}{page}").status_code == 404
        assert queries.my_packs(session, viewer=Viewer(person_id=stranger.id)) == ()

    def test_an_empty_list_says_what_a_pack_is(self, client, ada):
        assert "No decision packs yet" in client.get("/arrangements/packs").text

    def test_commissioners_have_none(self, client, session, sign_in):
        commissioner = accounts.person(session, role=Role.COMMISSIONER, council="E08000009")
        session.commit()
        sign_in(commissioner.id)
        assert client.get("/arrangements/packs").status_code == 403


class TestChecking:
    def anybody(self, app):
        return app.test_client()

    def test_the_printed_hash_is_known_and_whose_it_is_stays_unsaid(self, app, made):
        response = self.anybody(app).fill_in(CHECK, hash=rules.printed_hash(made.contents_hash))
        assert response.status_code == 200
        assert "This pack is ours and unchanged" in response.text
        assert "2 offers" in response.text
        for secret in ("Ada", SAID["title"], SAID["reasons"], "Gardening"):
            assert secret not in response.text

    @pytest.mark.parametrize("kind", ["pdf", "json"])
    def test_the_file_is_known_to_the_last_byte(self, app, client, made, kind):
        file = client.get(f"/arrangements/packs/{made.id}/{kind}").data
        whole = self.anybody(app).fill_in(CHECK, file=(io.BytesIO(file), "pack"))
        assert "This pack is ours and unchanged" in whole.text
        changed = self.anybody(app).fill_in(CHECK, file=(io.BytesIO(file.replace(b"0", b"1", 1)), "pack"))
        assert "This is not a pack as we made it" in changed.text

    def test_a_hash_that_is_none_of_ours_is_not_ours(self, app):
        assert "This is not a pack as we made it" in self.anybody(app).fill_in(CHECK, hash="a" * 64).text

    @pytest.mark.parametrize("answers", [{}, {"hash": "short"}, {"file": (io.BytesIO(b""), "")}])
    def test_what_cannot_be_looked_up_is_said(self, app, answers):
        assert self.anybody(app).fill_in(CHECK, **answers).status_code == 422

    def test_a_file_of_something_else_is_not_ours(self, app):
        pdf = Path(__file__).read_bytes()
        assert "This is not a pack" in self.anybody(app).fill_in(CHECK, file=(io.BytesIO(pdf), "it.pdf")).text

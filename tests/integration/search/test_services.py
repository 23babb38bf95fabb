import threading
from dataclasses import replace

from sqlalchemy import select, text

from marketplace.kit.db import db, transaction
from marketplace.search import queries, services
from marketplace.search.models import IndexedDocument, Shelf, Word
from marketplace.search.rules import Question, is_time_to_count
from tests.factories.search import build_document

TRAFFORD, STOCKPORT = "E08000009", "E08000007"


def total(session, words):
    return queries.find(session, Question(words)).total


def test_a_document_is_found_in_the_transaction_that_put_it(session):
    services.put_document(session, build_document("Bowls"))
    assert total(session, "bowls") == 1


def test_a_changed_document_is_found_by_its_new_words_only(session):
    document = build_document("Bowls", description="mornings")
    services.put_document(session, document)
    services.put_document(session, replace(document, title="Darts", is_free=True, category="games"))
    assert total(session, "bowls") == 0
    assert total(session, "mornings") == total(session, "darts") == 1
    assert queries.find(session, Question("darts")).counts == {
        "kind": {"micro": 1},
        "category": {"games": 1},
        "cost": {"free": 1},
        "mark": {},
    }


def test_a_removed_document_is_gone_at_once(session):
    document = build_document("Bowls")
    services.put_document(session, document)
    services.remove_document(session, document.id)
    services.remove_document(session, document.id)
    assert total(session, "bowls") == total(session, "") == 0
    assert queries.check(session, []).is_none


def test_what_is_rolled_back_was_never_findable(session):
    kept = build_document("Bowls")
    services.put_document(session, kept)
    savepoint = session.begin_nested()
    services.put_document(session, build_document("Darts"))
    services.put_document(session, replace(kept, title="Skittles"))
    savepoint.rollback()
    assert [total(session, words) for words in ("bowls", "darts", "skittles", "")] == [1, 0, 0, 1]
    assert queries.check(session, [kept]).is_none


def test_putting_what_is_there_writes_nothing(session, count_queries):
    document = build_document("Bowls")
    services.put_document(session, document)
    count_queries.clear()
    services.put_document(session, document)
    assert len(count_queries) == 1


def test_documents_of_one_sort_stand_on_one_shelf(session):
    services.rebuild(session, [build_document() for _ in range(5)] + [build_document(is_free=True)])
    assert len(session.scalars(select(Shelf.id)).all()) == 2


def test_a_rebuild_holds_what_it_is_given_and_nothing_else(session):
    old, kept, changed = (build_document(title) for title in ("Old", "Kept", "Changed"))
    for document in (old, kept, changed):
        services.put_document(session, document)
    expected = [kept, replace(changed, title="Different"), build_document("New")]
    told = []
    assert services.rebuild(session, iter(expected), progress=told.append) == 3
    assert told[-1] == 3
    assert queries.check(session, expected).is_none
    assert [total(session, words) for words in ("old", "kept", "changed", "different", "new")] == [0, 1, 0, 1, 1]


def test_a_rebuild_of_more_than_one_batch_is_whole(session):
    documents = [build_document(f"Bowls number{n}") for n in range(250)]
    services.rebuild(session, documents)
    assert total(session, "bowls") == 250
    assert total(session, "number249") == 1
    services.rebuild(session, [])
    assert total(session, "") == 0
    assert session.scalars(select(Word.word)).all() == [""]


def test_check_says_how_the_index_differs(session):
    extra, kept, changed, lost = (build_document(title) for title in ("Extra", "Kept", "Changed", "Lost"))
    missing = build_document("Missing")
    for document in (extra, kept, changed, lost):
        services.put_document(session, document)
    lose_words(session, lost)
    expected = [kept, replace(changed, title="Different"), lost, missing]
    difference = queries.check(session, expected)
    assert difference.missing == (missing.id,)
    assert difference.extra == (extra.id,)
    assert difference.outdated == (changed.id,)
    assert difference.unsearchable == (lost.id,)
    assert not difference.is_none
    services.rebuild(session, expected)
    assert queries.check(session, expected).is_none
    assert total(session, "lost") == 1


def lose_words(session, document):
    """Do what no service does: take a document's words away behind its back."""
    number = session.scalars(select(IndexedDocument.number).where(IndexedDocument.id == document.id)).one()
    if session.get_bind().dialect.name == "sqlite":
        statement = "DELETE FROM search_words WHERE rowid = :number"
    else:
        statement = "UPDATE search_document SET search_words = NULL WHERE number = :number"
    session.execute(text(statement), {"number": number})


def test_words_are_counted_as_the_index_grows(session):
    counted = 1  # A word is counted once when it is first met.
    for held in range(1, 11):
        document = build_document("Bowls")
        services.put_document(session, document)
        # PostgreSQL goes on numbering where an earlier test was rolled back, so the milestone may come anywhere.
        number = session.scalars(select(IndexedDocument.number).where(IndexedDocument.id == document.id)).one()
        counted = held if is_time_to_count(number) else counted
        assert how_many_hold(session, "bowls") == counted
    services.count_words(session)
    assert how_many_hold(session, "bowls") == 10


def how_many_hold(session, word):
    return session.scalars(select(Word.documents).where(Word.word == word)).one()


def test_words_that_nobody_writes_any_more_are_forgotten(session):
    document = build_document("Skittles")
    services.rebuild(session, [document, build_document("Zebra")])
    services.remove_document(session, document.id)
    services.count_words(session)
    assert set(session.scalars(select(Word.word))) == {"", "zebra"}
    assert queries.find(session, Question("skitles")).correction is None


def test_two_people_can_put_documents_with_the_same_new_words_at_once(new_app):
    app = new_app()
    ready, failed = threading.Barrier(4), []

    def put_ten():
        ready.wait()
        try:
            for _ in range(10):
                with app.app_context(), transaction() as session:
                    services.put_document(session, build_document("Bowls darts skittles", category="games"))
        except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
            failed.append(error)

    threads = [threading.Thread(target=put_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with app.app_context():
        assert total(db.session, "darts") == 40


def test_whoever_searches_during_a_rebuild_finds_what_there_was(new_app):
    app = new_app()
    with app.app_context(), transaction() as session:
        services.rebuild(session, [build_document("Bowls")])
    with app.app_context(), transaction() as session:
        services.rebuild(session, [build_document("Darts"), build_document("Darts")])
        with app.app_context():
            assert [total(db.session, words) for words in ("bowls", "darts")] == [1, 0]
    with app.app_context():
        assert [total(db.session, words) for words in ("bowls", "darts")] == [0, 2]

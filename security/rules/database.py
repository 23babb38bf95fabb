# ruleid: statement-made-of-strings
session.execute(text(f"SELECT * FROM offer WHERE title = '{q}'"))
# ruleid: statement-made-of-strings
connection.exec_driver_sql("DELETE FROM " + table)
# ruleid: statement-made-of-strings
cursor.execute("SELECT %s" % q)
# ok: statement-made-of-strings
session.execute(text("SELECT * FROM offer WHERE title = :q"), {"q": q})
# ok: statement-made-of-strings
session.execute(sa.select(Offer).where(Offer.title == q))

# ruleid: literal-column-made-of-strings
sa.literal_column(f"{name} DESC")
# ok: literal-column-made-of-strings
sa.literal_column("rank")


# ruleid: transaction-in-the-domain
def close_pool(session, *, now):
    with transaction() as session:
        session.add(now)


# ok: transaction-in-the-domain
def close_another(session, *, now):
    session.add(now)


def pay():
    with transaction() as session:
        # ruleid: something-leaves-within-a-transaction
        app.extensions["stripe"].charge(1)
        # ruleid: something-leaves-within-a-transaction
        time.sleep(1)
    # ok: something-leaves-within-a-transaction
    app.extensions["stripe"].charge(1)


def take():
    # ruleid: fields-taken-as-they-come
    form.populate_obj(person)
    # ruleid: fields-taken-as-they-come
    Person(**request.form)
    # ruleid: fields-taken-as-they-come
    Person(**form.data)
    # ok: fields-taken-as-they-come
    Person(name=form.name.data)

"""
Fill the shop with what it is told, and say where its products are and who is signed in; or count what is in baskets.

    python filling.py fill <told.json >made.json        python filling.py count
"""

import json
import os
import sys
from decimal import Decimal
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Sum  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

Category = get_model("catalogue", "Category")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductCategory = get_model("catalogue", "ProductCategory")
ProductClass = get_model("catalogue", "ProductClass")
ProductReview = get_model("reviews", "ProductReview")
StockRecord = get_model("partner", "StockRecord")
Line = get_model("basket", "Line")
User = get_user_model()

TOGETHER = 1_000


@transaction.atomic
def fill(told: dict) -> dict:
    names = [f"person-{n}" for n in range(told["people"])]
    users = User.objects.bulk_create(
        [User(username=name, email=f"{name}@example.org") for name in names], batch_size=TOGETHER
    )
    shelves = {
        name: Category.objects.add_root(instance=Category(name=name, slug=f"shelf-{n}"))
        for n, name in enumerate(told["categories"])
    }
    kind = ProductClass.objects.create(name="Support", track_stock=False, requires_shipping=False)
    partner = Partner.objects.create(name="Somebody")
    products = Product.objects.bulk_create(
        [
            Product(
                title=it["title"][:255], slug=f"offer-{n}", upc=str(n), description=it["description"],
                product_class=kind, structure=Product.STANDALONE,
            )
            for n, it in enumerate(told["products"])
        ],
        batch_size=TOGETHER,
    )  # fmt: skip
    both = list(zip(products, told["products"], strict=True))
    ProductCategory.objects.bulk_create(
        [ProductCategory(product=product, category=shelves[it["category"]]) for product, it in both],
        batch_size=TOGETHER,
    )
    StockRecord.objects.bulk_create(
        [
            StockRecord(
                product=product, partner=partner, partner_sku=product.upc, price_currency="GBP",
                price=Decimal(it["pence"]) / 100,
            )
            for product, it in both
        ],
        batch_size=TOGETHER,
    )  # fmt: skip
    ProductReview.objects.bulk_create(
        [
            ProductReview(
                product=products[it["product"]], user=users[it["person"]], score=it["stars"], title="What I say",
                body=it["words"], status=ProductReview.APPROVED,
            )
            for it in told["reviews"]
        ],
        batch_size=TOGETHER,
    )  # fmt: skip
    for product in products:
        product.rating = product.calculate_rating()
    Product.objects.bulk_update(products, ["rating"], batch_size=TOGETHER)
    reviewed = sorted({it["product"] for it in told["reviews"]})
    return {
        "products": [products[n].get_absolute_url() for n in reviewed[: told["pages"]]],
        "baskets": [f"/basket/add/{product.pk}/" for product in products[: told["pages"]]],
        "sessions": [_signed_in(user) for user in users[: told["signed in"]]],
    }


def _signed_in(user: object) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "oscar.apps.customer.auth_backends.EmailBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def main() -> None:
    if sys.argv[1:] == ["count"]:
        print(Line.objects.aggregate(all=Sum("quantity"))["all"] or 0)
        return
    call_command("migrate", run_syncdb=True, verbosity=0, stdout=sys.stderr)
    made = fill(json.load(sys.stdin))
    if not Path(os.environ["SHOP_INDEX"]).exists():  # The same one serves both databases: numbers are the same.
        call_command("update_index", batch_size=TOGETHER, verbosity=0, stdout=sys.stderr)
    json.dump(made, sys.stdout)


main()

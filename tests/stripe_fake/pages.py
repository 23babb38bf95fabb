"""What do people see on the pages that Stripe hosts? A plain form each, which works by keyboard."""

from html import escape

from tests.stripe_fake.cards import CARDS

_LAYOUT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1.125rem/1.5 sans-serif; max-width: 34rem; margin: 0 auto; padding: 1rem; color: #111; background: #fff }}
label, button, a {{ display: inline-block; padding: .5rem 0; min-height: 1.5rem }}
button {{ font: inherit; padding: .5rem 1.5rem; background: #222; color: #fff; border: 0 }}
:focus-visible {{ outline: 3px solid #0050b3; outline-offset: 2px }}
fieldset {{ border: 1px solid #555 }}
fieldset div {{ display: flex; gap: .5rem; align-items: baseline }}
.error {{ border-left: 5px solid #a00; padding-left: 1rem; color: #a00 }}
</style>
</head>
<body>
<header><p>This is a pretended Stripe, for tests. No money moves.</p></header>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def layout(title, body):
    return _LAYOUT.format(title=escape(title), body=body)


def checkout_page(session, *, error=""):
    is_setup = session["mode"] == "setup"
    pounds = f"£{(session['amount_total'] or 0) / 100:,.2f}"
    said = session["_said"]
    what = "".join(
        f"<p>{escape(item['price_data']['product_data']['name'])}: {pounds}</p>" for item in said.get("line_items", [])
    )
    mandate = said.get("custom_text", {}).get("submit", {}).get("message", "")
    cards = "".join(
        f'<div><input type="radio" name="card" id="{name}" value="{name}"{" checked" if not number else ""}>'
        f' <label for="{name}">{escape(card.words)} (ends {card.last4})</label></div>'
        for number, (name, card) in enumerate(CARDS.items())
    )
    cancel = escape(session["cancel_url"] or "", quote=True)
    return layout(
        "Save a card" if is_setup else f"Pay {pounds}",
        f"""{f'<p class="error" role="alert">{escape(error)}</p>' if error else ""}
{what}
<form method="post" action="/checkout/{session["id"]}">
<fieldset><legend>Choose a test card</legend>{cards}</fieldset>
{f"<p>{escape(mandate)}</p>" if mandate else ""}
<p><button>{"Save card" if is_setup else "Pay"}</button></p>
</form>
{f'<p><a href="{cancel}">Cancel</a></p>' if cancel else ""}""",
    )


def proof_page(session):
    return layout(
        "Your bank asks: is this you?",
        f"""<form method="post" action="/checkout/{session["id"]}">
<p><button name="proof" value="yes">Yes, it is me</button></p>
<p><button name="proof" value="no">No</button></p>
</form>""",
    )


def onboarding_page(token, account):
    name = account["business_profile"].get("name") or "your business"
    return layout(
        f"Tell Stripe about {name}",
        f"""<form method="post" action="/onboarding/{token}">
<p><button name="finish" value="yes">Finish</button></p>
<p><button name="finish" value="later">Go back for now</button></p>
</form>""",
    )

"""Pages and catalogues in other languages."""

import io

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from marketplace.kit.languages.checking import faults
from marketplace.kit.languages.drawing import filters_of
from marketplace.kit.languages.extracting import in_templates, is_read
from marketplace.kit.languages.language import Language, is_known, read_language
from marketplace.kit.languages.made_up import made_up
from marketplace.kit.languages.pages import in_language
from marketplace.kit.money import Money


def _environment(**templates):
    return Environment(loader=DictLoader(templates), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _messages(text, **others):
    environment = _environment(page=text, **others)
    return [found.message for found in in_templates(environment, ["page"])]


def _drawn(text, messages, forms=None, **given):
    """Draw a template in French."""
    french = Language("fr", messages, forms or {}, lambda number: int(number > 1))
    environment = _environment(page=text)
    environment.filters |= {"counted": str, "pounds": str, "day": str, "moment": str, "month": str, "thousands": str}
    environment.filters |= filters_of(french, environment.filters)
    parsed = in_language(environment.parse(text), lambda message, line: messages.get(message), environment)
    return environment.from_string(parsed).render(given)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("<p>You pay <b>{{ it.price | pounds }}</b> each week.</p>", ["You pay <0>{price}</0> each week."]),
        ("<h1>One</h1><p>Two words</p>", ["One", "Two words"]),
        ('<li><a href="{{ url_for("x") }}">Cookies</a></li>', ["Cookies"]),
        ("<p>\n  A long\n  sentence.\n</p>", ["A long sentence."]),
        ("<p>One<br>two</p>", ["One<0/>two"]),
        ('<img alt="A {{ size }} hand" src="a hand.png">', ["A {size} hand"]),
        ('<input type="submit" value="Send it"><input value="Send it">', ["Send it"]),
        ('<meta name="description" content="Find support"><meta name="x" content="No words">', ["Find support"]),
        ("<script>let words = 'these'</script><!-- nor these --><p>But these</p>", ["But these"]),
        ("<p>{{ a }} – {{ b }}</p>", []),
        ("<p>Q&amp;A, and © 2026</p>", ["Q&A, and © 2026"]),
    ],
)
def test_a_run_of_words_is_one_message(text, messages):
    assert _messages(text) == messages


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ('<p>{{ "They have" if theirs else "You have" }} not said.</p>', ["They have not said.", "You have not said."]),
        ("<p>Cancel{% if late %}, and pay{% endif %} now</p>", ["Cancel, and pay now", "Cancel now"]),
        ('<p>Done. {{ "It is gone." if gone else "It stays." }}</p>', ["Done.", "It is gone.", "It stays."]),
        ("{% if a %}\n<p>One way.</p>\n{% else %}\n<p>Another.</p>\n{% endif %}", ["One way.", "Another."]),
        ("<p>It costs {% for one in prices %}{{ one }}, {% endfor %}in all.</p>", ["It costs {more}in all."]),
    ],
)
def test_what_goes_on_in_two_ways_is_two_whole_sentences(text, messages):
    assert _messages(text) == messages


def test_what_components_are_given_to_show_is_translated_and_codes_are_not():
    text = (
        '{% from "tag" import tag %}{{ tag("Waits for you", "orange") }}{{ tag(text=name ~ ", too", tone="teal") }}'
        '{% set rows = [{"key": "From", "value": "Not said"}] %}{% set _ = rows.append({"href": "a", "text": "To"}) %}'
        '{% if name == "Some Words" %}{{ url_for("web.home", words="no words") }}{% endif %}'
    )
    found = _messages(text, tag="{% macro tag(text, tone) %}<b class='b {{ tone }}'>{{ text }}</b>{% endmacro %}")
    assert found == ["Waits for you", "{name}, too", "From", "Not said", "To"]


def test_counted_nouns_are_one_message_with_two_forms():
    environment = _environment(page='<p>{{ n | counted("visit", "visits") }} to come</p>')
    found = [(one.message, one.many) for one in in_templates(environment, ["page"])]
    assert found == [("{number} visit", "{number} visits"), ("{visits} to come", "")]


def test_the_words_stand_in_the_translators_order():
    text = '<p>You pay <a href="/{{ at }}">{{ price | pounds }}</a> to {{ whom }} each week.</p>'
    said = {"You pay <0>{price}</0> to {whom} each week.": "Chaque semaine, {whom} reçoit <0>{price}</0> de vous."}
    drawn = _drawn(text, said, price=Money(1450), whom="Bev & Co", at="x")
    assert drawn == '<p>Chaque semaine, Bev &amp; Co reçoit <a href="/x">14,50\xa0£GB</a> de vous.</p>'


def test_a_translation_adds_no_markup():
    said = {"Your {name}": 'Votre {name} <script>"&', "A hand": 'Une" onclick="x'}
    drawn = _drawn('<p>Your {{ name }}</p><img alt="A hand">', said, name="<b>")
    assert drawn == '<p>Votre &lt;b&gt; &lt;script&gt;"&amp;</p><img alt="Une&quot; onclick=&quot;x">'


def test_what_somebody_typed_and_what_is_drawn_already_stay_as_they_are():
    said = {"Monday": "lundi", "Good day": "Bonjour"}
    drawn = _drawn(
        "<p>{{ name }} {{ drawn }} {{ ours }}</p>", said, name="Monday", drawn=Markup("Good day"), ours="Good day"
    )
    assert drawn == "<p>Monday Good day Bonjour</p>"


def test_what_is_typed_into_a_field_comes_back_as_it_was():
    drawn = _drawn('<input value="{{ it }}"><textarea>{{ it }}</textarea>', {"Good day": "Bonjour"}, it="Good day")
    assert drawn == '<input value="Good day"><textarea>Good day</textarea>'


def test_a_plural_is_that_of_the_language():
    forms = {("{number} visit", "{number} visits"): ("{number} visite", "{number} visites")}
    text = '{{ n | counted("visit", "visits") }}'
    assert [_drawn(text, {}, forms, n=n) for n in (0, 1, 2000)] == ["0 visite", "1 visite", "2\u202f000 visites"]


@pytest.mark.parametrize(
    ("message", "said", "wrong"),
    [
        ("Hello, {name}", "Bonjour {name}", 0),
        ("Hello, {name}", "Bonjour", 0),
        ("Hello, {name}", "Bonjour {nom}", 1),
        ("Hello, {name}", "Bonjour {name.__class__}", 1),
        ("Hello, {name}", "Bonjour {name:>99999999}", 1),
        ("<0>Read</0> it", "Lisez-<0>le</0>", 0),
        ("<0>Read</0> it", "Lisez-le", 1),
        ("<0>a</0><1>b</1>", "<0>a<1>b</0></1>", 1),
        ("Save", " ", 1),
        (("{number} day", "{number} days"), ("{number} jour", "{number} jours"), 0),
        (("{number} day", "{number} days"), ("{number} jour", "{nombre} jours"), 1),
    ],
)
def test_a_translation_keeps_the_places_and_marks_of_its_message(message, said, wrong):
    assert len(faults(message, said)) == wrong


def _written(tmp_path, *messages):
    catalog = Catalog("fr")
    for message, said, flags in messages:
        catalog.add(message, said, flags=flags)
    file = tmp_path / "fr" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    out = io.BytesIO()
    write_po(out, catalog)
    file.write_bytes(out.getvalue())


def test_what_is_unsure_broken_or_missing_stays_english(tmp_path):
    _written(
        tmp_path,
        ("Find it", "Trouvez-le", []),
        ("Perhaps so", "Peut-être", ["fuzzy"]),
        ("Hello, {name}", "Bonjour {nom}", []),
        ("Not yet", "", []),
        (("{number} day", "{number} days"), ("{number} jour", "{number} jours"), []),
    )
    french = read_language("fr", tmp_path)
    assert french.messages == {"Find it": "Trouvez-le"}
    assert french.counted(2, "day", "days") == "2 jours"
    assert (french.name, french.direction) == ("Français", "ltr")


def test_a_language_needs_a_name_and_a_catalogue(tmp_path):
    with pytest.raises(ValueError, match="has no catalogue"):
        read_language("fr", tmp_path)
    with pytest.raises(ValueError, match="no language we know"):
        read_language("../fr", tmp_path)
    assert is_known("zh-Hant")


def test_some_languages_are_read_from_right_to_left():
    assert Language("ur", {}, {}, int).direction == "rtl"


def test_the_made_up_language_keeps_places_and_marks():
    said = made_up("Hello <0>{name}</0>, you have {days:,} left")
    assert said == "[Héllõ <0>{name}</0>, ýõû hàvé {days:,} léft~~~~~~~]"
    assert not faults("Hello <0>{name}</0>, you have {days:,} left", said)


@pytest.mark.parametrize("text", ["Choose a face.", "What is it?", "at most 3"])
def test_sentences_in_the_code_are_read(text):
    assert is_read(text)


@pytest.mark.parametrize(
    "text", ["status IN ('a', 'b') AND x = 1", "SELECT 1 FROM x", "a_name b", "Monday", "2.5", "a.b"]
)
def test_what_programs_read_is_not(text):
    assert not is_read(text)

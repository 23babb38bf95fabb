import pytest

from marketplace.catalogue.gateways import WrongMappingError, read_mapping, shipped_mappings

GOOD = """
source:
  key: example
  publisher: Example Council
  licence: Open Government Licence v3.0
  licence_url: https://example.org/licence
  url: https://example.org/list
format: csv
key: name
title: "{name}"
category: community-places
postcode: postcode
"""


@pytest.fixture
def written(tmp_path):
    def write(text, name="mapping.yaml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


@pytest.mark.parametrize("name", shipped_mappings())
def test_every_shipped_mapping_can_be_read_and_names_its_licence(name):
    mapping = read_mapping(name)
    assert mapping.source.key == name
    assert "Licence" in mapping.source.licence
    assert mapping.council == "E08000009"
    assert mapping.columns


def test_there_is_a_mapping_for_each_of_the_six_lists():
    assert len([name for name in shipped_mappings() if name.startswith("trafford-")]) == 6


def test_a_mapping_names_the_columns_it_needs_once(written):
    mapping = read_mapping(written(GOOD + 'description: ["{what}.", "At {name}."]\nlatitude: lat\nlongitude: lon\n'))
    assert mapping.columns == ("name", "postcode", "lat", "lon", "what")


def test_open_referral_needs_only_a_source_and_a_category(written):
    text = GOOD.replace("format: csv", "format: open-referral").replace('key: name\ntitle: "{name}"\n', "")
    mapping = read_mapping(written(text.replace("postcode: postcode\n", "")))
    assert mapping.key == ("id",)
    assert mapping.postcode == "postcode"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("key: example\n  ", ""), "“source > key” is missing."),
        (("format: csv", "fromat: csv"), "“fromat” is not a line of a mapping. Did you mean “format”?"),
        (("format: csv", "format: xlsx"), "“format” must be 'csv' or 'open-referral'."),
        (('title: "{name}"', 'title: "{name"'), "The braces of “{name” do not match."),
        (('title: "{name}"', 'title: "{name|shouted}"'), "“shouted” is not a way to write a column."),
        (("postcode: postcode", "latitude: lat"), "Name both latitude and longitude, or neither."),
        (("postcode: postcode", ""), "Say where entries are"),
        (("postcode: postcode", "council: Trafford"), "the nine characters of a council's code"),
        (("https://example.org/list", "www.example.org"), "a web address that begins with https://"),
        (("postcode: postcode", "postcode: postcode\nencoding: utf-9"), "“utf-9” is not an encoding we know."),
        (("category: community-places", "category: {otherwise: x}"), "“category > column” is missing."),
        (("category: community-places", "category: [a, b]"), "“category”"),
        (("postcode: postcode", "postcode: postcode\nsetting: outside"), "“setting” must be"),
        (("postcode: postcode", "postcode: postcode\ndelimiter: ', '"), "“delimiter”"),
    ],
)
def test_a_wrong_mapping_is_refused_in_words(written, change, sentence):
    text = GOOD.replace(*change)
    assert text != GOOD
    with pytest.raises(WrongMappingError) as refused:
        read_mapping(written(text))
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("mapping.yaml cannot be used. ")
    assert "pydantic" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("key: [", "mapping.yaml is not YAML: it cannot be read at line 1."),
        ("just words", "mapping.yaml is no mapping"),
        ("", "mapping.yaml is no mapping"),
        (b"\xff\xfe\x00", "mapping.yaml is not UTF-8 text"),
        (b"a: \x00", "mapping.yaml is not YAML"),
    ],
)
def test_what_is_no_mapping_is_refused_in_words(written, content, sentence):
    with pytest.raises(WrongMappingError, match=sentence):
        read_mapping(written(content))


def test_a_name_that_is_nearly_right_is_suggested():
    with pytest.raises(WrongMappingError, match=r"Did you mean trafford-libraries\?"):
        read_mapping("trafford-library")
    with pytest.raises(WrongMappingError, match="These come with the site: trafford-allotments"):
        read_mapping("nowhere.yaml")

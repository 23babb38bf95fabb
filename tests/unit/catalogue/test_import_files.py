from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.gateways import BrokenRow, Row, UnreadableFileError, read_mapping, reading_of
from marketplace.catalogue.gateways.letters import text_of
from marketplace.catalogue.gateways.tables import rows_of

TODAY = date(2026, 5, 4)
SPORTS = read_mapping("trafford-sports-clubs")
HEADER = "name,category,address,postcode\n"


@pytest.fixture
def read(tmp_path):
    def write_and_read(content, mapping=SPORTS):
        path = tmp_path / "list.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return reading_of(path, mapping=mapping, today=TODAY)

    return write_and_read


def reasons(reading):
    return {row.line: row.reason for row in reading.rows if isinstance(row, BrokenRow)}


def names(reading):
    return {row.line: row.cells["name"] for row in reading.rows if isinstance(row, Row)}


# ---------------------------------------------------------------- whole files


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "list.csv is empty."),
        (b"\xef\xbb\xbf \r\n \n", "list.csv is empty."),
        (b"%PDF-1.7\n...", "This is a PDF, not CSV."),
        (b"PK\x03\x04....", "This is a spreadsheet, a document or a zip archive, not CSV."),
        (b"\xd0\xcf\x11\xe0....", "This is an old spreadsheet"),
        (b"\x89PNG\r\n\x1a\n", "This is a picture"),
        (bytes(range(256)) * 20, "This is not text"),
        (b"<!DOCTYPE html><html>", "This is a web page, not CSV."),
        (b"<?xml version='1.0'?><a/>", "This is XML, not CSV."),
        (b'{"contents": []}', "list.csv looks like JSON, and the mapping says CSV."),
        (b"name,address\nA,B\n", "These columns are missing: “postcode”, “category”. Line 1 names “name”, “address”."),
        (b"name;category;address;postcode\nA;B;C;D\n", "The cells seem to be parted by semicolons"),
        (b"name,name,category,address,postcode\n", "Line 1 names the column “name” more than once."),
        (b'"name,category,address,postcode\nA,B,C,D\n', "Line 1, which names the columns, cannot be read"),
        ("name,category\n".encode("utf-16")[:-1], "The file is marked as UTF-16, but byte"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(read, content, sentence):
    with pytest.raises(UnreadableFileError) as refused:
        read(content)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path):
    with pytest.raises(UnreadableFileError, match="There is no file"):
        reading_of(tmp_path / "gone.csv", mapping=SPORTS, today=TODAY)
    with pytest.raises(UnreadableFileError, match="is not a file"):
        reading_of(tmp_path, mapping=SPORTS, today=TODAY)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(content):
    with suppress(UnreadableFileError):
        text = text_of(content, encoding="utf-8-sig", wanted="CSV").words
        list(rows_of(text, columns=("name",), delimiter=","))


@given(st.text(alphabet='ab",;\n\r\x00 é', max_size=200))
def test_any_table_is_read_to_its_end(text):
    rows = list(rows_of(f"name,kind\n{text}\nlast,row\n", columns=("name", "kind"), delimiter=","))
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    assert rows[-1].line >= 2


# ---------------------------------------------------------------- letters


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_in_another_unicode_is_read_and_says_so(read, encoding):
    reading = read((HEADER + "Café Club,Golf,Sale,M33 7ZF\n").encode(encoding))
    assert names(reading) == {2: "Café Club"}
    assert reading.remarks[0].startswith("The file is in UTF-")


def test_a_file_that_is_not_utf_8_is_read_as_windows_wrote_it_and_says_where(read):
    reading = read(HEADER.encode() + "Plain,Golf,Sale,M33 7ZF\nCafé’s Club,Golf,Sale,M33 7ZF\n".encode("cp1252"))
    assert names(reading) == {2: "Plain", 3: "Café’s Club"}
    assert reading.remarks[0].startswith("Line 3 is not UTF-8, so the whole file was read as Windows-1252.")


def test_latin_1_is_the_last_resort(read):
    reading = read(HEADER.encode() + b"Caf\xe9 \x81,Golf,Sale,M33 7ZF\n")
    assert "Latin-1" in reading.remarks[0]


def test_a_byte_order_mark_is_no_part_of_the_first_column(read):
    assert names(read(b"\xef\xbb\xbf" + HEADER.encode() + b"A,B,C,D\n")) == {2: "A"}


# ---------------------------------------------------------------- rows


def test_a_bad_row_costs_only_itself(read):
    reading = read(
        HEADER
        + "First,Golf,Sale,M33 7ZF\n"  # 2
        + "Short,Golf\n"  # 3
        + "\n"  # 4: passed over
        + ",,,\n"  # 5: passed over
        + 'Never,"closed,Sale,M33 7ZF\n'  # 6
        + "Long,Golf,Sale,M33 7ZF,more,and more\n"  # 7
        + "Zero\x00,Golf,Sale,M33 7ZF\n"  # 8
        + f"Giant,{'x' * 30_000},Sale,M33 7ZF\n"  # 9
        + f"Huge,{'x' * 200_000},Sale,M33 7ZF\n"  # 10
        + 'Odd,"Golf"x,Sale,M33 7ZF\n'  # 11
        + "Spare,Golf,Sale,M33 7ZF,,\n"  # 12: spare blank cells do no harm
        + 'Two,Golf,"Lines\nhere",M33 7ZF\n'  # 13, 14
        + "Last,Golf,Sale,M33 7ZF"  # 15
    )
    assert names(reading) == {2: "First", 12: "Spare", 13: "Two", 15: "Last"}
    said = reasons(reading)
    assert said[3] == "The row has 2 cells, and the first line names 4."
    assert "quotation mark" in said[6]
    assert said[7] == "The row has 6 cells, and the first line names 4."
    assert said[8] == "The cell “name” holds a zero byte, which no text has."
    assert said[9] == "The cell “category” has 30,000 characters. We take at most 20,000."
    assert said[10] == "A cell has more than 20,000 characters."
    assert said[11].startswith("The quotation marks do not match")
    assert set(said) == {3, 6, 7, 8, 9, 10, 11}


def test_a_quotation_mark_never_closed_does_not_swallow_the_file(read):
    rows = "".join(f"Club {n},Golf,Sale,M33 7ZF\n" for n in range(5_000))
    reading = read(HEADER + '"Never closed,Golf,Sale,M33 7ZF\n' + rows)
    assert len(names(reading)) == 5_000
    assert reasons(reading) == {2: "A quotation mark is opened here and never closed."}


def test_columns_are_found_whatever_their_capitals_spaces_and_order(read):
    assert names(read(" Postcode ,ADDRESS,category,Name,extra\nM33 7ZF,Sale,Golf,A,B\n")) == {2: "A"}


def test_old_line_ends_are_lines_too(read):
    assert names(read("name,category,address,postcode\rA,B,C,D\rE,F,G,H\r")) == {2: "A", 3: "E"}

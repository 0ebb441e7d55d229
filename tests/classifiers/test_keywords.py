from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import Text
from classifiers.keywords import Keywords, passages


def found(keyword: str, title: str, **more: str) -> bool:
    """Say whether a keyword stands in a text."""
    return bool(Keywords((keyword,)).find(passages(Text(title, **more))))


@pytest.mark.parametrize(
    ("keyword", "title", "stands"),
    [
        ("strike", "Dockers on STRIKE in Kaohsiung", True),
        ("strike", "Strikes go on", False),
        ("strike*", "Strikes go on", True),
        ("strike", "Airstrike kills two", False),
        ("arms", "Farms flooded", False),
        ("F-16", "Two F-16s collide", False),
        ("F-16", "The F-16, upgraded", True),
        ("rare  earth", "Rare earth exports", True),
        ("罷工", "港口罢工进入第二周", True),
        ("罢工", "港口罷工進入第二週", True),
        ("TSMC", "台積電TSMC宣布擴產", True),
        ("ストライキ", "全国ストライキの影響", True),
        ("파업", "총파업이 시작됐다", True),
        ("ประท้วง", "คนงานประท้วงที่ท่าเรือ", True),
        ("забастовка", "Забастовка в порту", True),
        ("забастовка", "Предзабастовка", False),
        ("إضراب", "إضراب عمال الميناء", True),
        ("grève", "La GRÈVE continue", True),
        ("Straße", "STRASSE gesperrt", True),
        ("&", "a", False),
    ],
)
def test_whole_words_in_any_script(keyword: str, title: str, stands: bool) -> None:
    """Case, Chinese script and markup do not matter; where words are not set apart, any place will do."""
    if keyword == "&":
        with pytest.raises(ValueError, match="no letter"):
            Keywords((keyword,))
    else:
        assert found(keyword, title) is stands


def test_all_of_a_text_is_searched() -> None:
    """Title, summary and body; not across their borders."""
    assert found("strike", "x", summary="a strike")
    assert found("strike", "x", text="long " * 5000 + "strike")
    assert not found("general strike", "general", summary="strike")
    assert found("strike", "a <b>strike</b> &amp; more")


def test_keywords_are_named_as_they_were_written() -> None:
    """In the order in which they were given."""
    words = Keywords(("罷工", "Strike*", "never"))
    assert words.find(passages(Text("Striking: 罢工"))) == ("罷工",)
    assert words.find(passages(Text("strikes, 罢工"))) == ("罷工", "Strike*")


@given(st.text(max_size=40), st.text(max_size=200))
def test_whatever_is_written_is_found_or_not(keyword: str, title: str) -> None:
    """No text and no keyword is an error, except one without a letter."""
    try:
        words = Keywords((keyword,))
    except ValueError as error:
        assert "no letter" in str(error)  # noqa: PT017 - no other kind is raised
    else:
        assert words.find(passages(Text(title))) in {(), (keyword,)}

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from classifiers.feedback import EXAM, Label, Lesson, repeated, settled

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
LABELS = st.builds(
    Label,
    st.sampled_from("ab"),
    st.sampled_from(["exercises", "coercion"]),
    st.booleans(),
    st.sampled_from(["Mei", "Lin", "Ann"]),
    st.integers(0, 5).map(lambda n: NOON + timedelta(hours=n)),
)


def word(author: str, label: bool, hour: int = 0) -> Label:
    """Return what a reader says of an item."""
    return Label("a", "exercises", label, author, NOON + timedelta(hours=hour))


def lesson(title: str = "PLA drill", **labels: bool) -> Lesson:
    """Return a labelled item of which the model decided exercises and arms_sales."""
    return Lesson("7", title, "", labels, ("exercises", "arms_sales"), NOON)


def test_most_readers_are_right() -> None:
    """Of a tie, what was said last holds."""
    assert settled([word("Mei", True), word("Lin", True), word("Ann", False, 5)]) == {"a": {"exercises": True}}
    assert settled([word("Mei", True, 1), word("Lin", False)]) == {"a": {"exercises": True}}
    assert settled([word("Mei", True), word("Lin", False, 1)]) == {"a": {"exercises": False}}


@given(st.lists(LABELS, max_size=12))
def test_the_order_in_which_labels_are_read_does_not_matter(labels: list[Label]) -> None:
    """One answer for each item and theme that somebody spoke of."""
    found = settled(labels)
    assert found == settled(reversed(labels))
    assert {(i, t) for i, themes in found.items() for t in themes} == {(x.item, x.theme) for x in labels}


def test_where_nobody_spoke_the_model_is_believed() -> None:
    """A link in an alert may say of one theme only that it is wrong."""
    assert lesson(exercises=False).truth(("exercises", "arms_sales", "coercion")) == ("arms_sales",)
    assert lesson(exercises=False).item(("exercises", "coercion")).themes == ()


def test_a_lesson_becomes_a_line_of_the_corpus() -> None:
    """In one of its languages, whatever the feed called its own."""
    assert [
        lesson(t).item(()).lang
        for t in ("A drill off the coast of Taiwan", "軍事演習", "军事演习", "演習のニュースです")
    ] == [
        "en",
        "zh-Hant",
        "zh-Hans",
        "en",
    ]


def test_a_fifth_is_kept_for_the_exam_by_its_text() -> None:
    """The same text is always on the same side, in either Chinese script and whatever the markup."""
    kept = [lesson(f"Headline number {n}").exam for n in range(1000)]
    assert 1000 / EXAM * 0.8 < sum(kept) < 1000 / EXAM * 1.2
    assert all(lesson(f"軍演 {n}").exam == lesson(f"<b>军演</b>  {n}").exam for n in range(50))


def test_a_lesson_counts_as_often_as_it_is_repeated() -> None:
    """With ids of their own."""
    twice = repeated([lesson().item(("exercises",))], 2)
    assert [item.title for item in twice] == ["PLA drill"] * 2
    assert len({item.id for item in twice}) == 2

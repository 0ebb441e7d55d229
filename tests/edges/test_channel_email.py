"""Mail's own: identity and threads, a way to get no more, no forged header, those whom the server refuses."""

from __future__ import annotations

import pytest
from servers import mailbox
from wires import LINK, delivery, mail

from monitor.edges.channels.email import HTML, compose, message_id
from monitor.errors import DeliveryError
from monitor.model import Delivery, Message, Opening

KEY = "alert/Drills/7/1/desk"


def test_a_mail_sent_again_is_the_same_mail() -> None:
    """Message-ID and date come from the delivery; text and HTML are both there; the receipt is the identity."""
    with mailbox() as box:
        channel = mail(box.port, sender="Desk <strait@example.org>")
        marks = {channel.send(delivery()).mark for _ in range(2)}
    one, two = box.mails
    assert marks == {one["Message-ID"]} == {two["Message-ID"]} == {message_id(KEY, "strait@example.org")}
    assert one["Date"] == two["Date"]
    assert one["X-Priority"] == "2"
    assert [part.get_content_type() for part in one.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_an_update_refers_to_the_first_mail() -> None:
    """Clients then show the mails of a story together."""
    with mailbox() as box:
        channel = mail(box.port)
        first = channel.send(delivery()).mark
        channel.send(delivery(key="alert/Drills/7/2/desk", opening=Opening(KEY, first)))
    one, two = box.mails
    assert (one["References"], one["In-Reply-To"]) == (None, None)
    assert two["References"] == two["In-Reply-To"] == one["Message-ID"]
    assert two["Message-ID"] != one["Message-ID"]


@pytest.mark.parametrize("mark", ["", "C1|C1|17.01", "<a@b>\r\nBcc: x@example.org", "<a@b> <c@d>"])
def test_a_mark_that_is_no_message_id_is_no_reference(mark: str) -> None:
    """The channel may have been of another kind when the first message went out."""
    made = compose(delivery(opening=Opening("k", mark)), mail(25))
    assert (made["References"], made["Bcc"]) == (None, None)


def test_readers_can_ask_for_no_more() -> None:
    """Where the operator says how."""
    address = "mailto:desk@example.org?subject=unsubscribe"
    assert compose(delivery(), mail(25, unsubscribe=address))["List-Unsubscribe"] == f"<{address}>"
    assert compose(delivery(), mail(25))["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: x@example.org", "a\nTo: x", "a\0b\x0bc", "軍演 " * 300, "\ud800 half", ""]
)
def test_no_subject_forges_a_header_or_fails(subject: str) -> None:
    """It is one line of at most 200 characters, whatever a feed wrote."""
    made = compose(delivery(subject=subject), mail(25))
    assert made["Bcc"] is None
    assert made.get_all("To") == ["a@example.org"]
    assert len(made["Subject"]) <= 200
    made.as_bytes()


def test_a_page_that_is_too_big_is_left_out() -> None:
    """The text says all of it, or where the rest is."""
    message = Message("Subject", "words " * 100_000, "x" * (HTML + 1), link=LINK)
    made = compose(Delivery("k", "mail", message, delivery().due), mail(25))
    assert made.get_content_type() == "text/plain"
    assert made.get_content().rstrip().endswith(f"…\n{LINK}")


def test_a_refused_recipient_does_not_stop_the_others() -> None:
    """The mail goes to those the server takes, once, and the note tells of the rest; all refused is a failure."""
    with mailbox() as box:
        box.refusals = {"gone@example.org": "550 no such user", "full@example.org": "452 mailbox full"}
        assert "1 of 2" in mail(box.port, to=("a@example.org", "gone@example.org")).send(delivery()).note
        for address, retry in (("gone@example.org", False), ("full@example.org", True)):
            with pytest.raises(DeliveryError, match="every recipient") as caught:
                mail(box.port, to=(address,)).send(delivery())
            assert caught.value.retry is retry
    assert box.recipients == [["a@example.org"]]


def test_a_mail_server_without_what_is_asked() -> None:
    """STARTTLS or a login that is not offered is final; a server that is away is not."""
    with mailbox() as box:
        for changes in ({"tls": "starttls"}, {"username": "u"}):
            with pytest.raises(DeliveryError, match="does not offer") as caught:
                mail(box.port, **changes).send(delivery())
            assert not caught.value.retry
        with pytest.raises(DeliveryError, match="cannot be reached"):
            mail(box.port, tls="implicit").send(delivery())


def test_a_bad_goodbye_sends_no_mail_twice() -> None:
    """The mail was taken before it: nothing is tried again."""
    with mailbox() as box:
        box.goodbye = "421 overloaded"
        assert mail(box.port).send(delivery()).note == ""
    assert len(box.mails) == 1

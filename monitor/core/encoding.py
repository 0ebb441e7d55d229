"""Bytes of a web page to text: as declared, else as they read."""

from __future__ import annotations

import codecs
import re

_HEAD = 4096
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What pages call themselves, and the larger set that they are really written in, as browsers read them.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252", "big5": "big5hkscs"}
_CHINESE = ("big5hkscs", "gb18030")
_TEXT = frozenset(codecs.lookup(name).name for name in ("utf-8", "utf-16", "cp1252", *_CHINESE, "shift_jis", "euc_jp"))
_MUCH = 0.01


def text_of_page(body: bytes, content_type: str = "", lang: str = "") -> str:
    """Return a page as text; *lang* says which Chinese encoding to try first where none is declared.

    A declaration that most of the page contradicts is not believed. Nothing is raised: what cannot be read becomes a
    replacement character.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace").lstrip("\ufeff")
    declared = _declared(body, content_type)
    chinese = _CHINESE[::-1] if lang == "zh-Hans" else _CHINESE
    for name in (declared, "utf-8", *chinese):
        if name and (text := _decoded(body, name)) is not None:
            return text
    return body.decode(declared or "utf-8", "replace")


def _declared(body: bytes, content_type: str) -> str:
    header = _HEADER.search(content_type)
    meta = _META.search(body[:_HEAD])
    name = header[1] if header else meta[1].decode("ascii", "replace") if meta else ""
    return _known(name) if name else ""


def _known(name: str) -> str:
    """Return Python's name for an encoding of text; nothing for one that is unknown or is none (rot13, zlib)."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    wider = codecs.lookup(_WIDER.get(found, found)).name
    return wider if wider in _TEXT or wider.startswith(("iso8859", "cp125", "koi8", "euc")) else ""


def _decoded(body: bytes, name: str) -> str | None:
    """Return the text if all but single bytes of it can be read."""
    text = body.decode(name, "replace")
    return text if text.count("\ufffd") <= _MUCH * len(text) else None

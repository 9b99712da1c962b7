"""Finds a planted number or note in any file, in the spellings in which it could have got there.

Plant something that occurs nowhere else (a number, an odd word), run what is to be tested, then
`scan` the folder: no hit, no leak. Compressed files and archives are looked into as well. A needle
shorter than `SHORTEST` bytes is left out, since it would be met by chance.
"""

import base64
import codecs
import contextlib
import gzip
import hashlib
import io
import json
import re
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

SHORTEST = 5


class Hit(NamedTuple):
    """Says where a canary was found."""

    path: Path
    offset: int
    spelling: bytes


def spellings(text: str) -> set[bytes]:
    """Returns the byte strings that would give a text away; a text of digits is a phone number."""
    digits = re.sub(r"\D", "", text)
    is_number = len(digits) >= 7 and not re.search(r"[^\W\d_]", text)
    texts = {text} | (_numbers(digits) if is_number else {text.upper(), text.lower()})
    found: set[bytes] = set()
    for each in texts | {each[::-1] for each in texts}:
        found |= _encodings(each)
    if is_number:
        found |= _as_integer(int(digits)) | _packed(digits) | _digests(_numbers(digits))
    else:
        found |= _digests({text})
    return {each for each in found if len(each) >= SHORTEST}


def key_spellings(key: bytes) -> set[bytes]:
    """Returns the byte strings that would give away a key: itself, in hexadecimal, in base64."""
    return {key, key[::-1], key.hex().encode(), key.hex().upper().encode(), *_base64(key)}


def scan(folder: Path, canaries: Iterable[bytes]) -> list[Hit]:
    """Returns every place below a folder that holds a canary, file names included."""
    needles = _shortest(set(canaries))
    hits = []
    for path in sorted(folder.rglob("*")):
        contents = [str(path.relative_to(folder)).encode()]
        if path.is_file():
            contents += _unpacked(path.read_bytes())
        for content in contents:
            # A spool is 64 MiB of nothing; a spelling in UTF-16 may end with one zero.
            content = content.rstrip(b"\0") + b"\0"
            hits += [Hit(path, at, each) for each in needles for at in _places(content, each)]
    return hits


def _shortest(needles: set[bytes]) -> list[bytes]:
    """Leaves out what cannot be there without a shorter one being there."""
    kept: list[bytes] = []
    for each in sorted(needles, key=len):
        if not any(shorter in each for shorter in kept):
            kept.append(each)
    return kept


def _places(content: bytes, needle: bytes) -> Iterator[int]:
    place = content.find(needle)
    while place >= 0:
        yield place
        place = content.find(needle, place + 1)


def _numbers(digits: str) -> set[str]:
    """Returns the ways people and programs write a number of ten digits with its country code."""
    country, national = digits[:-10], digits[-10:]
    area, middle, last = national[:3], national[3:6], national[6:]
    local = {
        national,
        f"({area}) {middle}-{last}",
        f"({area}){middle}-{last}",
        f"{area}-{middle}-{last}",
        f"{area} {middle} {last}",
        f"{area}.{middle}.{last}",
        " ".join(national),
    }
    whole = {f"{before}{country}{mark}{each}" for each in local for before in ("+", "00", "")
             for mark in ("", " ", "-")}  # fmt: skip
    return local | whole | {" ".join(digits), "-".join(digits)}


def _encodings(text: str) -> set[bytes]:
    plain = {text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")}
    if text.isascii() or all(ord(each) < 256 for each in text):
        plain.add(text.encode("latin-1"))
    found = set(plain)
    for each in plain:
        found |= {each.hex().encode(), each.hex().upper().encode(), *_base64(each)}
    return found | {
        json.dumps(text)[1:-1].encode(),
        urllib.parse.quote(text, safe="").encode(),
        urllib.parse.quote_plus(text).encode(),
        codecs.encode(text, "rot13").encode(),
    }


def _base64(value: bytes) -> Iterator[bytes]:
    """Yields what is the same in every base64 text that holds the value at any place."""
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + value)
        # Characters that also depend on the neighbours are cut off at both ends.
        begin = (0, 2, 3)[shift]
        end = len(encoded) - (0, 3, 2)[(shift + len(value)) % 3]
        yield encoded[begin:end]
        yield encoded[begin:end].translate(bytes.maketrans(b"+/", b"-_"))


def _as_integer(number: int) -> set[bytes]:
    size = (number.bit_length() + 7) // 8
    return {number.to_bytes(size, "big"), number.to_bytes(size, "little")}


def _packed(digits: str) -> set[bytes]:
    """Returns binary-coded decimals, both orders of the half bytes, as telephone networks use."""
    found = set()
    for each in (digits, digits[-10:]):
        even = each if len(each) % 2 == 0 else each + "f"
        swapped = "".join(even[i + 1] + even[i] for i in range(0, len(even), 2))
        found |= {bytes.fromhex(even), bytes.fromhex(swapped)}
    return found


def _digests(texts: Iterable[str]) -> set[bytes]:
    """Returns plain hashes: a number hashed without a key is found by trying all numbers."""
    found = set()
    for text in texts:
        for name in ("md5", "sha1", "sha256", "blake2b", "blake2s"):
            digest = hashlib.new(name, text.encode(), usedforsecurity=False).digest()
            found |= {digest, digest.hex().encode(), base64.b64encode(digest)}
    return found


def _unpacked(content: bytes) -> list[bytes]:
    found = [content]
    if content.startswith(b"\x1f\x8b"):
        found.append(gzip.decompress(content))
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found += [archive.read(name) for name in archive.namelist()]
    if content[:1] == b"\x78":
        with contextlib.suppress(zlib.error):  # it may only look like it
            found.append(zlib.decompress(content))
    return found

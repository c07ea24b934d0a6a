"""An exported account as it arrives: opened with care, for anybody may have made it."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, TypeVar

import msgspec
from django.utils.translation import gettext as _

from stint.imports.jobs import ImportRefused
from stint.transfer.records import FORMAT, VERSION, Manifest

T = TypeVar("T", bound=msgspec.Struct)
LARGEST_MANIFEST = 1024 * 1024
# A note of 3,000 characters, 50 tags of 190 and an edit that changed all of them stay below it.
LONGEST_LINE = 1024 * 1024
# A million entries become a fifteenth; a bomb becomes a thousandth.
MOST_SQUEEZED = 250
SMALL = 16 * 1024 * 1024
# What a bad zip makes zipfile raise.
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, KeyError)


class Archive:
    """The files of an exported account, read line by line: however large they claim to be, little is kept."""

    def __init__(self, file: IO[bytes]) -> None:
        """Open an archive.

        Raises:
            ImportRefused: it is none, or of a later version of the format.

        """
        try:
            self._zip = zipfile.ZipFile(file)
            _refuse_bomb(self._zip)
            with self._zip.open("manifest.json") as opened:
                raw = opened.read(LARGEST_MANIFEST)
            self.manifest = msgspec.json.decode(raw, type=Manifest)
        except (*_FAULTS, msgspec.DecodeError):
            raise ImportRefused(
                _(
                    "This is no export of a Stint account, or it was cut off. Choose the zip as it was downloaded."
                )
            ) from None
        if self.manifest.format != FORMAT or self.manifest.version > VERSION:
            raise ImportRefused(_("This export was made by a newer Stint; update this one first."))

    def records(self, kind: str, as_: type[T]) -> Iterator[tuple[int, T | str]]:
        """Yield number and content of each line of a file: a record, or as text what is wrong with the line.

        Raises:
            ImportRefused: the file is damaged. One that is absent has no lines.

        """
        name = f"{kind}.jsonl"
        if name not in self._zip.NameToInfo:
            return
        decoder = msgspec.json.Decoder(as_)
        number = 0
        try:
            with self._zip.open(name) as file:
                while line := file.readline(LONGEST_LINE):
                    number += 1
                    if len(line) == LONGEST_LINE:
                        raise ImportRefused(
                            _("Line %(line)d of %(file)s is longer than any that Stint writes.")
                            % {"line": number, "file": name}
                        )
                    yield number, _decoded(decoder, line)
        except _FAULTS:
            raise ImportRefused(
                _("%(file)s in the archive is damaged after line %(line)d; download the export anew.")
                % {"file": name, "line": number}
            ) from None


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    for member in archive.infolist():
        if member.file_size > max(SMALL, member.compress_size * MOST_SQUEEZED):
            raise ImportRefused(
                _(
                    "%(file)s in the archive claims to be far larger than what is there; download the export anew."
                )
                % {"file": member.filename}
            )


def _decoded(decoder: msgspec.json.Decoder[T], line: bytes) -> T | str:
    try:
        record = decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        return str(fault)
    return _("contains the character NUL") if b"\\u0000" in line else record

"""Writing files whole or not at all."""

import os
import secrets
from pathlib import Path


def write_whole(path: Path, data: bytes, *, mode: int = 0o644, sync_name: bool = True) -> None:
    """
    Write a file so that a reader sees the old one or the new one, also after a kill or a power cut.

    Two fsyncs, about a millisecond. What a kill leaves behind is a file that ends in `.partial`. `sync_name`: False
    for one of many files in a folder; whoever writes them calls `sync_folder` once at the end.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)  # whatever the umask says
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    if sync_name:
        sync_folder(path.parent)


def write_once(path: Path, data: bytes) -> bytes:
    """Write a file that is not there yet, whole; return what it says: the first writer's word, whoever else wrote."""
    if not path.exists():
        mine = path.with_name(f".{path.name}.{secrets.token_hex(4)}.mine")
        write_whole(mine, data)
        try:
            path.hardlink_to(mine)
        except FileExistsError:
            pass  # somebody was faster
        finally:
            mine.unlink()
        sync_folder(path.parent)
    return path.read_bytes()


def link_whole(path: Path, *, target: Path) -> bool:
    """
    Let `path` be another name of `target`, in one step; a hard link, so no byte twice. False: it is already.

    Whoever links calls `sync_folder` once at the end.
    """
    if path.exists() and path.samefile(target):
        return False
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    partial.hardlink_to(target)
    partial.replace(path)
    return True


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

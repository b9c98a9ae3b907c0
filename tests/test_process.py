"""What may be relied on when another program runs: it ends, it is alone, it gives the same bytes."""

from __future__ import annotations

import importlib.util
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from itertools import permutations
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import process
from pipeline.process import Memory, ProgramFailed

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux's kernel limits another program's memory")
POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows knows no signals")

MARKDOWN = ["--from=commonmark"]
FONT = 'fontname="Atkinson Hyperlegible"'
DOT = f'digraph {{ node [shape=box {FONT}] a [label="Savings"]; b; a -> b [label="money" {FONT}] }}'
TEMPLATE = b"""#set document(title: "Report")
#set text(font: "Atkinson Hyperlegible", lang: "en")
= Report
#json("document.json") #datetime.today().display()
"""


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-c", code]


def failure(*arguments: object, **options: object) -> ProgramFailed:
    """Run a program that is to fail, and hold that what it says is fit for a person."""
    work, *rest = arguments
    with pytest.raises(ProgramFailed) as caught:
        work(*rest, **options)  # type: ignore[operator]
    fault = caught.value
    assert fault.sentence.endswith(".")
    assert fault.remedy
    assert "Traceback" not in fault.sentence + fault.remedy + fault.detail
    return fault


def compiled(text: str, **options: object) -> bytes:
    files = {"main.typ": TEMPLATE, "document.json": f'"{text}"'.encode()}
    return process.typst(files, process.fonts(), **options)  # type: ignore[call-overload, no-any-return]


# ---------------------------------------------------------------- a program ends, whatever it does


def test_a_program_gets_its_input_and_its_files_and_its_output_comes_back() -> None:
    code = "import sys; print(sys.stdin.read() + open('there/word').read(), end=''); sys.stderr.write('!')"
    done = process.run("The test", python(code), b"in, ", files={"there/word": b"file"})
    assert (done.output, done.said, done.results) == (b"in, file", "!", [])


def test_a_program_that_hangs_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    code = (
        "import subprocess, sys, time; "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        f"open({str(pid)!r}, 'w').write(str(child.pid)); time.sleep(60)"
    )
    started = time.monotonic()
    fault = failure(process.run, "The test", python(code), seconds=1)
    assert time.monotonic() - started < 5
    assert fault.sentence == "The test was still at work after 1 seconds, and was stopped."
    grandchild = int(pid.read_text())
    for _ in range(50):
        if not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.05)
    else:
        pytest.fail("what it started is still at work")


def test_pandoc_that_hangs_is_stopped() -> None:
    reader = {"hang.lua": b"function Reader() while true do end end"}
    assert "was stopped" in failure(process.pandoc, ["--from=hang.lua"], b"", files=reader, seconds=0.5).sentence


def test_a_typst_template_that_hangs_is_stopped_and_one_that_does_not_is_not() -> None:
    hang = b"#for i in range(99999) { for j in range(9999) { let rest = calc.rem(i + j, 3) } }"
    fault = failure(process.typst, {"main.typ": hang}, {}, seconds=1, pdf_standards=())
    assert "after 1 seconds" in fault.sentence
    assert process.typst({"main.typ": hang.replace(b"9999", b"9")}, {}, pdf_standards=())


@LINUX
def test_a_program_that_takes_too_much_memory_is_stopped_and_one_that_takes_little_is_not() -> None:
    code = "bytearray({} << 20)"
    process.run("The test", python(code.format(20)), megabytes=200)
    # The traceback is Python's own here: the programs that we start say it in a line.
    with pytest.raises(ProgramFailed, match="needed more memory than it may use"):
        process.run("The test", python(code.format(400)), megabytes=200)


def test_pandoc_that_takes_too_much_memory_is_stopped_and_has_enough_when_it_may_take_more() -> None:
    text = b"*a* " * 80_000
    fault = failure(process.pandoc, [*MARKDOWN, "--to=html"], text, megabytes=32)
    assert "needed more memory than it may use" in fault.sentence
    assert "Heap exhausted" in fault.detail  # its own limit, which holds on every system
    assert process.pandoc([*MARKDOWN, "--to=html"], text).count(b"<em>") == 80_000


@LINUX
def test_typst_that_takes_too_much_memory_is_stopped() -> None:
    fault = failure(process.typst, {"main.typ": b"#let a = range(100000000)"}, {}, megabytes=512)
    assert "needed more memory than it may use" in fault.sentence


@POSIX
def test_a_program_that_crashes_is_told_in_plain_words() -> None:
    fault = failure(process.run, "The test", python("import os; os.abort()"))
    assert fault.sentence == "The test broke off in the middle of its work."
    assert "SIGABRT" in fault.detail


def test_a_program_that_refuses_is_told_with_its_own_words() -> None:
    fault = failure(process.pandoc, ["--from=nonsense"], b"")
    assert fault.sentence == "pandoc could not do its part."
    assert "nonsense" in fault.detail


def test_a_program_that_may_not_start_is_told_with_its_path(tmp_path: Path) -> None:
    fault = failure(process.run, "The test", [str(tmp_path / "nothing-here")])
    assert fault.sentence == "This computer did not let The test start."
    assert "nothing-here" in fault.remedy


@pytest.mark.parametrize("module", ["pypandoc", "pygraphviz", "typst", "fontpkg_atkinson_hyperlegible"])
def test_a_wheel_that_is_missing_is_named_with_the_command_that_installs_it(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else find(name))
    work = {
        "pypandoc": lambda: process.pandoc([], b""),
        "pygraphviz": lambda: process.graphviz(DOT, ["svg"], {}),
        "typst": lambda: process.typst({}, {}),
    }.get(module, process.fonts)
    fault = failure(work)
    assert "is not installed" in fault.sentence
    assert "pip install" in fault.remedy


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "C:x", r"..\x", "", "a\0b"])
def test_no_file_is_written_outside_the_programs_folder(name: str) -> None:
    fault = failure(process.run, "The test", python("pass"), files={name: b""})
    assert "out of its folder" in fault.sentence


def test_nothing_is_left_in_the_folder_of_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    process.run("The test", python("open('made', 'w').write('x')"))
    failure(process.run, "The test", python("import time; time.sleep(9)"), seconds=0.2)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_told_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert "working files" in failure(process.pandoc, MARKDOWN, b"words").sentence


# ---------------------------------------------------------------- a program is alone


def test_nothing_of_our_environment_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_OURS", "hush")
    monkeypatch.setenv("GHCRTS", "-M1m")
    seen = process.run("The test", python("import os; print(sorted(os.environ))")).output
    assert b"SECRET_OF_OURS" not in seen
    assert b"GHCRTS" not in seen
    assert b"LC_ALL" in seen


def test_a_picture_in_a_local_file_never_lands_in_a_document_and_one_in_the_text_does(tmp_path: Path) -> None:
    drawn = process.graphviz("digraph { a }", ["png"], process.fonts())["png"]
    (tmp_path / "private.png").write_bytes(drawn)
    text = f"![]({tmp_path / 'private.png'})".encode()
    fault = failure(process.pandoc, [*MARKDOWN, "--to=docx"], text)
    assert "private.png" in fault.detail
    inline = process.pandoc([*MARKDOWN, "--to=docx"], b"![](data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=)")
    assert any(name.startswith("word/media/") for name in zipfile.ZipFile(io.BytesIO(inline)).namelist())


def test_pandoc_reads_the_files_it_is_given() -> None:
    reader = b"function Reader(input) return pandoc.read(tostring(input):upper(), 'commonmark') end"
    made = process.pandoc(["--from=loud.lua", "--to=html"], b"*quiet*", files={"loud.lua": reader})
    assert made.strip() == b"<p><em>QUIET</em></p>"


def test_pandoc_reads_no_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (tmp_path / ".pandoc", tmp_path / ".local/share/pandoc", tmp_path / "pandoc"):
        (folder / "templates").mkdir(parents=True)
        (folder / "templates" / "default.html5").write_text("POISONED $body$")
    for name in ("HOME", "APPDATA", "XDG_DATA_HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    arguments = [*MARKDOWN, "--to=html", "--standalone", "--metadata=title:x"]
    assert b"POISONED" not in process.pandoc(arguments, b"words")
    # The other side: an unguarded pandoc does read it.
    bare = subprocess.run([process._pandoc(), *arguments], input=b"words", capture_output=True, check=True)
    assert b"POISONED" in bare.stdout


def test_typst_reads_nothing_beside_the_files_it_is_given() -> None:
    for outside in ("../fonts.conf", "/etc/hostname", "../home"):
        fault = failure(process.typst, {"main.typ": f'#read("{outside}")'.encode()}, {})
        assert "error: " in fault.detail


# ---------------------------------------------------------------- Graphviz and Typst say what is wrong


def test_a_figure_is_drawn_in_each_format_that_is_asked_for() -> None:
    made = process.graphviz(DOT, ["svg", "png", "svg:cairo"], process.fonts(), dpi=300)
    assert list(made) == ["svg", "png", "svg:cairo"]
    assert b">Savings</text>" in made["svg"]
    assert b"Savings" not in made["svg:cairo"]  # its letters are outlines
    smaller = process.graphviz(DOT, ["png"], process.fonts(), dpi=75)["png"]
    wide, narrow = (int.from_bytes(png[16:20], "big") for png in (made["png"], smaller))
    assert wide == pytest.approx(4 * narrow, abs=4)


@pytest.mark.parametrize("formats", list(permutations(["svg", "svg:cairo", "png"])))
def test_a_figure_is_the_same_whatever_it_is_drawn_with(formats: tuple[str, ...], alone: dict[str, bytes]) -> None:
    together = process.graphviz(DOT, formats, process.fonts())
    assert tuple(together) == formats
    assert together == alone


@pytest.fixture(scope="module")
def alone() -> dict[str, bytes]:
    """The figure in each format, each drawn by a process of its own."""
    formats = ("svg", "svg:cairo", "png")
    return {name: process.graphviz(DOT, [name], process.fonts())[name] for name in formats}


def test_a_box_without_a_label_shows_its_name() -> None:
    assert b">b</text>" in process.graphviz(DOT, ["svg"], process.fonts())["svg"]


def test_letters_come_from_the_fonts_we_give() -> None:
    ours = process.fonts()
    bold = {"only.ttf": ours["AtkinsonHyperlegible-Bold.ttf"]}
    drawn = [process.graphviz(DOT, ["svg:cairo"], files)["svg:cairo"] for files in (ours, bold)]
    assert drawn[0] != drawn[1]


def test_we_outlive_a_graphviz_that_ends_its_own_process() -> None:
    weights = "digraph { a -> b -> c [weight=2147483647]; a -> c [weight=2147483647]; c -> b }"
    fault = failure(process.graphviz, weights, ["svg"], process.fonts())
    assert "overflow" in fault.detail
    assert process.graphviz(weights.replace("2147483647", "9"), ["svg"], process.fonts())


@pytest.mark.parametrize(
    "dot",
    ["digraph { a [", "digraph { a [label=<<b>x>] }", "digraph { a [shape=nonsense] }", "words"],
)
def test_a_figure_that_graphviz_grumbles_about_is_not_drawn(dot: str) -> None:
    assert failure(process.graphviz, dot, ["svg"], process.fonts()).detail


def test_typst_makes_a_pdf_and_a_picture_of_each_page() -> None:
    assert compiled("words").startswith(b"%PDF-")
    two = {"main.typ": b"one\n#pagebreak()\ntwo"}
    assert [page[:4] for page in process.typst(two, {}, format="png")] == [b"\x89PNG"] * 2
    assert [page[:4] for page in process.typst(two, {}, format="svg")] == [b"<svg"] * 2


def test_a_missing_font_or_letter_is_a_fault_and_not_a_substitute() -> None:
    for name in ("No Such Font", "DejaVu Sans", "Arial"):  # some machines have these, and it makes no difference
        font = {"main.typ": f'#set text(font: "{name}")\nwords'.encode()}
        assert "unknown font family" in failure(process.typst, font, {}, pdf_standards=()).detail
    assert "could not be displayed" in failure(compiled, "\U00012000").detail


# ---------------------------------------------------------------- the same bytes


BYTES = """
import hashlib, sys
from pipeline import process
fonts = process.fonts()
made = [process.pandoc(["--from=commonmark", "--to=docx"], b"# Words")]
made += process.graphviz(sys.argv[1], ["svg", "svg:cairo", "png"], fonts).values()
files = {"main.typ": sys.argv[2].encode(), "document.json": b'"words"'}
made.append(process.typst(files, fonts, timestamp=1338508800))
print(*(hashlib.sha256(each).hexdigest() for each in made), process.fingerprint("report", ["words"]))
"""


def test_the_same_input_gives_the_same_bytes_whatever_the_time_zone_language_home_or_hash_seed(
    tmp_path: Path,
) -> None:
    def made(**environment: str) -> list[str]:
        variables = {**os.environ, "PYTHONPATH": str(Path(process.__file__).parents[1]), **environment}
        command = [sys.executable, "-c", BYTES, DOT, TEMPLATE.decode()]
        return subprocess.run(command, env=variables, capture_output=True, check=True, text=True).stdout.split()

    here = made(TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    there = made(TZ="Pacific/Auckland", LC_ALL="de_DE.UTF-8", PYTHONHASHSEED="2", HOME=str(tmp_path))
    assert len(here) == 6
    assert here == there


def test_the_date_is_the_one_handed_in_and_never_the_clocks() -> None:
    docx = process.pandoc([*MARKDOWN, "--to=docx"], b"words")
    assert b"1970-01-01T" in zipfile.ZipFile(io.BytesIO(docx)).read("docProps/core.xml")
    first, second = (compiled("words", timestamp=seconds) for seconds in (0, 1338508800))
    assert b"D:19700101" in first
    assert b"D:20120601" in second


def test_the_versions_name_each_program() -> None:
    found = process.versions()
    assert {"pandoc", "python", "typst", "pygraphviz", "pypandoc_binary"} <= set(found)
    assert all(number[0].isdigit() for number in found.values())


def test_the_programs_are_not_loaded_before_they_are_needed() -> None:
    late = {"pypandoc", "pygraphviz", "typst", "importlib.metadata"}
    code = f"import sys, pipeline.process; print(*{late} & set(sys.modules))"
    variables = {**os.environ, "PYTHONPATH": str(Path(process.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, check=True)
    assert done.stdout.strip() == b""


# ---------------------------------------------------------------- what was made before


def record(memory: Memory) -> list[tuple[str, bool, str]]:
    return [(each.what, each.made, each.why) for each in memory.record]


def forbidden() -> bytes:
    raise AssertionError("this was made before")


def test_what_was_made_from_the_same_parts_is_remembered_in_the_next_build_too() -> None:
    store: dict[str, bytes] = {}
    first, second = Memory(store), Memory(store)
    assert first.remembered("figure", ["a", b"b"], lambda: b"drawn") == b"drawn"
    assert second.remembered("figure", ["a", b"b"], forbidden) == b"drawn"
    assert record(first) == [("figure", True, "new")]
    assert record(second) == [("figure", False, "same")]


@pytest.mark.parametrize(
    ("what", "parts"),
    [
        ("other", ["ab", "c"]),
        ("figure", ["a", "bc"]),
        ("figure", ["abc"]),
        ("figure", ["ab", "c", ""]),
        ("figure", ["c", "ab"]),
        ("figurea", ["b", "c"]),
    ],
)
def test_what_was_made_from_other_parts_is_not_taken_for_it(what: str, parts: list[bytes | str]) -> None:
    memory = Memory({})
    memory.remembered("figure", ["ab", "c"], lambda: b"one")
    assert memory.remembered(what, parts, lambda: b"two") == b"two"


PARTS = st.lists(st.text(max_size=3), max_size=4)


@given(PARTS, PARTS)
def test_two_fingerprints_are_the_same_only_for_the_same_parts(one: list[str], two: list[str]) -> None:
    same = process.fingerprint("figure", one) == process.fingerprint("figure", two)
    assert same == (one == two)


@pytest.mark.parametrize("program", ["code", "wheels"])
def test_what_other_code_or_another_program_made_is_made_again(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory({})
    memory.remembered("figure", [], lambda: b"old")
    if program == "code":
        monkeypatch.setattr(process, "_code", lambda: "other")
    else:
        monkeypatch.setattr(process, "_wheels", lambda: {"typst": "99"})
    assert memory.remembered("figure", [], lambda: b"new") == b"new"


@given(value=st.binary(max_size=20), at=st.integers(0, 60), flip=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_memory_is_made_again(value: bytes, at: int, flip: int, cut: bool) -> None:
    store: dict[str, bytes] = {}
    memory = Memory(store)
    memory.remembered("figure", [], lambda: value)
    (key, kept), at = next(iter(store.items())), at % len(next(iter(store.values())))
    store[key] = kept[:at] if cut else kept[:at] + bytes([kept[at] ^ flip]) + kept[at + 1 :]
    assert memory.remembered("figure", [], lambda: b"again") == b"again"
    assert memory.remembered("figure", [], forbidden) == b"again"
    assert [why for _, _, why in record(memory)] == ["new", "damaged", "same"]


def test_a_memory_of_something_else_is_not_taken_for_it() -> None:
    store: dict[str, bytes] = {}
    Memory(store).remembered("cover", [], lambda: b"cover")
    store[process.fingerprint("figure", [])] = next(iter(store.values()))
    assert Memory(store).remembered("figure", [], lambda: b"figure") == b"figure"


def test_threads_that_ask_for_the_same_make_it_once_and_others_do_not_wait() -> None:
    memory = Memory({})
    meet = threading.Barrier(2, timeout=5)
    made: list[str] = []

    def ask(what: str) -> None:
        def make() -> bytes:
            made.append(what)
            meet.wait()  # two different things are being made at the same time, or this breaks
            return what.encode()

        assert memory.remembered(what, [], make) == what.encode()

    threads = [threading.Thread(target=ask, args=(what,)) for what in ("docx", "pdf") * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == ["docx", "pdf"]
    for what in ("docx", "pdf"):
        seen = sorted(each for each in record(memory) if each[0] == what)
        assert seen == [(what, False, "same")] * 7 + [(what, True, "new")]


def test_a_failure_is_not_remembered() -> None:
    memory = Memory({})

    def fail() -> bytes:
        raise ProgramFailed("The test", "It broke.", "Mend it.")

    with pytest.raises(ProgramFailed):
        memory.remembered("figure", [], fail)
    assert memory.remembered("figure", [], lambda: b"drawn") == b"drawn"
    assert record(memory) == [("figure", True, "new")]


def test_three_programs_run_side_by_side_and_each_gets_its_own() -> None:
    results: dict[int, bytes] = {}

    def work(number: int) -> None:
        results[number] = process.pandoc([*MARKDOWN, "--to=plain"], f"word {number}".encode())

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: text.strip() for number, text in results.items()} == {n: f"word {n}".encode() for n in range(6)}

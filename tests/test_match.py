"""Promises of matching: what is proposed, what never is, and that every machine says the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from points import points

from pipeline.match import proposals as room
from pipeline.match.index import Index, build_index, nearest_in
from pipeline.match.neighbours import MOST_DIMENSIONS, neighbours, neighbours_by_cells
from pipeline.match.proposals import FLOOR, Comparison, compare, compare_all, propose, strength
from pipeline.match.static import StaticVectors
from pipeline.match.tfidf import TfIdf, bags, nearest, rare
from pipeline.match.units import Unit, sentences, unit, units
from pipeline.model import LearningPoint, Markdown

CLAIM = "Large prime providers should be required to pay subcontractors within 30 days."
OTHERS = (
    "Pooled budgets made it easier to share savings between agencies.",
    "Small charities rarely have the time to answer a long questionnaire.",
    "Localism cannot be clearly defined and is interpreted differently by each council.",
    "The voice of the service user is lost where decisions are taken far from delivery.",
)


@cache
def static() -> StaticVectors:
    spec = find_spec("wordllama")
    assert spec is not None
    assert spec.origin is not None
    root = Path(spec.origin).parent
    return StaticVectors(
        (root / "tokenizers" / "l2_supercat_tokenizer_config.json").read_bytes(),
        (root / "weights" / "l2_supercat_256.safetensors").read_bytes(),
    )


@cache
def made(count: int) -> tuple[Unit, ...]:
    return tuple(unit(p.id, p.session, p.statement, p.record) for p in points(count)[0])


def pairs(proposals: list[room.Proposal]) -> set[frozenset[str]]:
    return {frozenset((p.a, p.b)) for p in proposals}


# The texts that are compared.


def test_marks_are_taken_away_and_no_word_is_lost() -> None:
    text = (
        "# Costs\n\nIt was agreed, e.g. by Mr. Smith, that **costs** rose (see Fig. 2). Nobody paid. “Why?” Yes!\n\n"
        "- one _item_ with a [link](https://example.org/) here;\n- two\n  folded[^1]\n\n"
        "| Who | What |\n| --- | ---: |\n| a | 3 |\n\n[^1]: A note by J. Brown. In 2012. The end.\n\n"
        "First\n> Said by one."
    )
    assert sentences(text) == [
        "Costs",
        "It was agreed, e.g. by Mr. Smith, that costs rose (see Fig. 2).",
        "Nobody paid.",
        "“Why?”",
        "Yes!",
        "one item with a link here;",
        "two folded",
        "Who, What",
        "a, 3",
        "A note by J. Brown.",
        "In 2012.",
        "The end.",
        "First",
        "Said by one.",
    ]


@given(st.lists(st.text("abcXYZ019.!?’”", min_size=1, max_size=8), max_size=30))
def test_sentences_hold_every_word_in_order(words: list[str]) -> None:
    text = " ".join(words)
    marks = str.maketrans("", "", " .")  # the figure and full stop of a list's item are a mark
    assert "".join(sentences("So: " + text)).translate(marks) == ("So: " + text).translate(marks)


def test_points_under_one_another_are_one_passage_and_points_of_their_own() -> None:
    under = LearningPoint("2.1.3", "c", 2, "Under.", Markdown("R.", "R."), "t", parent="2.1")
    over = LearningPoint("2.1", "o", 2, "Over.", Markdown("S.", "S."), "t", points=(under,))
    made = units(over.walk())
    assert [(u.id, u.session, u.passage) for u in made] == [("2.1", 2, "2.1"), ("2.1.3", 2, "2.1")]
    assert made[0].sentences == ("Over.", "S.")
    assert made[0].text == "Over. S."


def test_a_text_of_very_many_sentences_is_compared_in_few_and_whole() -> None:
    long = unit("1.1", 1, "", " ".join(f"Matter {number} was agreed." for number in range(1_000)))
    assert len(long.sentences) == 200
    assert " ".join(long.sentences) == long.text
    assert "Matter 999 was" in long.text


# Neighbours: exact.

small = st.integers(-127, 127)


@given(
    st.integers(1, 40).flatmap(lambda n: st.lists(st.lists(small, min_size=3, max_size=3), min_size=n, max_size=n)),
    st.integers(1, 8),
)
def test_neighbours_are_the_best_of_all_in_order_and_ties_go_to_the_first(rows: list[list[int]], k: int) -> None:
    vectors = np.array(rows, np.int8)
    indices, scores = neighbours(vectors, k=k)
    products = vectors.astype(int) @ vectors.astype(int).T
    for at in range(len(rows)):
        wanted = sorted((other for other in range(len(rows)) if other != at), key=lambda o: (-products[at, o], o))[:k]
        assert indices[at].tolist() == wanted + [-1] * (k - len(wanted))
        assert scores[at, : len(wanted)].tolist() == [products[at, other] for other in wanted]
    asked, _ = neighbours(vectors, vectors[:2], k)
    for at in range(min(2, len(rows))):
        wanted = sorted(range(len(rows)), key=lambda o: (-products[at, o], o))[:k]
        assert asked[at].tolist() == wanted + [-1] * (k - len(wanted))


def _cloud(count: int, dimensions: int = 16) -> np.ndarray:
    chance = np.random.default_rng(7)
    cloud = chance.normal(size=(40, dimensions))[chance.integers(0, 40, count)] + chance.normal(
        size=(count, dimensions)
    )
    return np.rint(127 * cloud / np.linalg.norm(cloud, axis=1)[:, None]).astype(np.int8)


def test_many_tiles_give_what_one_product_gives() -> None:
    cloud = _cloud(6_000)
    cloud[5_000:5_020] = cloud[3]  # ties over the borders of tiles
    indices, scores = neighbours(cloud, k=5)
    for at in (0, 3, 1_023, 1_024, 4_999, 5_005, 5_999):
        products = cloud.astype(int) @ cloud[at].astype(int)
        wanted = sorted((o for o in range(len(cloud)) if o != at), key=lambda o: (-products[o], o))[:5]
        assert indices[at].tolist() == wanted
        assert scores[at].tolist() == [products[o] for o in wanted]


def test_cells_find_nearly_all_neighbours_and_only_true_products() -> None:
    cloud = _cloud(3_000)
    exact, _ = neighbours(cloud, k=5)
    indices, scores = neighbours_by_cells(cloud, k=5)
    products = np.einsum("ij,ikj->ik", cloud.astype(int), cloud[indices].astype(int))
    assert (products == scores).all()
    assert not (indices == np.arange(len(cloud))[:, None]).any()
    assert np.mean([len({*a} & {*b}) for a, b in zip(exact.tolist(), indices.tolist(), strict=True)]) > 4.5


def test_vectors_that_could_be_inexact_are_refused() -> None:
    for wrong in (np.zeros((2, 3), np.int16), np.zeros((2, MOST_DIMENSIONS + 1), np.int8), np.zeros(3, np.int8)):
        with pytest.raises(ValueError, match="at most"):
            neighbours(wrong)


# Engines.


def test_static_vectors_are_those_of_the_words_whatever_stands_beside_them() -> None:
    texts = [CLAIM, *OTHERS, "", "   ", "Ünï\ud800code 漢字 🙂", CLAIM.replace(" ", "\n ")]
    vectors = static().vectors(texts)
    assert vectors.dtype == np.int8
    assert vectors.shape == (len(texts), 128)
    assert (vectors[0] == vectors[-1]).all()
    assert not vectors[5].any()
    assert not vectors[6].any()
    assert vectors[7].any()
    for text, vector in zip(texts, vectors, strict=True):
        assert (static().vectors([text])[0] == vector).all()
    lengths = np.sqrt((vectors[:5].astype(float) ** 2).sum(axis=1))
    assert np.abs(lengths - 127).max() < 5


def test_static_vectors_are_wordllamas_own_first_128_dimensions() -> None:
    from safetensors.numpy import load
    from tokenizers import Tokenizer

    spec = find_spec("wordllama")
    assert spec is not None
    assert spec.origin is not None
    root = Path(spec.origin).parent
    (table,) = load((root / "weights" / "l2_supercat_256.safetensors").read_bytes()).values()
    tokenizer = Tokenizer.from_file(str(root / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    for text, vector in zip((CLAIM, *OTHERS), static().vectors((CLAIM, *OTHERS)), strict=True):
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        mean = table[ids, :128].astype(np.float64).mean(axis=0)
        assert np.abs(127 * mean / np.linalg.norm(mean) - vector).max() < 0.6


@pytest.mark.parametrize("files", [(b"", b""), (b"{}", b"{}"), (b"x" * 40, b"\xff" * 40)])
def test_files_that_are_no_model_are_named_as_such(files: tuple[bytes, bytes]) -> None:
    with pytest.raises(ValueError, match="these bytes are no"):
        StaticVectors(*files)


def test_likeness_by_words_is_one_for_equal_words_and_none_for_strangers() -> None:
    found = bags([CLAIM, "pay SUBCONTRACTOR Within 30 days! Prime provider require, large: be to should.", "Xyzzy."])
    weights = TfIdf(found.stems, np.zeros(len(found.stems), int), 0).words_and_letters(found.counts)
    likeness = (weights @ weights.T).todense() / 2**24
    assert abs(likeness[0, 1] - 1) < 0.01
    assert likeness[0, 2] == 0


def test_the_nearest_by_words_are_the_best_products_in_order() -> None:
    found = bags([u.text for u in made(120)])
    weights = TfIdf(found.stems, np.bincount(found.counts.indices, minlength=len(found.stems)), 120).words(found.counts)
    indices, scores = nearest(weights, k=6)
    products = np.asarray((weights @ weights.T).todense())
    for at in range(120):
        wanted = sorted((o for o in range(120) if o != at and products[at, o]), key=lambda o: (-products[at, o], o))[:6]
        assert indices[at].tolist() == wanted
        assert scores[at].tolist() == [products[at, o] for o in wanted]


def test_a_bound_on_work_leaves_out_the_commonest_words_and_keeps_to_it() -> None:
    found = bags([u.text for u in made(200)])
    weights = TfIdf(found.stems, np.zeros(len(found.stems), int), 0).words(found.counts)
    held = np.bincount(weights.indices, minlength=weights.shape[1])
    for work in (0, 500, 50_000, 10**9):
        kept = rare(weights, work)
        now = np.bincount(kept.indices, minlength=weights.shape[1])
        assert (now**2).sum() <= work
        assert work < 10**9 or kept.nnz == weights.nnz
        left_out, kept_in = held[(held > 0) & (now == 0)], held[now > 0]
        assert not len(left_out) or not len(kept_in) or kept_in.max() < left_out.min()


# Proposals.


def test_a_long_record_that_contains_the_claim_is_found_with_its_sentence() -> None:
    record = " ".join((*OTHERS, "It was agreed that " + CLAIM[0].lower() + CLAIM[1:], *reversed(OTHERS)))
    unlike = [unit(f"3.{n}", 3, other, other) for n, other in enumerate(OTHERS, 1)]
    found = propose(
        [unit("1.1", 1, CLAIM, ""), unit("2.1", 2, "Payment was discussed at length.", record), *unlike], [static()]
    )
    best = next(p for p in found if {p.a, p.b} == {"1.1", "2.1"})
    assert best.score > 0.75
    assert best.sentence_a == CLAIM
    assert best.sentence_b.startswith("It was agreed that large prime providers")
    assert {"subcontractors", "prime", "30"} <= set(best.shared)


def test_a_proposal_says_why() -> None:
    against = "Large prime providers should not be required to pay subcontractors within 45 days."
    (found,) = propose([unit("1.1", 1, CLAIM, ""), unit("2.1", 2, against, "")], [static()])
    assert (found.a, found.b) == ("1.1", "2.1")
    assert found.strength == strength(found.score)
    assert found.score >= FLOOR
    assert found.only_a == ("30",)
    assert found.only_b == ("45",)
    assert {"negation", "number"} <= {guard.kind for guard in found.guards}
    assert found.engines == ("tfidf", "static")


def test_what_is_unlike_is_not_proposed() -> None:
    assert propose([unit(f"{n}.1", n, text, "") for n, text in enumerate(OTHERS, 1)], [static()]) == []
    assert propose([], []) == []
    assert propose([unit("1.1", 1, CLAIM, CLAIM)], [static()]) == []


def test_a_pair_of_two_sessions_comes_before_one_of_a_session() -> None:
    same = [unit("1.1", 1, CLAIM, ""), unit("1.2", 1, CLAIM, ""), unit("2.1", 2, CLAIM, "")]
    found = propose(same, [static()])
    assert [(p.a, p.b) for p in found] == [("1.1", "2.1"), ("1.2", "2.1"), ("1.1", "1.2")]
    assert len({p.score for p in found}) == 1


@settings(deadline=None, max_examples=10)
@given(st.data())
def test_order_does_not_matter_and_nothing_closed_is_proposed(data: st.DataObject) -> None:
    some = [*made(160)[:30], *made(160)[120:]]
    some += [replace(u, id=f"{u.id}.1") for u in some[:10]]  # points under points, in the same words
    ids = [u.id for u in some]
    finding = data.draw(st.dictionaries(st.sampled_from(ids), st.sampled_from(ids[:6]), max_size=20))
    names = sorted({finding.get(id, id) for id in ids})
    open_ = propose(some, [static()], finding, most=40)
    closed = data.draw(st.sets(st.sampled_from([frozenset(finding.get(id, id) for id in (p.a, p.b)) for p in open_])))
    closed |= {frozenset(("nobody", names[0]))}
    most = data.draw(st.integers(1, 40))

    found = propose(some, [static()], finding, closed, most)
    shuffled = propose(data.draw(st.permutations(some)), [static()], finding, closed, most)

    assert found == shuffled
    assert len(found) <= most
    passage = {u.id: u.passage for u in some}
    told = [frozenset((finding.get(p.a, p.a), finding.get(p.b, p.b))) for p in found]
    assert len(set(told)) == len(told)
    assert all(len(pair) == 2 for pair in told)
    assert not closed & set(told)
    assert all(passage[p.a] != passage[p.b] and p.score >= FLOOR for p in found)
    assert all(pair in pairs(open_) for pair in pairs(found)) or most + len(closed) > 40 or len(open_) == 40


def test_a_settled_pair_makes_room_for_the_next() -> None:
    every = propose(made(160), [static()], most=30)
    first = frozenset((every[0].a, every[0].b))
    assert propose(made(160), [static()], settled={first}, most=29) == every[1:]


def test_planted_edits_and_contradictions_are_found_and_contradictions_labelled() -> None:
    given_, planted = points(400)
    found = propose([unit(p.id, p.session, p.statement, p.record) for p in given_], [static()], most=300)
    by_pair = {frozenset((p.a, p.b)): p for p in found}
    wanted = [p for p in planted if p.kind != "paraphrase"]
    assert wanted
    assert all(frozenset((p.a, p.b)) in by_pair for p in wanted)
    denied = [by_pair[frozenset((p.a, p.b))] for p in planted if p.kind == "contradiction"]
    assert sum(bool(p.guards) for p in denied) >= 0.8 * len(denied)


def test_cells_and_bounds_on_work_lose_little(monkeypatch: pytest.MonkeyPatch) -> None:
    every = pairs(propose(made(250), [static()], most=40))
    for name, value in (("EXACT", 100), ("SENTENCES", 0), ("WORK", 50_000)):
        monkeypatch.setattr(room, name, value)
    assert len(every & pairs(propose(made(250), [static()], most=40))) >= 0.8 * len(every)


def test_progress_goes_up_to_the_whole() -> None:
    heard: list[tuple[int, int, str]] = []
    propose(made(120), [static()], tell=lambda *step: heard.append(step))
    assert [done for done, _, _ in heard] == sorted(done for done, _, _ in heard)
    assert heard[-1][0] == heard[-1][1]
    assert len({total for _, total, _ in heard}) == 1


# Two bare texts.


def mirrored(found: Comparison) -> Comparison:
    return replace(
        found,
        only_a=found.only_b,
        only_b=found.only_a,
        guards=tuple(guard.mirrored() for guard in found.guards),
    )


texts = st.one_of(
    st.sampled_from((CLAIM, *OTHERS, "", "No.", "The " + CLAIM[0].lower() + CLAIM[1:])),
    st.lists(st.sampled_from(CLAIM.split() + OTHERS[0].split() + ["not", "45", "few"]), max_size=25).map(" ".join),
    st.text(max_size=30),
)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_comparing_is_symmetric_and_each_pair_stands_alone(several: list[tuple[str, str]]) -> None:
    together = compare_all(several, [static()])
    for (a, b), found in zip(several, together, strict=True):
        assert compare(a, b, [static()]) == found
        turned = compare(b, a, [static()])
        assert replace(turned, apart_from=()) == replace(mirrored(found), apart_from=())
        assert sorted(turned.apart_from) == sorted(found.apart_from)
        assert not (found.merged and found.proposed)
        assert 0 <= found.score <= 1


def test_a_light_edit_merges_and_a_paraphrase_is_proposed_and_strangers_are_neither() -> None:
    edit = compare(
        CLAIM,
        "It was agreed that large prime providers should be required to pay subcontractors within 30 days",
        [static()],
    )
    assert edit.merged
    assert not edit.proposed
    assert edit.score > 0.8
    said_again = compare(
        CLAIM, "Prime contractors should have to settle subcontractor invoices inside 30 days.", [static()]
    )
    assert said_again.proposed
    assert not said_again.merged
    stranger = compare(CLAIM, OTHERS[2], [static()])
    assert not stranger.merged
    assert not stranger.proposed


def test_a_text_that_contains_the_other_is_proposed() -> None:
    assert compare(" ".join((*OTHERS, CLAIM)), CLAIM, [static()]).proposed


# Remembering many.


def test_an_index_comes_back_as_it_was_and_finds_what_comparing_finds() -> None:
    known, new = made(400)[:350], made(400)[350:]
    index = Index.from_bytes(build_index(known, [static()]).to_bytes())
    assert index.to_bytes() == build_index(tuple(reversed(known)), [static()]).to_bytes()
    found = nearest_in(index, new, [static()], 3)
    assert found == nearest_in(index, tuple(reversed(new)), [static()], 3)
    again = {frozenset((p.a, p.b)) for p in points(400)[1] if p.kind != "paraphrase"}
    wanted = {pair for pair in again if any(u.id in pair for u in new) and any(u.id in pair for u in known)}
    assert wanted
    assert wanted <= {frozenset((a, b)) for a, b, _ in found}
    assert all(0 <= score <= 1 for _, _, score in found)
    assert len(found) <= 3 * len(new)
    with pytest.raises(ValueError, match="build it again"):
        nearest_in(index, new, [])


def test_an_index_that_is_damaged_is_refused() -> None:
    whole = build_index(made(120)[:5], []).to_bytes()
    for damaged in (b"", whole[:-1], whole[:200] + b"?" + whole[201:], b"x" + whole):
        with pytest.raises(ValueError, match="damaged"):
            Index.from_bytes(damaged)


def test_a_database_is_matched_as_the_points_are() -> None:
    duckdb = pytest.importorskip("duckdb")
    from pipeline.match.duck import match_in

    given_ = points(150)[0]
    connection = duckdb.connect()
    connection.execute("CREATE TABLE points(id VARCHAR, session INTEGER, statement VARCHAR, record VARCHAR)")
    rows = [(p.id, p.session, p.statement, p.record) for p in given_]
    hostile = ("9.1", 9, "'); DROP TABLE points; --", f"The {rows[0][3]}")
    connection.executemany("INSERT INTO points VALUES (?, ?, ?, ?)", [*rows, hostile, ("9.2", 9, None, None)])
    for _ in range(2):  # a second run replaces the first
        found = match_in(connection, [static()], most=20)
    told = connection.execute("SELECT a, b, score FROM proposals ORDER BY rowid").fetchall()
    assert told == [(p.a, p.b, p.score) for p in found]
    assert len(found) == 20
    assert connection.execute("SELECT count(*) FROM points").fetchone() == (152,)
    assert connection.execute("SELECT finding, id FROM same_words ORDER BY id").fetchall() == [
        ("1.1", "1.1"),
        ("1.1", "9.1"),
    ]
    assert frozenset(("1.1", "9.1")) not in pairs(found)
    assert connection.execute("SELECT count(*), count(DISTINCT a) FROM neighbours").fetchone() == (152 * 10, 152)


# The same everywhere.

_CHILD = """
import hashlib, sys
sys.path[:0] = {path!r}
from test_match import made, static
from pipeline.match import proposals
from pipeline.match.neighbours import neighbours, neighbours_by_cells
some = list(made(300))[::{step}]
vectors = static().vectors([u.text for u in made(300)])
told = repr(proposals.propose(some, [static()], most=80)).encode() + vectors.tobytes()
for indices, scores in (neighbours(vectors, k=7), neighbours_by_cells(vectors, k=7)):
    told += indices.tobytes() + scores.tobytes()
print(hashlib.sha256(told).hexdigest())
"""


def test_threads_order_and_hash_seeds_change_nothing() -> None:
    here = Path(__file__).parent
    said = set()
    for threads, step, seed in (("1", 1, "1"), ("2", -1, "2")):
        code = _CHILD.format(path=[str(here), str(here.parent)], step=step)
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
        environment = os.environ | dict.fromkeys(names, threads) | {"PYTHONHASHSEED": seed}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        said.add(run.stdout)
    assert len(said) == 1


def test_the_same_seed_gives_the_same_points_and_more_of_them_begin_alike() -> None:
    short, planted = points(200)
    long, more = points(300)
    assert long[:200] == short
    assert more[: len(planted)] == planted
    assert points(200, seed=1)[0] != short
    told = json.dumps([[p.id, p.statement, p.record] for p in short])
    assert points(200) == (short, planted)
    assert "{" not in told.replace("[{", "")
    lengths = [len(p.record.split()) for p in short]
    assert 20 < min(lengths) < 40 < sum(lengths) / 200 < 100 < max(lengths)
    assert {p.kind for p in more} == {"edit", "paraphrase", "contradiction"}

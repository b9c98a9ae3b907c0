"""What may be relied on of sentence vectors: they are the model's, they depend on the text alone, each is made once."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from safetensors.numpy import load, save
from tokenizers import Tokenizer

from pipeline import workspace
from pipeline.match import minilm
from pipeline.match.minilm import MiniLM
from pipeline.match.remembered import AT_ONCE, Remembered

Array = NDArray[np.float32]

WORDS = ["the", "budget", "is", "held", "by", "central", "local", "government", "not", "board", "retained", "devolved"]
WORDS += ["savings", "2013", "café", ",", ".", "##s"]
TEXTS = [
    "The budget is held by local government.",
    "Savings: retained by the board, not devolved.",
    "the budget " * 400,
    "",
    "Café, 2013!",
    "unknown words only",
    "central",
]


# ---------------------------------------------------------------- a small model of the same make


@cache
def tiny() -> tuple[bytes, bytes]:
    """A tokeniser and random weights: two layers of 64 dimensions, more inputs to a sum than go into one block."""
    vocabulary = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])}
    mark = {name: {"id": name, "ids": [vocabulary[name]], "tokens": [name]} for name in ("[CLS]", "[SEP]")}
    first, last = ({"SpecialToken": {"id": name, "type_id": 0}} for name in ("[CLS]", "[SEP]"))
    tokenizer: dict[str, object] = {
        "version": "1.0",
        # What the real file says too, and what would be wrong here.
        "truncation": {"max_length": 8, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
        "padding": {
            "strategy": {"Fixed": 8}, "direction": "Right", "pad_to_multiple_of": None,
            "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]",
        },
        "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing", "single": [first, {"Sequence": {"id": "A", "type_id": 0}}, last],
            "pair": [], "special_tokens": mark,
        },
        "decoder": None,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary,
        },
    }  # fmt: skip
    drawn = itertools.count()

    def some(*shape: int, size: float = 1.0) -> Array:
        # numpy's own random numbers may be others with another version of it.
        octets = hashlib.shake_256(f"array {next(drawn)}".encode()).digest(math.prod(shape))
        whole = np.frombuffer(octets, np.int8).reshape(shape)
        return whole.astype(np.float32) * np.float32(round(size / 74 * 2**20) / 2**20)

    weights = {
        "embeddings.word_embeddings.weight": some(len(vocabulary), 64),
        "embeddings.position_embeddings.weight": some(512, 64, size=0.3),
        "embeddings.token_type_embeddings.weight": some(2, 64, size=0.3),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in ("encoder.layer.0.", "encoder.layer.1."):
        norms += [f"{layer}attention.output.LayerNorm", f"{layer}output.LayerNorm"]
        for name, outputs, inputs in (
            ("attention.self.query", 64, 64),
            ("attention.self.key", 64, 64),
            ("attention.self.value", 64, 64),
            ("attention.output.dense", 64, 64),
            ("intermediate.dense", 800, 64),
            ("output.dense", 64, 800),
        ):
            weights[f"{layer}{name}.weight"] = some(outputs, inputs, size=1.5 / math.sqrt(inputs))
            weights[f"{layer}{name}.bias"] = some(outputs, size=0.3)
    for name in norms:
        weights[f"{name}.weight"] = 1 + some(64, size=0.2)
        weights[f"{name}.bias"] = some(64, size=0.2)
    return json.dumps(tokenizer).encode(), save(weights)


@cache
def engine() -> MiniLM:
    return MiniLM(*tiny())


def by_the_book(files: tuple[bytes, bytes], text: str) -> NDArray[np.float64]:
    """BERT with mean pooling as its papers write it, in float64, a text and a head at a time."""
    tokenizer = Tokenizer.from_str(files[0].decode())
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    weights = {name: array.astype(np.float64) for name, array in load(files[1]).items()}

    def linear(name: str, state: NDArray[np.float64]) -> NDArray[np.float64]:
        return state @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(name: str, state: NDArray[np.float64]) -> NDArray[np.float64]:
        centred = state - state.mean(1, keepdims=True)
        normal: NDArray[np.float64] = centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-12)
        return normal * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    tokens = tokenizer.encode(text).ids
    state = weights["embeddings.word_embeddings.weight"][tokens]
    state = state + weights["embeddings.position_embeddings.weight"][: len(tokens)]
    state = norm("embeddings.LayerNorm", state + weights["embeddings.token_type_embeddings.weight"][0])
    layers = sum(name.endswith("intermediate.dense.bias") for name in weights)
    for at in (f"encoder.layer.{number}." for number in range(layers)):
        query, key, value = (linear(f"{at}attention.self.{name}", state) for name in ("query", "key", "value"))
        heads = []
        for start in range(0, state.shape[1], 32):
            head = slice(start, start + 32)
            scores = np.exp(query[:, head] @ key[:, head].T / math.sqrt(32))
            heads.append(scores / scores.sum(1, keepdims=True) @ value[:, head])
        gathered = linear(f"{at}attention.output.dense", np.concatenate(heads, axis=1))
        state = norm(f"{at}attention.output.LayerNorm", state + gathered)
        wide = linear(f"{at}intermediate.dense", state)
        wide = wide * (1 + np.vectorize(math.erf)(wide / math.sqrt(2))) / 2
        state = norm(f"{at}output.LayerNorm", state + linear(f"{at}output.dense", wide))
    mean = state.mean(0)
    return mean / np.linalg.norm(mean)  # type: ignore[no-any-return]


# ---------------------------------------------------------------- the vectors are the model's


@pytest.mark.parametrize("text", TEXTS)
def test_a_vector_is_the_model_s_own_up_to_rounding(text: str) -> None:
    (vector,) = engine().vectors([text])
    exact = by_the_book(tiny(), text) * 127
    assert vector.dtype == np.int8
    assert np.abs(vector - exact).max() < 1.0  # half a step of rounding, and less than that of arithmetic
    assert np.abs(vector - exact).mean() < 0.3  # rounding alone gives a quarter of a step


def test_texts_that_differ_have_vectors_that_differ() -> None:
    made = engine().vectors(["the budget is held", "the budget is not held", "held is the budget"])
    assert len({row.tobytes() for row in made}) == 3


def test_what_comes_after_256_tokens_does_not_count_and_what_comes_before_does() -> None:
    start = "the budget " * 127  # 254, and a mark at each end
    whole, longer, shorter = engine().vectors([start, f"{start} not local", start[: -len(" budget ")]])
    assert (whole == longer).all()
    assert (whole != shorter).any()


def test_no_text_is_refused() -> None:
    made = engine().vectors(["", " ", "\ud800", "\x00", "‮", "漢字", "x" * 10_000])
    assert made.shape == (7, 64)
    assert engine().vectors([]).shape == (0, 64)


@pytest.mark.parametrize("damage", ["tokenizer", "weights", "cut", "another"])
def test_bytes_that_are_no_model_are_refused(damage: str) -> None:
    tokenizer, weights = tiny()
    given = {
        "tokenizer": (b"{}", weights),
        "weights": (tokenizer, b"\xff" * 100),
        "cut": (tokenizer, weights[:-1]),
        "another": (tokenizer, save({"table": np.zeros((2, 2), np.float32)})),
    }
    with pytest.raises(ValueError, match="no tokeniser and weights"):
        MiniLM(*given[damage])


# ---------------------------------------------------------------- they depend on the text alone


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join), min_size=1, max_size=30), st.randoms())
def test_a_vector_does_not_depend_on_the_texts_beside_it(texts: list[str], random: object) -> None:
    alone = [engine().vectors([text])[0] for text in texts]
    together = engine().vectors(texts)
    backwards = engine().vectors(texts[::-1])[::-1]
    assert (together == np.stack(alone)).all()
    assert (backwards == together).all()


def test_many_texts_come_out_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [" ".join(WORDS[number % 7 : number % 11 + 7]) for number in range(40)]
    once = engine().vectors(texts)
    monkeypatch.setattr(minilm, "READ_AT_ONCE", 7)
    assert (engine().vectors(texts) == once).all()


def digest_elsewhere(**environment: str) -> str:
    """Return the digest of the vectors as another process makes them, with another BLAS or number of threads."""
    code = (
        "import hashlib, sys, tests.test_minilm as t\n"
        "print(hashlib.sha256(t.MiniLM(*t.tiny()).vectors(t.TEXTS).tobytes()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        cwd=os.path.dirname(os.path.dirname(__file__)),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_threads_and_kernels_and_vector_units_change_nothing() -> None:
    here = hashlib.sha256(engine().vectors(TEXTS).tobytes()).hexdigest()
    assert digest_elsewhere(OMP_NUM_THREADS="1", OPENBLAS_CORETYPE="Prescott") == here
    assert digest_elsewhere(OMP_NUM_THREADS="2", NPY_DISABLE_CPU_FEATURES="AVX2 FMA3") == here


def test_every_machine_gives_these_very_numbers() -> None:
    """The weights here are random, but the same everywhere; another digest means another ``ARITHMETIC``."""
    assert hashlib.sha256(engine().vectors(TEXTS).tobytes()).hexdigest() == PINNED


PINNED = "e895171f84b5169ccdc121067615aed379faaecc44c4737cb70930b49b1ebca6"


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 5), st.integers(1, minilm.WIDEST)),
        elements=st.floats(-1000, 1000, width=32),
        fill=st.one_of(st.just(0.0), st.floats(-1000, 1000, width=32)),
    )
)
def test_no_sum_leaves_the_whole_numbers_that_float32_holds(weight: Array) -> None:
    whole, scale = minilm._whole_rows(weight)
    assert (whole == np.rint(whole)).all()
    assert (np.abs(whole.astype(np.float64)).sum(0) * minilm.INPUT <= 2**24).all()
    back = (whole * scale).T
    assert np.allclose(back, weight, atol=np.abs(weight).max(initial=0) / 60 + 1e-30)  # less than that is nothing


def test_the_other_bounds_hold_too() -> None:
    assert minilm.HEAD * minilm.QUERY**2 <= 2**24
    assert (minilm.SHARE + minilm.LONGEST / 2) * minilm.ATTENDED <= 2**24
    assert minilm._FALLING.max() * minilm.LONGEST <= 2**24
    assert (np.rint(minilm._FALLING) == minilm._FALLING).all()


def test_the_tables_are_the_curves() -> None:
    falling = [math.exp(-n / minilm.STEPS) * 2**16 for n in range(len(minilm._FALLING) - 1)]
    assert np.abs(minilm._FALLING[:-1] - falling).max() <= 0.5001
    below = [math.erfc(-n / minilm.STEPS / math.sqrt(2)) / 2 for n in range(-6 * minilm.STEPS, 6 * minilm.STEPS + 1)]
    assert np.abs(minilm._BELOW - below).max() < 1e-7


# ---------------------------------------------------------------- the real model, where it was added


@cache
def real() -> tuple[bytes, bytes]:
    files = workspace.read_model()
    if files is None:
        pytest.skip("the model was not added on this computer (roundtable model add)")
    return files.tokenizer, files.weights


def test_the_real_model_gives_what_its_layers_say_by_the_book() -> None:
    texts = ["That is a happy person", "The board retains all savings.", "Commissioners, not providers, set the price."]
    made = MiniLM(*real()).vectors(texts) / 127
    exact = np.stack([by_the_book(real(), text) for text in texts])
    assert ((made * exact).sum(1) / np.linalg.norm(made, axis=1) > 0.997).all()


def test_the_real_model_puts_like_beside_like() -> None:
    texts = ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    made = MiniLM(*real()).vectors(texts).astype(np.int64)
    dog, very, sunny = made[1:] @ made[0] / 127**2
    # As PyTorch gives them, in float32.
    assert abs(dog - 0.695) < 0.02
    assert abs(very - 0.943) < 0.02
    assert abs(sunny - 0.257) < 0.02


# ---------------------------------------------------------------- each text once


class Counting:
    """An engine that notes what it is asked for: the vector is the text's length and its first letters."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def vectors(self, texts: Sequence[str]) -> NDArray[np.int8]:
        self.asked += texts
        rows = [[len(text) % 100, *(ord(char) % 100 for char in f"{text}      "[:5])] for text in texts]
        return np.array(rows, np.int8).reshape(len(texts), 6)


def never() -> Counting:
    raise AssertionError("the engine was loaded though nothing new was asked")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), max_size=12), max_size=6))
def test_what_is_remembered_is_what_the_engine_gives_and_no_text_is_computed_twice(runs: list[list[str]]) -> None:
    counting = Counting()
    kept: bytes | None = None
    for texts in runs:
        remembered = Remembered("e", "mark", lambda: counting, kept)
        assert (remembered.vectors(texts) == Counting().vectors(texts)).all()
        kept = remembered.keep()
    assert sorted(counting.asked) == sorted({text for texts in runs for text in texts})


def some(texts: Sequence[str], mark: str = "mark") -> bytes:
    remembered = Remembered("e", mark, Counting)
    remembered.vectors(texts)
    return remembered.keep()


def test_the_engine_is_not_loaded_when_nothing_is_new() -> None:
    kept = some(["one", "two"])
    asked = ["two", "one", "two"]
    assert (Remembered("e", "mark", never, kept).vectors(asked) == Counting().vectors(asked)).all()
    with pytest.raises(AssertionError):
        Remembered("e", "mark", never, kept).vectors(["three"])


def test_the_engine_is_loaded_once() -> None:
    loaded: list[Counting] = []

    def load() -> Counting:
        loaded.append(Counting())
        return loaded[-1]

    remembered = Remembered("e", "mark", load)
    for texts in (["one"], ["two"], [], [f"text {number}" for number in range(3 * AT_ONCE)]):
        remembered.vectors(texts)
    assert len(loaded) == 1


def test_another_mark_remembers_nothing() -> None:
    counting = Counting()
    Remembered("e", "other", lambda: counting, some(["one"])).vectors(["one"])
    assert counting.asked == ["one"]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_bytes_are_passed_over_and_never_give_a_wrong_vector(data: st.DataObject) -> None:
    texts = ["one", "two", "three"]
    kept = bytearray(some(texts))
    how = data.draw(st.sampled_from(["flip", "cut", "more", "swap"]))
    at = data.draw(st.integers(0, len(kept) - 1))
    if how == "flip":
        kept[at] ^= data.draw(st.integers(1, 255))
    elif how == "cut":
        del kept[at:]
    elif how == "more":
        kept += b"\0" * (at + 1)
    else:
        kept = kept[at:] + kept[:at] if at else bytearray()
    counting = Counting()
    made = Remembered("e", "mark", lambda: counting, bytes(kept)).vectors(texts)
    assert (made == Counting().vectors(texts)).all()
    assert counting.asked == texts


def test_what_was_not_used_for_longest_goes_first_and_the_bound_holds() -> None:
    kept = some(["older but used", "old", "middle"])
    remembered = Remembered("e", "mark", Counting, kept)
    remembered.vectors(["new", "older but used"])
    full = remembered.keep()
    row = 16 + 6
    smaller = remembered.keep(len(full) - 1)
    assert len(smaller) == len(full) - row
    for text in ("middle", "new", "older but used"):
        Remembered("e", "mark", never, smaller).vectors([text])
    counting = Counting()
    Remembered("e", "mark", lambda: counting, smaller).vectors(["old"])
    assert counting.asked == ["old"]
    assert len(remembered.keep(0)) < len(full) - 4 * row + 1


def test_what_was_computed_before_a_break_is_not_lost_and_a_person_hears_how_far_it_is() -> None:
    texts = [f"text {number}" for number in range(2 * AT_ONCE + 5)]
    heard: list[tuple[int, int]] = []

    def tell(done: int, all: int) -> None:
        heard.append((done, all))
        if len(heard) == 2:
            raise KeyboardInterrupt

    remembered = Remembered("e", "mark", Counting, tell=tell)
    with pytest.raises(KeyboardInterrupt):
        remembered.vectors(texts)
    assert heard == [(AT_ONCE, len(texts)), (2 * AT_ONCE, len(texts))]
    counting = Counting()
    Remembered("e", "mark", lambda: counting, remembered.keep()).vectors(texts)
    assert counting.asked == texts[2 * AT_ONCE :]

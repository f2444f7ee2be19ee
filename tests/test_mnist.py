"""MNIST from a file, from the cache or from the network, and what is said when it does not fit."""

import hashlib
import io
import os
import urllib.error
import zipfile
from pathlib import Path

import numpy as np
import pytest

from helpers import datasets
from helpers.datasets import mnist

REAL = Path(__file__).parents[1] / ".." / "shared" / "data" / "mnist.npz"


def few(train=20, test=10):
    rng = np.random.default_rng(0)
    return {
        "x_train": rng.integers(0, 256, (train, 28, 28), np.uint8),
        "y_train": rng.integers(0, 10, train, np.uint8),
        "x_test": rng.integers(0, 256, (test, 28, 28), np.uint8),
        "y_test": rng.integers(0, 10, test, np.uint8),
    }


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A machine without MNIST; returns the place of Keras's cache."""
    monkeypatch.delenv("MNIST_NPZ", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras" / "datasets" / "mnist.npz"


@pytest.fixture
def file(tmp_path):
    """A small file that fits."""
    path = tmp_path / "digits.npz"
    np.savez_compressed(path, **few())
    return path


@pytest.fixture
def served(file, monkeypatch):
    """The small file at an address, in place of the real one."""
    monkeypatch.setattr(mnist, "URL", file.as_uri())
    monkeypatch.setattr(mnist, "SHA256", hashlib.sha256(file.read_bytes()).hexdigest())
    return file


def assert_is_few(data):
    (x_train, y_train), (x_test, y_test) = data
    for name, array in {
        "x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test
    }.items():  # fmt: skip
        assert array.dtype == np.uint8
        assert np.array_equal(array, few()[name])


class TestWhereItIsFound:
    def test_a_path_comes_first_then_the_variable_then_the_cache(self, file, nowhere, monkeypatch):
        assert mnist.find_mnist() is None
        nowhere.parent.mkdir(parents=True)
        nowhere.write_bytes(file.read_bytes())
        assert_is_few(datasets.load_mnist())
        assert mnist.find_mnist() == (nowhere, str(nowhere))

        other = file.with_name("other.npz")
        np.savez(other, **few(train=5))
        monkeypatch.setenv("MNIST_NPZ", str(other))
        assert len(datasets.load_mnist()[0][0]) == 5
        assert_is_few(datasets.load_mnist(file))
        assert_is_few(datasets.load_mnist(str(file)))

    def test_a_variable_that_names_no_file_is_not_passed_over(self, file, nowhere, monkeypatch):
        monkeypatch.setenv("MNIST_NPZ", "mnist-moved.npz")
        with pytest.raises(FileNotFoundError, match="no file mnist-moved.npz .named by MNIST_NPZ."):
            datasets.load_mnist()
        with pytest.raises(FileNotFoundError, match="named by MNIST_NPZ"):
            datasets.load_handwriting()

    def test_the_cache_is_where_keras_looks(self, monkeypatch):
        monkeypatch.delenv("KERAS_HOME", raising=False)
        assert mnist._cache() == Path.home() / ".keras" / "datasets" / "mnist.npz"


class TestDownload:
    def test_it_shows_progress_and_fills_the_cache(self, served, nowhere, capsys):
        assert_is_few(datasets.load_mnist())
        assert "MNIST: 100%" in capsys.readouterr().err
        assert nowhere.read_bytes() == served.read_bytes()
        served.unlink()
        assert_is_few(datasets.load_mnist())

    def test_without_leave_nothing_is_fetched(self, served, nowhere):
        with pytest.raises(FileNotFoundError, match="set MNIST_NPZ to a file"):
            datasets.load_mnist(download=False)
        assert not nowhere.exists()

    def test_without_a_network_the_message_says_what_to_do(self, nowhere, monkeypatch):
        def unplugged(*args, **kwargs):
            raise urllib.error.URLError("Name or service not known")

        monkeypatch.setattr(mnist.urllib.request, "urlopen", unplugged)
        with pytest.raises(ConnectionError) as failure:
            datasets.load_mnist()
        said = str(failure.value)
        assert "could not be fetched from https://storage" in said
        assert "Name or service not known" in said
        assert "set MNIST_NPZ" in said and "load_digits(size=28)" in said
        assert os.listdir(nowhere.parent) == []

    @pytest.mark.parametrize("cut", [0, 100])
    def test_what_is_not_the_file_does_not_get_into_the_cache(self, served, nowhere, cut):
        served.write_bytes(served.read_bytes()[:cut])
        with pytest.raises(ConnectionError, match="not the file that was asked for"):
            datasets.load_mnist()
        assert os.listdir(nowhere.parent) == []

    def test_interrupted_it_leaves_nothing_behind(self, served, nowhere, monkeypatch):
        class Slow(io.BytesIO):
            headers = {"Content-Length": "1000"}

            def read(self, size=-1):
                raise KeyboardInterrupt

        monkeypatch.setattr(mnist.urllib.request, "urlopen", lambda *a, **k: Slow(b""))
        with pytest.raises(KeyboardInterrupt):
            datasets.load_mnist()
        assert os.listdir(nowhere.parent) == []


class Booby:
    """Unpickled, it would make a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


class TestFilesThatDoNotFit:
    def refused(self, path, *words):
        """Check that the file is refused with these words, and that it stays as it was."""
        before = path.read_bytes()
        with pytest.raises(ValueError, match=path.name) as refusal:
            datasets.load_mnist(path)
        for word in words:
            assert word in str(refusal.value)
        assert path.read_bytes() == before

    @pytest.mark.parametrize("share", [0, 0.3, 0.99])
    def test_truncated(self, file, share):
        content = file.read_bytes()
        file.write_bytes(content[: int(share * len(content))])
        self.refused(file, "no complete .npz archive", f"{int(share * len(content))} bytes")

    def test_damaged_inside(self, file):
        content = bytearray(file.read_bytes())
        middle = len(content) // 3
        content[middle : middle + 50] = bytes(50)
        file.write_bytes(content)
        self.refused(file)

    def test_a_page_of_html(self, file):
        file.write_text("<html>404</html>")
        self.refused(file, "no complete .npz archive")

    def test_a_folder(self, tmp_path):
        with pytest.raises(ValueError, match="cannot be read"):
            datasets.load_mnist(tmp_path)

    def test_a_file_that_may_not_be_read(self, file, monkeypatch):
        def locked(*args, **kwargs):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(
            mnist.zipfile, "ZipFile", type("Z", (zipfile.ZipFile,), {"__init__": locked})
        )
        with pytest.raises(ValueError, match=r"digits.npz cannot be read: .*Permission denied"):
            datasets.load_mnist(file)

    @pytest.mark.parametrize("wrapped", [True, False])
    def test_pickles_are_not_run(self, file, tmp_path, wrapped):
        made = tmp_path / "made"
        trap = np.array([Booby(made)], dtype=object)
        if wrapped:
            np.savez(file, **(few() | {"y_test": trap}))
            self.refused(file, "its y_test holds pickled objects")
        else:
            with file.open("wb") as stream:
                np.save(stream, trap, allow_pickle=True)
            self.refused(file, "no complete .npz archive")
        assert not made.exists()

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"x_train": np.zeros((20, 784), np.uint8)}, ["x_train has shape (20, 784)"]),
            ({"x_test": np.zeros((10, 28, 28))}, ["x_test", "float64", "of uint8 is asked"]),
            ({"x_test": np.zeros((0, 28, 28), np.uint8)}, ["x_test has shape (0, 28, 28)"]),
            ({"y_train": np.zeros((20, 10), np.uint8)}, ["y_train has shape (20, 10)"]),
            ({"y_train": np.zeros(20)}, ["y_train", "whole numbers"]),
            ({"y_train": np.uint8(3)}, ["y_train has shape ()"]),
            ({"y_test": np.zeros(9, np.uint8)}, ["x_test has 10 images and y_test 9 labels"]),
            ({"y_test": np.full(10, 11)}, ["y_test holds 11, which is no digit"]),
            ({"y_test": np.full(10, -1)}, ["y_test holds -1"]),
            ({"y_test": None}, ["needs x_train, y_train, x_test, y_test", "x_test.npy"]),
        ],
    )
    def test_other_arrays(self, file, change, words):
        arrays = {name: a for name, a in (few() | change).items() if a is not None}
        np.savez(file, **arrays)
        self.refused(file, *words)

    def test_an_array_that_only_claims_to_be_large_is_not_allocated(self, file):
        np.savez(file, **(few() | {"x_train": np.zeros((1, 28, 28), np.uint8)}))
        huge = file.with_name("huge.npz")
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(huge, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name == "x_train.npy":
                    content = content.replace(b"(1, 28, 28)", b"(9999999999, 28, 28)")
                    content = content.replace(b"}          ", b"} ", 1)
                new.writestr(name, content)
        self.refused(huge, "x_train should hold 7839999999216 bytes, and holds 784")

    def test_labels_of_another_integer_type_are_welcome(self, file):
        arrays = few()
        np.savez(file, **(arrays | {"y_train": arrays["y_train"].astype(np.int64)}))
        assert_is_few(datasets.load_mnist(file))


class TestHandwriting:
    def test_mnist_where_it_is(self, file, nowhere, monkeypatch):
        monkeypatch.setenv("MNIST_NPZ", str(file))
        digits = datasets.load_handwriting()
        assert digits.name == "MNIST" and "MNIST" in digits.source
        assert_is_few((digits.train, digits.test))

    def test_the_embedded_digits_elsewhere_and_no_download(self, served, nowhere):
        digits = datasets.load_handwriting()
        assert digits.name == "the UCI digits" and "scikit-learn" in digits.source
        assert digits.train[0].shape == (1437, 28, 28) and digits.test[0].shape == (360, 28, 28)
        assert not nowhere.exists()

    def test_some_of_them_are_drawn_with_their_own_labels(self, file, nowhere, monkeypatch):
        monkeypatch.setenv("MNIST_NPZ", str(file))
        x, y = datasets.load_handwriting(train_samples=7).train
        everything = {
            image.tobytes(): label for image, label in zip(*datasets.load_mnist()[0], strict=True)
        }
        assert len(x) == len(y) == 7
        assert all(everything[image.tobytes()] == label for image, label in zip(x, y, strict=True))
        assert len({image.tobytes() for image in x}) == 7
        again = datasets.load_handwriting(train_samples=7).train
        other = datasets.load_handwriting(train_samples=7, seed=1).train
        assert np.array_equal(again[0], x) and not np.array_equal(other[0], x)
        assert len(datasets.load_handwriting(train_samples=1000).train[0]) == 20
        x, y = datasets.load_handwriting(test_samples=4).test
        test = {
            image.tobytes(): label for image, label in zip(*datasets.load_mnist()[1], strict=True)
        }
        assert [test[image.tobytes()] for image in x] == y.tolist() and len(y) == 4

    def test_none_at_all_is_refused(self, nowhere):
        with pytest.raises(ValueError, match="train_samples=0 is too small"):
            datasets.load_handwriting(train_samples=0)


@pytest.mark.skipif(not REAL.exists(), reason="MNIST lies in ../shared/data on some machines only")
def test_the_real_mnist():
    (x_train, y_train), (x_test, y_test) = datasets.load_mnist(REAL)
    assert x_train.shape == (60_000, 28, 28) and x_test.shape == (10_000, 28, 28)
    # The well-known class counts of the two parts.
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(y_train).tolist() == counts
    assert np.bincount(y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    # Mean and standard deviation that most tutorials normalise with.
    assert x_train.mean() / 255 == pytest.approx(0.1307, abs=1e-4)
    assert x_train.std() / 255 == pytest.approx(0.3081, abs=1e-4)

"""What a page draws at random: the numbers of NumPy, of scikit-learn and of our own Python."""

import itertools

import numpy as np
import pytest
from sklearn import datasets

from helpers.layers.initializers import initial_values
from helpers.network.batches import endless_batches
from helpers.toy_data import laid_out
from helpers.widgets.draws import draw_shifts, page_random


@pytest.fixture(scope="module")
def run(browser, link_modules):
    """Run a function in the browser, on plain values; ``m`` has what the modules export."""
    page = browser.new_page()
    modules = ("random", "toy_data", "batches", "initializers", "augmentation")
    link_modules(page, *(f"arithmetic/{name}.mjs" for name in modules))
    yield lambda script, *arguments: page.evaluate(f"(a) => ({script})(...a)", list(arguments))
    page.close()


def make(run, name, seed=None, **options):
    """Return one of the data sets, its flat arrays as matrices."""
    data = run(
        """(name, seed, options) => {
            const rng = seed === null ? null : m.createRandom(seed);
            const data = m.TOY_DATA[name]({ ...options, rng });
            const single = data.labels && [...m.withOneOutput(data, -1, 1).targets];
            const labels = data.labels && [...data.labels];
            const [inputs, targets] = [[...data.inputs], [...data.targets]];
            return { ...data, labels, inputs, targets, single };
        }""",
        name,
        seed,
        options,
    )
    data["inputs"] = np.reshape(data["inputs"], (data["count"], data["inputCount"]))
    data["targets"] = np.reshape(data["targets"], (data["count"], data["outputCount"]))
    return data


@pytest.mark.parametrize("seed", [0, 1, 2026, 2**32 - 1])
def test_draws_are_those_of_numpy(run, seed):
    drawn = run(
        """(seed) => {
            const rng = m.createRandom(seed);
            const times = (count, draw) => Array.from({ length: count }, draw);
            const all = () => ({
                random: times(700, rng.random),
                uniform: times(5, () => rng.uniform(-3, 4)),
                normal: times(7, () => rng.normal(10, 2)), // an odd count leaves one in store
                order: rng.shuffle(times(300, (_, i) => i)),
                after: [rng.random(), rng.normal()],
            });
            const first = all();
            rng.restart();
            return [first, all()];
        }""",
        seed,
    )
    assert drawn[0] == drawn[1]
    numpy = np.random.RandomState(seed)
    order = np.arange(300)
    assert drawn[0]["random"] == numpy.random_sample(700).tolist()
    assert drawn[0]["uniform"] == pytest.approx(numpy.uniform(-3, 4, 5), rel=1e-15)
    assert drawn[0]["normal"] == pytest.approx(numpy.normal(10, 2, 7), rel=1e-14)
    numpy.shuffle(order)
    assert drawn[0]["order"] == order.tolist()
    assert drawn[0]["after"] == pytest.approx([numpy.random_sample(), numpy.normal()], rel=1e-14)


@pytest.mark.parametrize("largest", [0, 1, 2, 7, 8, 99])
def test_whole_numbers_reach_both_ends_evenly(run, largest):
    draws = run(
        """(largest) => {
            const rng = m.createRandom(5);
            return Array.from({ length: 300 * (largest + 1) }, () => rng.upTo(largest));
        }""",
        largest,
    )
    counts = np.bincount(draws)
    assert len(counts) == largest + 1
    # The number of draws of each has mean 300 and a deviation of 17; five of those are never met.
    assert counts.min() > 215 and counts.max() < 385


@pytest.mark.parametrize("seed", [-1, 1.5, 2**32, "one"])
def test_seeds_that_do_not_fit(run, seed):
    with pytest.raises(Exception, match=r"A seed of .* does not work: use a whole number from 0"):
        run("(seed) => void m.createRandom(seed)", seed)


@pytest.mark.parametrize(("count", "noise"), [(200, 0.1), (7, 0), (2, 0.3)])
def test_moons_and_circles_are_those_of_scikit_learn(run, count, noise):
    expected = {
        "moons": datasets.make_moons(count, noise=noise, random_state=3),
        "circles": datasets.make_circles(count, noise=noise, factor=0.5, random_state=3),
    }
    for name, (points, labels) in expected.items():
        data = make(run, name, seed=3, count=count, noise=noise)
        assert data["inputs"] == pytest.approx(points, rel=1e-12, abs=1e-14)
        assert data["labels"] == labels.tolist()


def test_four_points_of_xor_are_its_truth_table(run):
    data = make(run, "xor", count=4)
    assert data["inputs"].tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data["labels"] == [0, 1, 1, 0]
    assert data["targets"].tolist() == [[1, 0], [0, 1], [0, 1], [1, 0]]
    assert data["single"] == [-1, 1, 1, -1]


def test_xor_scatters_around_the_corners(run):
    data = make(run, "xor", seed=1, count=2000, noise=0.1)
    corners = np.round(data["inputs"])
    assert (np.logical_xor(*corners.T) == data["labels"]).all()
    assert np.unique(corners, axis=0, return_counts=True)[1].tolist() == [500] * 4
    strays = data["inputs"] - corners
    assert strays.std() == pytest.approx(0.1, rel=0.05)
    assert abs(strays.mean()) < 0.01


def test_arms_of_the_spiral_face_each_other(run):
    data = make(run, "spiral", count=100)
    first, second = data["inputs"][:50], data["inputs"][50:]
    assert second == pytest.approx(-first)  # half a turn apart
    radius = np.hypot(*first.T)
    assert radius == pytest.approx(np.linspace(0.02, 1, 50))
    angle = np.unwrap(np.arctan2(first[:, 1], first[:, 0]))
    assert (angle[-1] - angle[0]) / (2 * np.pi) == pytest.approx(1.25 * 0.98)
    assert data["labels"] == [0] * 50 + [1] * 50


def test_no_straight_line_separates_the_spiral(run):
    data = make(run, "spiral", seed=1, count=200)
    plane = np.c_[data["inputs"], np.ones(200)]
    best, *_ = np.linalg.lstsq(plane, data["targets"][:, 1] - 0.5, rcond=None)
    assert ((plane @ best > 0) == data["labels"]).mean() < 0.75


def test_curve_is_a_sine_with_noise_on_its_targets(run):
    still = make(run, "curve", count=5)
    assert still["inputs"].ravel().tolist() == [-1, -0.5, 0, 0.5, 1]
    assert still["targets"].ravel() == pytest.approx([0, -1, 0, 1, 0])
    assert still["labels"] is None
    noisy = make(run, "curve", seed=1, count=1000, noise=0.2, range=[0, 3])
    assert noisy["inputs"][[0, -1], 0].tolist() == [0, 3]
    strays = noisy["targets"] - np.sin(np.pi * noisy["inputs"])
    assert strays.std() == pytest.approx(0.2, rel=0.1)


@pytest.mark.parametrize("name", ["xor", "circles", "moons", "spiral", "curve"])
def test_every_set_fits_its_picture_and_repeats_with_its_seed(run, name):
    data = make(run, name, seed=4, count=61, noise=0.05)
    assert data["name"] == name
    assert data["count"] == len(data["inputs"]) == len(data["targets"]) == 61
    ranges = np.array(data["ranges"])
    assert (data["inputs"] > ranges[:, 0] - 1e-9).all() and (
        data["inputs"] < ranges[:, 1] + 1e-9
    ).all()
    again = make(run, name, seed=4, count=61, noise=0.05)
    other = make(run, name, seed=5, count=61, noise=0.05)
    numbers = ["inputs", "targets"]
    assert all((data[kind] == again[kind]).all() for kind in numbers)
    assert any((data[kind] != other[kind]).any() for kind in numbers)
    if data["labels"]:
        assert abs(sum(data["labels"]) - 30.5) <= 1
        assert (np.eye(2)[data["labels"]] == data["targets"]).all()


@pytest.mark.parametrize("name", ["xor", "circles", "moons", "spiral", "curve"])
def test_options_that_do_not_fit(run, name):
    with pytest.raises(Exception, match="A data set of 0 samples does not work"):
        make(run, name, count=0)
    with pytest.raises(Exception, match="A noise of -1 does not work"):
        make(run, name, noise=-1)
    with pytest.raises(Exception, match=r"A noise of 0.1 needs random numbers"):
        make(run, name, noise=0.1)


@pytest.mark.parametrize(("count", "noise"), [(200, 0.15), (7, 0), (1, 0.3)])
@pytest.mark.parametrize("name", ["xor", "circles", "moons", "spiral", "curve"])
def test_pythons_points_are_those_of_the_page(run, name, count, noise):
    data = make(run, name, seed=9, count=count, noise=noise)
    x, y = laid_out(name, count, noise, page_random(9))
    assert data["inputs"] == pytest.approx(x, rel=1e-12, abs=1e-14)
    if name == "curve":
        assert data["targets"] == pytest.approx(y, rel=1e-12, abs=1e-14)
    else:
        assert data["labels"] == y.tolist()


@pytest.mark.parametrize(("count", "size"), [(10, 4), (21, 20), (21, 21), (5, 8), (6, 1)])
def test_pythons_batches_are_those_of_the_page(run, count, size):
    drawn = run(
        """(count, size) => {
            const batches = m.createBatches(count, size, 3);
            const next = () => {
                batches.next();
                return [...batches.order.slice(batches.first, batches.first + batches.count)];
            };
            const take = () => Array.from({ length: 15 }, next);
            const first = take();
            batches.restart();
            return [batches.size, first, take()];
        }""",
        count,
        size,
    )
    numbers = endless_batches(count, size, page_random(3))
    expected = [batch.tolist() for batch in itertools.islice(numbers, 15)]
    assert drawn == [min(count, size), expected, expected]


def test_a_batch_of_another_size_begins_a_new_epoch(run):
    first, rest = run(
        """() => {
            const batches = m.createBatches(7, 3, 1);
            const next = () => {
                batches.next();
                return [...batches.order.slice(batches.first, batches.first + batches.count)];
            };
            const first = next();
            batches.setSize(5);
            return [first, [next(), next()]];
        }"""
    )
    assert len(first) == 3
    assert [len(batch) for batch in rest] == [5, 2]
    assert sorted(sum(rest, [])) == list(range(7))


@pytest.mark.parametrize("shape", [(2, 5), (10, 1), (3, 3, 2, 4)])
@pytest.mark.parametrize("name", ["glorot_uniform", "he_uniform", "random_normal", "zeros"])
def test_pythons_first_weights_are_those_of_the_page(run, name, shape):
    area = int(np.prod(shape[:-2]))
    drawn = run(
        """(name, count, inputs, outputs) => {
            const rng = m.createRandom(6);
            return Array.from({ length: count }, () => m.INITIALIZERS[name](rng, inputs, outputs));
        }""",
        name,
        int(np.prod(shape)),
        area * shape[-2],
        area * shape[-1],
    )
    expected = initial_values(name, shape, page_random(6), np.float64)
    assert drawn == pytest.approx(expected.ravel(), rel=1e-14)


def test_the_page_has_no_initializer_that_python_lacks(run):
    names = run("() => Object.keys(m.INITIALIZERS)")
    assert len(names) == 4
    for name in names:
        initial_values(name, (2, 2), page_random(0), np.float64)


@pytest.mark.parametrize("most", [0, 1, 4])
def test_pythons_shifts_are_those_of_the_page(run, most):
    drawn = run(
        """(most) => {
            const rng = m.createRandom(2);
            return Array.from({ length: 40 }, () => m.drawShift(rng, most) + 0);
        }""",
        most,
    )
    assert drawn == draw_shifts(page_random(2), most, 40).tolist()

"""ConfusionMatrix in Python: its counts and measures beside scikit-learn's, and what it refuses."""

import numpy as np
import pytest
from sklearn import metrics
from traitlets import TraitError

from helpers.widgets import ConfusionMatrix


def test_counts_and_measures_agree_with_scikit_learn():
    rng = np.random.default_rng(4)
    for _ in range(20):
        classes = int(rng.integers(2, 11))
        truth, said = rng.integers(0, classes, (2, 60))
        truth[:classes] = said[:classes] = np.arange(classes)  # every class occurs
        widget = ConfusionMatrix(truth, said)
        np.testing.assert_array_equal(widget.counts, metrics.confusion_matrix(truth, said))
        scores = metrics.precision_recall_fscore_support(truth, said)
        for klass in range(classes):
            found = widget.measures(klass)
            assert [found[name] for name in ("precision", "recall", "f1")] == pytest.approx(
                [row[klass] for row in scores[:3]]
            )
        assert found["accuracy"] == pytest.approx(metrics.accuracy_score(truth, said))


def test_the_cell_on_show_is_the_most_frequent_mistake():
    widget = ConfusionMatrix([0, 0, 0, 1, 1, 2], [0, 1, 2, 2, 2, 2])
    assert widget.cell == [1, 2]


def test_a_class_that_never_occurs_has_no_measure():
    widget = ConfusionMatrix([0, 0], [0, 1], names=["a", "b", "c"])
    assert np.isnan(widget.measures(2)["f1"])
    assert np.isnan(widget.measures(1)["recall"])


def test_samples_are_kept_for_every_cell_and_lie_on_the_sheet_in_their_order():
    import base64
    import io

    from PIL import Image

    truth, said = [0, 1, 1, 0, 0], [0, 0, 1, 0, 0]
    pictures = np.stack([np.full((3, 2), n / 5) for n in range(5)])
    widget = ConfusionMatrix(truth, said, pictures, per_cell=2)
    assert widget.samples == [[0, 0, 0], [3, 0, 0], [1, 1, 0], [2, 1, 1]]
    data = base64.b64decode(widget.sheet.removeprefix("data:image/png;base64,"))
    sheet = np.asarray(Image.open(io.BytesIO(data)))
    assert sheet.shape == (3, 8)
    np.testing.assert_allclose(sheet[0, ::2], [255, 255 - 153, 255 - 51, 255 - 102], atol=1)


def test_without_arguments_it_shows_digits_read_by_a_network():
    widget = ConfusionMatrix()
    assert np.sum(widget.counts) == 360
    assert 0.9 < widget.measures(0)["accuracy"] < 1
    assert len(widget.sheet) < 60_000


@pytest.mark.parametrize(
    ("arguments", "options", "told"),
    [
        (([0, 1],), {}, "belong together"),
        (([0, 1], [0]), {}, "y_true has 2 classes and y_pred 1"),
        (([0, 1.5], [0, 1]), {}, "whole class numbers"),
        (([0, -1], [0, 1]), {}, "whole class numbers"),
        (([0, 99], [0, 1]), {}, "class 99 does not fit"),
        (([0, 1], [0, 1]), {"names": ["a"]}, "class 1 does not fit"),
        (([0, 1], [0, 1], np.zeros((3, 4, 4))), {}, "for each of the 2 samples"),
        (([0, 1], [0, 1], np.zeros((2, 400, 4))), {}, "at most 64 × 64"),
        (([0, 1], [0, 1], np.zeros((2, 4, 4))), {"per_cell": 99}, "from 0 to 40"),
        ((), {"counts": [[1, 2]]}, "use a square"),
        ((), {"counts": [[1.5]]}, "use a square"),
        (([0, 1], [0, 1]), {"cell": [0, 2]}, "lies outside"),
        (([0, 1], [0, 1]), {"measure": "mean"}, "measure"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, options, told):
    with pytest.raises((ValueError, TraitError)) as problem:
        ConfusionMatrix(*arguments, **options)
    assert told in str(problem.value)

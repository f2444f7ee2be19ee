"""The exercises on scores of a classifier: its confusion matrix, and precision, recall and F1.

The right answers come from scikit-learn. Beside them stand the matrix of those who put the truth in
the columns, and the slips that swap a row sum for a column sum.
"""

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell


def confusion(function):
    """Check a function of (y_true, y_pred, classes) that returns the confusion matrix.

    Parameters
    ----------
    function : callable
        Takes two rows of class numbers and how many classes there are, and returns the square
        array whose entry [i, j] counts the samples of class i that were called j.

    Examples
    --------
    >>> def transposed(y_true, y_pred, classes):
    ...     matrix = np.zeros((classes, classes), int)
    ...     for truth, guess in zip(y_true, y_pred):
    ...         matrix[guess, truth] += 1
    ...     return matrix
    >>> confusion(transposed)  # doctest: +ELLIPSIS
    ✗ This is the transpose: rows are the truth here, columns what the network said...
    """
    tell(diagnose(function, confusion_exercise()))


def scores(function):
    """Check a function of (matrix) that returns precision, recall and F1 of every class.

    Parameters
    ----------
    function : callable
        Takes a confusion matrix whose rows are the truth, and returns three rows, with one number
        for each class. In every case all classes occur, and all are predicted.

    Examples
    --------
    >>> def right(matrix):
    ...     hits = np.diag(matrix)
    ...     precision, recall = hits / matrix.sum(axis=0), hits / matrix.sum(axis=1)
    ...     f1 = 2 * precision * recall / (precision + recall)
    ...     return np.array([precision, recall, f1])
    >>> scores(right)
    ✓ 12 of 12 cases agree with scikit-learn.
    """
    tell(diagnose(function, scores_exercise()))


def confusion_exercise():
    """Return the exercise on (y_true, y_pred, classes): the confusion matrix."""
    cases = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        classes = 2 + seed % 4
        truth = rng.integers(0, classes, 4 + 2 * seed)
        guess = np.where(rng.random(len(truth)) < 0.5, truth, rng.integers(0, classes, len(truth)))
        # One mistake that is not made the other way round, and no sample of one of the classes.
        truth[:2], guess[:2] = 0, 1
        cases.append(
            {
                "y_true": np.minimum(truth, max(classes - 2, 1)),
                "y_pred": np.minimum(guess, max(classes - 2, 1)),
                "classes": classes,
            }
        )
    return Exercise("scikit-learn", _confusion, cases, _confusion_slips)


def _confusion(y_true, y_pred, classes):
    from sklearn.metrics import confusion_matrix

    return confusion_matrix(y_true, y_pred, labels=range(classes))


def _confusion_slips(y_true, y_pred, classes):
    """Return {what went wrong: the matrix that comes out}."""
    right = _confusion(y_true, y_pred, classes)
    once = np.minimum(right, 1)
    seen = max(y_true.max(), y_pred.max()) + 1
    return {
        "This is the transpose: rows are the truth here, columns what the network said.": right.T,
        "Pairs that occur several times are counted once: `matrix[y_true, y_pred] += 1` does "
        "that. Use np.add.at, or a loop.": once,
        "The same, and transposed as well: use np.add.at, and let rows be the truth.": once.T,
        "Every row is divided by its sum: asked for are the counts.": _shares(right, axis=1),
        "Every row is divided by its sum, which may be 0: asked for are the counts.": (
            right / np.where(right.any(axis=1, keepdims=True), right.sum(axis=1)[:, None], np.nan)
        ),
        "Every column is divided by its sum: asked for are the counts.": _shares(right, axis=0),
        "All is divided by the number of samples: asked for are the counts.": right / right.sum(),
        "Only the mistakes are counted: those that are right belong on the diagonal.": (
            right - np.diag(np.diag(right))
        ),
        "Only those that are right are counted: the mistakes belong beside the diagonal.": (
            np.diag(np.diag(right))
        ),
        "Every truth is paired with every guess: go through both in step, with zip.": np.outer(
            right.sum(axis=1), right.sum(axis=0)
        ),
        "The classes are moved by one: class 0 has row 0.": np.roll(right, -1, (0, 1)),
        "A class that does not occur has no row: the matrix has `classes` rows and columns.": (
            right[:seen, :seen]
        ),
    }


def _shares(matrix, axis):
    return matrix / np.maximum(matrix.sum(axis=axis, keepdims=True), 1)


def scores_exercise():
    """Return the exercise on (matrix): precision, recall and F1 of every class, as three rows."""
    cases = []
    for seed in range(12):
        rng = np.random.default_rng(100 + seed)
        classes = 2 + seed % 4
        matrix = rng.integers(0, 6, (classes, classes)) + np.diag(rng.integers(1, 30, classes))
        matrix[0, 1] += 3  # so that it is no mirror image of itself
        cases.append({"matrix": matrix})
    return Exercise("scikit-learn", _scores, cases, _score_slips)


def _scores(matrix):
    from sklearn.metrics import precision_recall_fscore_support

    truth, guess = np.indices(matrix.shape).reshape(2, -1)
    found = precision_recall_fscore_support(
        np.repeat(truth, matrix.ravel()), np.repeat(guess, matrix.ravel())
    )
    return np.array(found[:3])


def _score_slips(matrix):
    """Return {what went wrong: the three rows that come out}."""
    precision, recall, f1 = _scores(matrix)
    hits, total = np.diag(matrix), matrix.sum()
    accuracy = np.full(len(matrix), hits.sum() / total)
    false_alarms, missed = matrix.sum(axis=0) - hits, matrix.sum(axis=1) - hits
    return {
        "Precision and recall are exchanged: precision divides by what the network called so (a "
        "column), recall by what is so (a row).": np.array([recall, precision, f1]),
        "F1 is the plain mean here: asked for is the harmonic one, 2pr/(p + r).": np.array(
            [precision, recall, (precision + recall) / 2]
        ),
        "F1 is the geometric mean here: asked for is the harmonic one, 2pr/(p + r).": np.array(
            [precision, recall, np.sqrt(precision * recall)]
        ),
        "These are rounded down: divide with / in place of //.": np.floor([precision, recall, f1]),
        "These are in per cent: shares are asked for.": 100 * np.array([precision, recall, f1]),
        "F1 is missing: three rows are asked for.": np.array([precision, recall]),
        "This is one number, the accuracy: every class has three of its own.": hits.sum() / total,
        "F1 lacks its factor of 2.": np.array([precision, recall, f1 / 2]),
        "Both divide by all samples: each class has a sum of its own.": np.array(
            [hits / total, hits / total, hits / total]
        ),
        "This is the accuracy, three times: every class has numbers of its own.": np.array(
            [accuracy, accuracy, accuracy]
        ),
        "The hits are missing below the line: precision is hits / (hits + false alarms).": (
            _by_hand(hits / np.maximum(false_alarms, 1e-12), hits / np.maximum(missed, 1e-12))
        ),
        "These are one number for each of the three: leave out the mean over the classes.": (
            np.array([precision.mean(), recall.mean(), f1.mean()])
        ),
    }


def _by_hand(precision, recall):
    return np.array([precision, recall, 2 * precision * recall / (precision + recall)])

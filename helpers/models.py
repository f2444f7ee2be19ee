"""The Keras models of the course, which read digits: three that others published, and a modern one.

Each is a plain `keras.Sequential`, not compiled, for images of bytes as `helpers.datasets` gives
them: scaling to 0...1 is the model's first layer, so that data stay small in memory and nobody
forgets it. Keras is imported when a model is made, since that takes seconds.
"""


def dense():
    """Return the fully connected network of a TensorFlow tutorial: 784–128–10.

    Returns
    -------
    keras.Sequential
        (784 + 1)·128 + (128 + 1)·10 = 101 770 parameters; ten probabilities for each image.

    Examples
    --------
    >>> dense().count_params()
    101770
    """
    from keras import layers

    return _reader(
        "dense",
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    )


def small_cnn():
    """Return the convolutional network of the same tutorial: two convolutions, two poolings.

    Returns
    -------
    keras.Sequential
        320 + 18 496 + 204 928 + 1 290 = 225 034 parameters, nine tenths of them between the
        flattened maps (5·5·64 numbers) and 128 neurons.

    Examples
    --------
    >>> small_cnn().count_params()
    225034
    """
    from keras import layers

    return _reader(
        "small_cnn",
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    )


def eight_layer():
    """Return a network of eight layers from 2020: sigmoid outputs, for mean squared error.

    Nothing stands between its two convolutions, as there: together they are one linear map.

    Returns
    -------
    keras.Sequential
        320 + 9 248 + 6 273 000 + 1 001 000 + 10 010 = 7 293 578 parameters; ten numbers between 0
        and 1 for each image, which do not add up to 1.

    Examples
    --------
    >>> eight_layer().count_params()
    7293578
    """
    from keras import layers

    return _reader(
        "eight_layer",
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(32, 3, padding="same"),
        layers.Conv2D(32, 3, padding="same"),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense(1000, activation="sigmoid"),
        layers.Dense(1000, activation="sigmoid"),
        layers.Dense(10, activation="sigmoid"),
    )


def modern_cnn(*, momentum=0.9):
    """Return a small network of today: batch normalisation, and the mean of each map at the end.

    Parameters
    ----------
    momentum : float
        How much of its running means batch normalisation keeps at each step. Keras's 0.99 needs
        hundreds of steps to forget where it started, more than a short training takes.

    Returns
    -------
    keras.Sequential
        94 634 parameters, 448 of them running means and variances: fewer than `dense` has. A
        convolution that batch normalisation follows needs no bias, since the mean is taken off.

    Notes
    -----
    S. Ioffe and C. Szegedy, "Batch normalization" (2015), https://arxiv.org/abs/1502.03167;
    M. Lin, Q. Chen and S. Yan, "Network in network" (2013), https://arxiv.org/abs/1312.4400, for
    the mean in place of dense layers.

    Examples
    --------
    >>> modern_cnn().count_params()
    94634
    """
    from keras import layers

    def block(filters):
        return (
            layers.Conv2D(filters, 3, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=momentum),
            layers.ReLU(),
        )

    return _reader(
        "modern_cnn",
        layers.Reshape((28, 28, 1)),
        *block(32),
        layers.MaxPooling2D(),
        *block(64),
        layers.MaxPooling2D(),
        *block(128),
        layers.GlobalAveragePooling2D(),
        layers.Dense(10, activation="softmax"),
    )


def _reader(name, *layers):
    """Return a model of these layers, which scales bytes first."""
    import keras

    first = (keras.Input((28, 28)), keras.layers.Rescaling(1 / 255))
    return keras.Sequential([*first, *layers], name=name)

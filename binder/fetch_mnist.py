"""Put MNIST into the image, if it can be had: readers then wait for it no more.

The file goes into Keras's cache once its hash is right. Without it the chapters on handwriting run
on the digits that come with scikit-learn, and say so; no image fails for the lack of it.
"""

from helpers.datasets import load_mnist

try:
    (x_train, _), (x_test, _) = load_mnist()
    print(f"MNIST is in the image: {len(x_train)} + {len(x_test)} digits")
except (OSError, ValueError) as problem:
    print(f"The image has no MNIST, and its notebooks use the embedded digits: {problem}")

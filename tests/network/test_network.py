"""Whole networks: against Keras step by step, their bookkeeping, and what happens when it fails."""

import json
import runpy
import signal
from pathlib import Path

import keras
import keras_oracle
import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

from helpers.layers import Dense, Dropout, Flatten, Input, ReLU, Sigmoid, Softmax
from helpers.losses import CategoricalCrossentropy, MeanSquaredError, to_categorical
from helpers.network import Sequential
from helpers.network.callbacks import Callback, Progress
from helpers.network.metrics import Means, accuracy
from helpers.optimizers import SGD, Adam
from helpers.toy_data import circles, moons

HERE = Path(__file__).parents[1]
CASES = json.loads((HERE / "cases" / "network.json").read_text(encoding="utf-8"))
XOR, XOR_TARGETS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])


def small(loss="mse", optimizer="sgd", **options):
    """Return a network of 2 inputs and 1 output, ready to train."""
    network = Sequential([Dense(4, "tanh"), Dense(1, "sigmoid")], seed=1)
    network.compile(optimizer, loss, **options)
    return network


def classifier(optimizer="adam", **options):
    """Return a network that puts points of the plane into two classes, and its data."""
    network = Sequential([Dense(8, "relu"), Dense(2, "softmax")], seed=1, **options)
    network.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
    x, y = circles(50, seed=2)
    return network, x, to_categorical(y)


class TestByHand:
    def test_two_layers_as_matrices(self):
        network = Sequential([Input((2,)), Dense(2, "relu"), Dense(1)])
        network.set_weights([[[1, -1], [2, 1]], [0, 1], [[3], [4]], [-5]])
        # z = (1·1 + 1·2 + 0, −1·1 + 1·1 + 1) = (3, 1); then 3·3 + 4·1 − 5
        assert network.predict([[1, 1]]).tolist() == [[8]]
        # z = (−1, 2), and ReLU stops the first: 4·2 − 5
        assert network.predict([[-1, 0]]).tolist() == [[3]]

    def test_one_step_through_two_layers(self):
        network = Sequential([Input((1,)), Dense(1), Dense(1)])
        network.set_weights([[[2]], [1], [[3]], [0]])
        network.compile(SGD(0.01), "mse")
        # a = 2·1 + 1 = 3, ŷ = 3·3 = 9, L = (9 − 4)² = 25, ∂L/∂ŷ = 2·5 = 10
        assert network.train_on_batch([[1]], [[4]]) == 25
        # ∂L/∂w₂ = 10·a, ∂L/∂b₂ = 10; δ₁ = 10·w₂ = 30, and the input is 1
        expected = [2 - 0.01 * 30, 1 - 0.01 * 30, 3 - 0.01 * 30, 0 - 0.01 * 10]
        assert np.concatenate(network.get_weights(), axis=None) == pytest.approx(expected)

    def test_xor_is_learned_and_not_by_a_single_neuron(self):
        network = small(optimizer=Adam(0.1))
        network.fit(XOR, XOR_TARGETS, epochs=300)
        assert network.predict(XOR).round().tolist() == XOR_TARGETS.tolist()
        neuron = Sequential([Dense(1, "sigmoid")], seed=1)
        neuron.compile(Adam(0.1), "mse")
        history = neuron.fit(XOR, XOR_TARGETS, epochs=300)
        # The best a single neuron can do is to answer ½ to everything.
        assert history.history["loss"][-1] == pytest.approx(0.25, abs=1e-3)

    def test_means_count_batches_by_their_size(self):
        means = Means()
        means.add({"loss": 1.0}, 32)
        means.add({"loss": 4.0}, 16)
        assert means.values() == {"loss": (1.0 * 32 + 4.0 * 16) / 48}


class TestAgainstKeras:
    # Measured: 7e-16 for the losses and 1.4e-15 for the weights, which move by 0.4 to 1.3.
    @pytest.mark.parametrize("loss", ["mean_squared_error", "categorical_crossentropy"])
    @pytest.mark.parametrize("name", keras_oracle.OPTIMIZERS)
    def test_a_hundred_steps(self, name, loss):
        with keras_oracle.float64():
            of_losses, of_weights, moved = keras_oracle.train_both(name, loss, steps=100)
        assert moved > 0.1
        assert of_losses < 1e-14
        assert of_weights < 1e-13

    def test_the_history_of_fit(self):
        x, y = moons(70, seed=1)
        y = to_categorical(y)
        validation = circles(33, seed=2)[0], to_categorical(circles(33, seed=2)[1])
        with keras_oracle.float64():
            ours, theirs = keras_oracle.both_networks([2, 6, 2], ["tanh", "softmax"])
            histories = []
            for network, optimizer in (
                (ours, SGD(0.2, 0.5)),
                (theirs, keras.optimizers.SGD(np.float64(0.2), np.float64(0.5))),
            ):
                network.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
                histories.append(
                    network.fit(
                        x, y, batch_size=16, epochs=4, shuffle=False, validation_data=validation,
                        verbose=0,
                    )
                )  # fmt: skip
            assert histories[0].epoch == histories[1].epoch
            assert histories[0].history.keys() == histories[1].history.keys()
            for name, values in histories[0].history.items():
                assert values == pytest.approx(histories[1].history[name], rel=1e-6), name
            ours_now, theirs_now = ours.evaluate(x, y), theirs.evaluate(x, y, verbose=0)
            assert ours_now == pytest.approx(theirs_now, rel=1e-6)
            predictions = theirs.predict(x, verbose=0)
            assert ours.predict(x, verbose=0) == pytest.approx(predictions, abs=1e-13)

    def test_accuracy(self):
        rng = np.random.default_rng(1)
        for outputs in (1, 4):
            y = (
                rng.integers(2, size=(30, 1))
                if outputs == 1
                else np.eye(4)[rng.integers(4, size=30)]
            )
            p = rng.random((30, outputs))
            theirs = (keras.metrics.BinaryAccuracy if outputs == 1
                      else keras.metrics.CategoricalAccuracy)()  # fmt: skip
            theirs.update_state(y, p)
            assert accuracy(y, p) == pytest.approx(float(theirs.result()))

    def test_counting_parameters(self):
        sizes, activations = [10, 12, 12, 6], ["sigmoid"] * 3
        ours, theirs = keras_oracle.both_networks(sizes, activations)
        assert ours.count_params() == theirs.count_params() == 366
        ours, theirs = keras_oracle.both_networks([1, 2, 1], ["sigmoid", None])
        assert ours.count_params() == theirs.count_params() == 7

    def test_names_and_shapes_of_the_layers(self):
        def make(input_, sequential, dense, relu, flatten, dropout):
            return sequential(
                [input_((4, 3)), flatten(), dense(5), relu(), dense(5), dropout(0.5), dense(2)]
            )

        keras.utils.clear_session()  # it counts names over all networks, ours within one
        theirs = make(keras.Input, keras.Sequential, keras.layers.Dense, keras.layers.ReLU,
                      keras.layers.Flatten, keras.layers.Dropout)  # fmt: skip
        ours = make(Input, Sequential, Dense, ReLU, Flatten, Dropout)
        assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
        assert [layer.output_shape for layer in ours.layers] == [
            layer.output.shape for layer in theirs.layers
        ]


class TestSharedCases:
    """tests/cases/network.json, which the engine in the browser runs as well."""

    def test_the_file_is_what_the_script_writes(self):
        generated = runpy.run_path(str(HERE / "make_network_cases.py"))["generate"]()
        assert [case["name"] for case in generated] == [case["name"] for case in CASES]
        for ours, written in zip(generated, CASES, strict=True):
            expect, inputs = ours.pop("expect"), dict(written)
            expected = inputs.pop("expect")
            assert json.loads(json.dumps(ours)) == inputs, "run python tests/make_network_cases.py"
            assert expect.keys() == expected.keys()
            for key in expect:
                self.assert_close(expect[key], expected[key], ours["name"])

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
    def test_keras_agrees(self, case):
        with keras_oracle.float64():
            got = keras_oracle.run_case(case)
        assert got.keys() == case["expect"].keys()
        for key, values in got.items():
            self.assert_close(values, case["expect"][key], key)

    def assert_close(self, got, expected, message):
        """Compare nested lists. RMSprop divides by gradients that pass through 0, and there a
        rounding grows 10⁵-fold in fifty steps."""
        if isinstance(expected, list):
            assert len(got) == len(expected), message
            for a, b in zip(got, expected, strict=True):
                self.assert_close(a, b, message)
        elif expected is None:
            assert got is None, message
        else:
            assert got == pytest.approx(expected, rel=1e-9, abs=1e-9), message

    def test_the_case_worked_by_hand(self):
        case = next(case for case in CASES if case["name"] == "one weight, one step by hand")
        assert case["expect"]["losses"] == [(2 * 3 + 1 - 3) ** 2]
        # The gradient is 2·(7 − 3) = 8 for the bias, times the input 3 for the weight.
        assert case["expect"]["kernels"] == [[[pytest.approx(2 - 0.1 * 24)]]]
        assert case["expect"]["biases"] == [[pytest.approx(1 - 0.1 * 8)]]


class TestFit:
    def test_same_seed_same_training(self):
        def train(of_network, **options):
            layers = [Dense(5, "relu"), Dropout(0.3), Dense(2, "softmax")]
            network = Sequential(layers, seed=of_network)
            network.compile("adam", "categorical_crossentropy")
            _, x, y = classifier()
            network.fit(x, y, epochs=3, batch_size=8, **options)
            return np.concatenate(network.get_weights(), axis=None)

        assert np.array_equal(train(1), train(1))
        assert not np.array_equal(train(1), train(2))
        assert not np.array_equal(train(1), train(1, seed=5))
        assert not np.array_equal(train(1), train(1, shuffle=False))

    def test_every_sample_once_in_each_epoch_and_in_a_new_order(self):
        seen = []

        class Look(Callback):
            def on_train_batch_end(self, batch, logs=None):
                seen.append(self.model.batch[0].ravel().tolist())

        network = Sequential([Dense(1)], seed=1)
        network.compile("sgd", "mse")
        x = np.arange(10).reshape(10, 1) / 10
        network.fit(x, x, epochs=2, batch_size=4, callbacks=Look())
        assert [len(batch) for batch in seen] == [4, 4, 2] * 2
        first, second = sum(seen[:3], []), sum(seen[3:], [])
        assert sorted(first) == sorted(second) == x.ravel().tolist()
        assert first != second

    def test_goes_on_where_it_stopped(self):
        network, x, y = classifier()
        first = network.fit(x, y, epochs=20).history["loss"]
        second = network.fit(x, y, epochs=1).history["loss"]
        assert second[0] < first[0]
        assert network.optimizer.iterations == 21 * 2

    def test_compile_again_keeps_the_weights(self):
        network, x, y = classifier()
        network.fit(x, y)
        before = network.get_weights()
        network.compile("sgd", "mse")
        assert keras_oracle.largest_difference(before, network.get_weights()) == 0
        assert network.optimizer.iterations == 0

    def test_integers_are_trained_on_as_numbers(self):
        network = small()
        network.fit(XOR.astype(np.uint8), XOR_TARGETS.astype(bool), epochs=2)
        other = small()
        other.fit(XOR.astype(float), XOR_TARGETS.astype(float), epochs=2)
        assert keras_oracle.largest_difference(network.parameters, other.parameters) == 0

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    def test_everything_in_one_type(self, dtype):
        network, x, y = classifier(dtype=dtype)
        network.fit(x, y, epochs=2)
        arrays = [*network.parameters, *network.gradients, network.predict(x)]
        assert {array.dtype for array in arrays} == {np.dtype(dtype)}

    def test_predict_in_pieces(self):
        network, x, _ = classifier()
        whole = network.predict(x)
        assert network.predict(x, batch_size=7) == pytest.approx(whole, abs=1e-15)

    def test_dropout_acts_in_training_only(self):
        network = Sequential([Dropout(0.5), Dense(1)], seed=1)
        network.compile("sgd", "mse")
        x = np.ones((10, 6))
        assert np.array_equal(network.predict(x), network.predict(x))
        losses = {network.loss_and_gradients(x, np.zeros((10, 1)))[0] for _ in range(5)}
        assert len(losses) == 5
        losses = {network.evaluate(x, np.zeros((10, 1))) for _ in range(5)}
        assert len(losses) == 1

    def test_softmax_as_a_layer_or_as_an_activation_or_in_the_loss(self):
        _, x, y = classifier()
        weights, losses = None, []
        for last, loss in (
            ([Dense(2, "softmax")], "categorical_crossentropy"),
            ([Dense(2), Softmax()], CategoricalCrossentropy()),
            ([Dense(2)], CategoricalCrossentropy(from_logits=True)),
        ):
            network = Sequential([Input((2,)), Dense(8, "relu"), *last], seed=1)
            weights = weights or network.get_weights()
            network.set_weights(weights)
            network.compile(SGD(0.5), loss)
            losses.append(network.fit(x, y, epochs=5, shuffle=False).history["loss"])
        assert losses[0] == losses[1] == losses[2]

    def test_the_worst_mistake_teaches_through_softmax(self):
        network = Sequential([Input((1,)), Dense(2, "softmax")])
        network.set_weights([[[900, -900]], [0, 0]])  # p = (1, 0), where e^z is far beyond float64
        network.compile(SGD(1.0), "categorical_crossentropy")
        assert network.train_on_batch([[1]], [[0, 1]]) == 1800
        assert network.get_weights()[0].tolist() == [[899, -899]]

    def test_own_metrics(self):
        def largest(y_true, y_pred):
            return y_pred.max()

        network = small(metrics=["accuracy", largest])
        history = network.fit(XOR, XOR_TARGETS, epochs=2)
        assert list(history.history) == ["loss", "accuracy", "largest"]
        loss, share, value = network.evaluate(XOR, XOR_TARGETS)
        assert share == accuracy(XOR_TARGETS, network.predict(XOR))
        assert value == network.predict(XOR).max()
        assert loss == np.mean((network.predict(XOR) - XOR_TARGETS) ** 2)


class TestCallbacks:
    def test_told_in_order(self):
        told = []

        class Listen(Callback):
            def on_train_begin(self, logs=None):
                told.append(("begin", self.params))

            def on_epoch_begin(self, epoch, logs=None):
                told.append(("epoch", epoch))

            def on_train_batch_end(self, batch, logs=None):
                told.append(("batch", batch, list(logs)))

            def on_epoch_end(self, epoch, logs=None):
                told.append(("epoch ends", epoch, list(logs)))

            def on_train_end(self, logs=None):
                told.append(("end", self.model))

        network = small()
        data = XOR, XOR_TARGETS
        network.fit(*data, epochs=1, batch_size=3, validation_data=data, callbacks=[Listen()])
        assert told == [
            ("begin", {"epochs": 1, "steps": 2}),
            ("epoch", 0),
            ("batch", 0, ["loss"]),
            ("batch", 1, ["loss"]),
            ("epoch ends", 0, ["loss", "val_loss"]),
            ("end", network),
        ]

    def test_can_stop_after_a_batch(self):
        class Stop(Callback):
            def on_train_batch_end(self, batch, logs=None):
                self.model.stop_training = True

        network = small()
        history = network.fit(XOR, XOR_TARGETS, epochs=5, batch_size=1, callbacks=Stop())
        assert network.optimizer.iterations == 1
        assert history.epoch == [0]
        assert history.stopped is None
        assert network.fit(XOR, XOR_TARGETS, epochs=2).epoch == [0, 1]  # and not stopped for good

    def test_an_error_in_one_is_not_swallowed(self):
        class Broken(Callback):
            def on_epoch_end(self, epoch, logs=None):
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            small().fit(XOR, XOR_TARGETS, callbacks=Broken())


class TestInterruption:
    @pytest.fixture(autouse=True)
    def python_listens(self):
        # A shell that runs the tests in the background has them ignore the signal.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, before)

    def interrupt(self, network, at, **options):
        class Interrupt(Callback):
            def on_train_batch_end(self, batch, logs=None):
                if self.model.optimizer.iterations == at:
                    self.weights = self.model.get_weights()
                    signal.raise_signal(signal.SIGINT)  # what Ctrl-C and the stop button send

        callback = Interrupt()
        history = network.fit(
            XOR, XOR_TARGETS, batch_size=1, epochs=5, callbacks=callback, **options
        )
        return history, callback.weights

    def test_keeps_the_weights_and_the_history(self, capsys):
        network = small()
        history, weights = self.interrupt(network, at=11)
        assert keras_oracle.largest_difference(network.get_weights(), weights) == 0
        assert history.epoch == [0, 1]
        assert len(history.history["loss"]) == 2
        assert (
            capsys.readouterr().out.strip()
            == history.stopped
            == (
                "Interrupted in epoch 3 of 5, after 3 of 4 batches. The network keeps the weights "
                "reached; the history holds 2 whole epochs."
            )
        )

    def test_training_can_go_on(self):
        network = small()
        self.interrupt(network, at=11)
        history = network.fit(XOR, XOR_TARGETS, epochs=2)
        assert history.epoch == [0, 1]
        assert history.stopped is None

    def test_closes_the_bar(self, capsys):
        self.interrupt(small(), at=6, verbose=1)
        assert "epoch 2/5" in capsys.readouterr().err


class TestLossNotFinite:
    def test_a_learning_rate_that_is_too_large(self, capsys):
        network = Sequential([Input((1,)), Dense(4, "relu"), Dense(1)], seed=1)
        network.compile(SGD(1000.0), "mse")
        before = network.get_weights()
        x = np.linspace(-3, 3, 20)[:, None]
        history = network.fit(x, x**2, epochs=50)
        assert history.stopped == capsys.readouterr().out.strip()
        assert "It began in " in history.stopped
        assert "the weights are those before training" in history.stopped
        assert "Try a smaller learning_rate (it is 1000)" in history.stopped
        assert keras_oracle.largest_difference(network.get_weights(), before) == 0
        assert network.optimizer.iterations == 0
        assert np.isfinite(history.history.get("loss", [0])).all()

    def test_no_warnings_beside_the_sentence(self, recwarn):
        network = Sequential([Dense(4, "relu"), Dense(1)], seed=1)
        network.compile(SGD(1000.0), "mse")
        network.fit(np.ones((4, 1)), np.zeros((4, 1)), epochs=50)
        assert not recwarn.list

    def test_weights_go_back_to_the_end_of_the_last_good_epoch(self):
        class Spoil(Callback):
            def on_epoch_begin(self, epoch, logs=None):
                self.kept = self.model.get_weights() if epoch == 3 else None

            def on_train_batch_end(self, batch, logs=None):
                if self.kept is not None and batch == 1:
                    self.spoilt, self.good = True, self.kept
                    self.model.optimizer.learning_rate = 1e200

        network, x, y = classifier(Adam(0.01))
        spoil = Spoil()
        history = network.fit(x, y, epochs=9, batch_size=10, callbacks=spoil)
        assert "in epoch 4, batch 4 of 5" in history.stopped
        assert "the weights are those at the end of epoch 3" in history.stopped
        assert history.epoch == [0, 1, 2]
        assert keras_oracle.largest_difference(network.get_weights(), spoil.good) == 0
        # The optimiser went back as well, so training can go on.
        assert network.optimizer.iterations == 3 * 5
        network.optimizer.learning_rate = 0.01
        assert network.fit(x, y, epochs=2).stopped is None

    def test_a_loss_that_grew_before_goes_back_to_where_it_was_lowest(self):
        network = Sequential([Input((1,)), Dense(1)], seed=1)
        network.set_weights([[[1.0]], [0.0]])
        network.compile(SGD(3.0), "mse")  # the error grows about fivefold with each step
        history = network.fit([[1.0], [-1.0]], [[0.0], [0.0]], epochs=1000)
        assert history.history["loss"][0] == min(history.history["loss"])
        assert len(history.epoch) > 100
        assert "the weights are those before training" in history.stopped
        assert network.get_weights()[0].tolist() == [[1.0]]

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_says_where_it_began(self, value):
        def stopped(x, y):
            network = Sequential([Input((2,)), Dense(3), ReLU(), Dense(1)], seed=1)
            network.compile("sgd", "mse")
            return network.fit(x, y, shuffle=False).stopped

        good, bad = np.ones((4, 2)), np.ones((4, 2))
        bad[2, 1] = value
        assert f"It began in the inputs x, which hold {value}." in stopped(bad, np.ones((4, 1)))
        y = np.full((4, 1), value)
        assert f"It began in the targets y, which hold {value}." in stopped(good, y)
        # Here the products overflow, in the first layer; or only the square of the loss does.
        assert "It began in the outputs of layer 1, 'dense', which hold" in stopped(
            np.full((4, 2), 1.7e308) * [1, -1], np.ones((4, 1))
        )
        assert "It began in the loss itself" in stopped(good, np.full((4, 1), 1e200))

    def test_a_last_step_that_spoils_the_weights(self):
        network = Sequential([Input((1,)), Dense(1)], seed=1)
        network.compile(SGD(1e308), "mse")
        before = network.get_weights()
        history = network.fit([[1000.0]], [[0.0]], epochs=1)
        assert "In epoch 1 the weights of 'dense' are not finite any more" in history.stopped
        assert keras_oracle.largest_difference(network.get_weights(), before) == 0

    def test_mentions_the_size_of_the_numbers(self):
        x = np.array([[0, 0], [255, 0], [0, 1], [3, 3]])
        network = Sequential([Dense(1)], seed=1)
        network.compile(SGD(1e10), "mse")
        history = network.fit(x, XOR_TARGETS, epochs=100)
        assert "in this batch they go up to 255" in history.stopped


class TestProgress:
    def test_quiet_where_nobody_watches(self, capfd):
        small().fit(XOR, XOR_TARGETS, epochs=3)
        assert capfd.readouterr() == ("", "")

    def test_lines(self, capsys):
        small(metrics=["accuracy"]).fit(XOR, XOR_TARGETS, epochs=2, verbose=2)
        lines = capsys.readouterr().out.splitlines()
        assert [line.split(":")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]
        assert all("loss: 0." in line and "accuracy: 0." in line for line in lines)

    def test_bar(self, capsys):
        small().fit(XOR, XOR_TARGETS, epochs=2, batch_size=1, verbose=1)
        out, err = capsys.readouterr()
        assert out == ""
        assert "epoch 2/2" in err and "8/8" in err and "loss: 0." in err

    def test_a_notebook_that_a_person_runs_or_a_program(self):
        manager, client = start_new_kernel()
        try:
            code = (
                "from helpers.network.callbacks import somebody_watches\nprint(somebody_watches())"
            )

            def run(code, **options):
                printed = []

                def collect(message):
                    printed.append(message["content"].get("text", ""))

                client.execute_interactive(code, output_hook=collect, timeout=60, **options)
                return "".join(printed).strip()

            assert run(code, allow_stdin=True) == "True"  # as JupyterLab asks
            assert run(code, allow_stdin=False) == "False"  # as nbclient asks, and so the book
            run("import os; os.environ['TQDM_DISABLE'] = '1'")
            assert run(code, allow_stdin=True) == "False"
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)

    def test_a_terminal(self, monkeypatch):
        monkeypatch.delenv("TQDM_DISABLE", raising=False)
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        assert Progress("auto").verbose == 1
        monkeypatch.setenv("TQDM_DISABLE", "1")
        assert Progress("auto").verbose == 0


class TestSummary:
    def test_the_example_of_366_parameters(self, capsys):
        Sequential(
            [Input((10,)), Dense(12, "sigmoid"), Dense(12, "sigmoid"), Dense(6, "sigmoid")]
        ).summary()
        assert capsys.readouterr().out.splitlines() == [
            'Model: "sequential"',
            "Layer (type)     Output Shape  Param #",
            "──────────────────────────────────────",
            "dense (Dense)    (None, 12)        132",
            "dense_1 (Dense)  (None, 12)        156",
            "dense_2 (Dense)  (None, 6)          78",
            "──────────────────────────────────────",
            "Total params: 366",
        ]

    def test_thousands_are_marked(self, capsys):
        network = Sequential([Flatten(), Dense(128, "relu"), Dense(10, "softmax")], name="digits")
        network.build((None, 28, 28))
        network.summary()
        out = capsys.readouterr().out
        assert 'Model: "digits"' in out and "100,480" in out and "Total params: 101,770" in out

    def test_before_the_shapes_are_known(self):
        with pytest.raises(
            ValueError, match=r"start it with Input\(\(features,\)\), or call build"
        ):
            Sequential([Dense(2)]).summary()


class TestErrors:
    def test_not_compiled(self):
        network = Sequential([Dense(1)])
        for method in (network.fit, network.evaluate, network.train_on_batch):
            with pytest.raises(RuntimeError, match="does not know how to train: call compile"):
                method(XOR, XOR_TARGETS)

    @pytest.mark.parametrize(
        ("x", "y", "message"),
        [
            (XOR, XOR_TARGETS[:3], "x holds 4 samples, {}y holds 3: use one target per sample"),
            (XOR[:0], XOR_TARGETS[:0], "x=.* is empty: give it at least one"),
            (XOR, [[0], [1], [1, 2], [0]], "y=.* is ragged"),
            (XOR, ["a", "b", "c", "d"], "y=.* does not hold real numbers"),
            (XOR, [0, 1, 1, 0], r"y of shape \(4,\) does not fit .*: use {}y.reshape\(4, 1\)"),
            (XOR, np.ones((4, 3)), r"y of shape \(4, 3\) does not fit outputs of shape \(4, 1\): "
             "every output needs one target"),
        ],
    )  # fmt: skip
    def test_data_that_does_not_fit(self, x, y, message):
        with pytest.raises((TypeError, ValueError), match="^" + message.format("")):
            small().fit(x, y)
        message = "^validation " + message.format("validation ")
        with pytest.raises((TypeError, ValueError), match=message):
            small().fit(XOR, XOR_TARGETS, validation_data=(x, y))

    def test_another_number_of_inputs_than_before(self):
        network = small()
        network.fit(XOR, XOR_TARGETS)
        message = r"inputs of shape \(4, 5\) do not fit the layer 'dense': it was built for"
        for call in (network.fit, network.evaluate, lambda x, y: network.predict(x)):
            with pytest.raises(ValueError, match=message):
                call(np.ones((4, 5)), XOR_TARGETS)

    def test_class_numbers_instead_of_one_hot_rows(self):
        network, x, y = classifier()
        with pytest.raises(ValueError, match=r"for class numbers use to_categorical\(y, 2\)"):
            network.fit(x, y.argmax(axis=1))
        y[7] = 1, 1
        with pytest.raises(ValueError, match=r"y\[7\] is \[1.0, 1.0\], which is no probability"):
            network.fit(x, y)

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"batch_size": 0}, "batch_size=0 is too small"),
            ({"batch_size": 2.5}, "batch_size=2.5 is not a whole number"),
            ({"epochs": 0}, "epochs=0 is too small"),
            ({"epochs": "3"}, "epochs='3' is not a whole number"),
            ({"verbose": "loud"}, "verbose='loud' does not fit"),
            ({"validation_data": XOR}, r"validation_data does not fit: use a pair \(x, y\)"),
        ],
    )
    def test_options_of_fit(self, options, message):
        with pytest.raises((TypeError, ValueError), match=message):
            small().fit(XOR, XOR_TARGETS, **options)

    def test_layers_that_do_not_fit_each_other(self):
        with pytest.raises(ValueError, match=r"\(None, 28, 28\) do not fit .* put a Flatten\(\)"):
            Sequential([Input((28, 28)), Dense(10)])

    def test_what_is_no_layer(self):
        with pytest.raises(TypeError, match="'relu' is no layer: use an object such as Dense"):
            Sequential([Dense(3), "relu"])
        with pytest.raises(TypeError, match="is no layer"):
            Sequential([Dense])
        with pytest.raises(ValueError, match="is not the first entry"):
            Sequential([Dense(3), Input((2,))])

    def test_the_same_layer_twice(self):
        layer = Dense(3)
        with pytest.raises(ValueError, match="'dense' is in the network already: make another"):
            Sequential([layer, Sigmoid(), layer])

    def test_no_layers(self):
        network = Sequential()
        network.compile("sgd", "mse")
        with pytest.raises(ValueError, match="the network has no layers"):
            network.fit(XOR, XOR_TARGETS)

    def test_weights_that_do_not_fit(self):
        network = small()
        with pytest.raises(ValueError, match="'sequential': it needs .* none before it is built"):
            network.set_weights([np.ones((2, 4))])

    def test_softmax_twice(self):
        network = Sequential([Dense(2, "softmax")], seed=1)
        network.compile("sgd", CategoricalCrossentropy(from_logits=True))
        with pytest.raises(ValueError, match="softmax is taken twice, by 'dense' and by the loss"):
            network.fit(XOR, np.eye(2)[[0, 1, 1, 0]])

    def test_crossentropy_of_what_is_no_probability(self):
        network = Sequential([Dense(2, "sigmoid")], seed=1)
        network.compile("sgd", "categorical_crossentropy")
        with pytest.raises(ValueError, match="end the network with softmax, or use from_logits"):
            network.fit(XOR, np.eye(2)[[0, 1, 1, 0]])

    def test_unknown_names(self):
        for wrong in ({"optimizer": "lion"}, {"loss": "hinge"}, {"loss": None},
                      {"metrics": ["precision"]}):  # fmt: skip
            with pytest.raises(ValueError, match="is unknown"):
                Sequential([Dense(1)]).compile(**{"optimizer": "sgd", "loss": "mse"} | wrong)

    def test_an_optimiser_of_another_network(self):
        shared = SGD(0.1, 0.9)
        first, second = small(optimizer=shared), Sequential([Dense(1)], seed=1)
        first.fit(XOR, XOR_TARGETS)
        second.compile(shared, MeanSquaredError())
        with pytest.raises(ValueError, match="for others make a new one"):
            second.fit(XOR, XOR_TARGETS)

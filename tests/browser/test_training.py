"""Training in slices: always the same steps, a page that stays free, and nothing left behind."""

import numpy as np
import pytest

# A trainer on ten samples of XOR, and a list of all that it reports.
START = """(options = {}) => {
    globalThis.reports = [];
    const rng = m.createRandom(1);
    const data = m.xor({ count: 10, noise: 0.1, rng });
    const layers = [{ units: 4, activation: "tanh" }, { units: 2, activation: "softmax" }];
    const loss = "categorical_crossentropy";
    globalThis.network = m.createNetwork({ inputs: 2, layers, loss, rng });
    const settings = { learningRate: 0.1 };
    const optimizer = m.createOptimizer("adam", network.parameters.length, settings);
    globalThis.trainer = m.createTrainer({
        network, optimizer, data, batchSize: 4, seed: 2, element: document.querySelector("#stage"),
        report: ({ curve, ...progress }) => reports.push(progress), ...options,
    });
}"""

# Work and painting that take a given time, by a clock that only they move: a real one would measure
# what else the machine does. Returns how many steps the last slices had.
SLICES = """async ([stepMs, paintMs, loopCount]) => {
    let clock = 0;
    performance.now = () => clock;
    const element = document.querySelector("#stage");
    const slices = [];
    const loops = Array.from({ length: loopCount }, (_, i) => {
        let steps = 0;
        const work = () => { steps++; clock += stepMs; return true; };
        const report = () => {
            if (steps) slices.push(steps);
            steps = 0;
            clock += paintMs;
        };
        return m.createLoop({ element, work, report });
    });
    loops.forEach((loop) => loop.play());
    while (slices.length < 60) await new Promise(requestAnimationFrame);
    loops.forEach((loop) => loop.dispose());
    return slices.slice(-10);
}"""

PAGE = """<!doctype html><title>Training</title>
<div id="stage" style="height: 100px">stage</div><div style="height: 4000px"></div>"""


@pytest.fixture
def page(visit, link_modules):
    """A page with a stage at its top, and the modules in ``m``."""
    page = visit("about:blank", height=600)
    page.set_content(PAGE)
    arithmetic = ["network", "optimizers", "random", "toy_data", "loss_curve"]
    link_modules(page, *(f"arithmetic/{name}.mjs" for name in arithmetic))
    link_modules(page, "card/training.mjs", "card/loop.mjs")
    return page


def steps(page):
    return page.evaluate("trainer.progress.steps")


def frames(page, count=10):
    """Let some frames pass."""
    page.evaluate(
        """async (count) => {
            for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame);
        }""",
        count,
    )


def rests(page):
    """Return whether nothing is learned in ten frames."""
    before = steps(page)
    frames(page)
    return steps(page) == before


def test_a_step_is_the_four_lines(page):
    page.evaluate(f"({START})({{ batchSize: 10 }})")
    same = page.evaluate(
        """() => {
            const rng = m.createRandom(1);
            const data = m.xor({ count: 10, noise: 0.1, rng });
            const layers = [{ units: 4, activation: "tanh" }, { units: 2, activation: "softmax" }];
            const loss = "categorical_crossentropy";
            const alone = m.createNetwork({ inputs: 2, layers, loss, rng });
            const settings = { learningRate: 0.1 };
            const optimizer = m.createOptimizer("adam", alone.parameters.length, settings);
            let last;
            for (let i = 0; i < 25; i++) {
                alone.forward(data.inputs, 10);
                last = alone.loss(data.targets);
                alone.backward(data.targets);
                optimizer.update(alone.parameters, alone.gradients);
            }
            trainer.step(25);
            const { steps, epochs, loss: reported, epochLoss } = reports.at(-1);
            return [
                alone.parameters.every((value, i) => value === network.parameters[i]),
                [steps, epochs], reported === last && epochLoss === last, reports.length,
            ];
        }"""
    )
    assert same == [True, [25, 25], True, 1]


def test_an_epoch_takes_every_sample_once_in_a_new_order(page):
    seen = page.evaluate(
        """() => {
            const seen = [];
            const inputs = Float64Array.from({ length: 10 }, (_, i) => i);
            const data = { inputs, targets: inputs.map((input) => 10 * input), count: 10 };
            const network = m.createNetwork({ inputs: 1, layers: [{ units: 1 }] });
            const forward = network.forward;
            network.forward = (samples, count) => {
                seen.push([...samples.slice(0, count)]);
                return forward(samples, count);
            };
            const backward = network.backward;
            network.backward = (targets) => {
                const fits = seen.at(-1).every((sample, i) => targets[i] === 10 * sample);
                if (!fits) throw new Error("targets of other samples");
                backward(targets);
            };
            const optimizer = m.createOptimizer("sgd", 2, { learningRate: 0 });
            const trainer = m.createTrainer({
                network, optimizer, data, batchSize: 4, element: document.body, report: () => {},
            });
            trainer.step(9);
            trainer.dispose();
            return seen;
        }"""
    )
    assert [len(batch) for batch in seen] == [4, 4, 2] * 3
    epochs = [sum(seen[i : i + 3], []) for i in (0, 3, 6)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in [*epochs, list(range(10))]}) == 4


def test_epoch_loss_is_the_mean_over_samples(page):
    page.evaluate(f"({START})()")
    page.evaluate("[1, 2, 3].forEach(() => trainer.step())")
    first, second, third = (report["loss"] for report in page.evaluate("reports"))
    last = page.evaluate("reports.at(-1)")
    assert last["epochs"] == 1
    assert last["epochLoss"] == pytest.approx((4 * first + 4 * second + 2 * third) / 10)


def test_playing_trains_and_reset_repeats_the_very_same(page):
    page.evaluate(f"({START})()")
    page.evaluate("trainer.play()")
    page.wait_for_function("trainer.progress.steps > 200")
    page.evaluate("trainer.pause()")
    assert rests(page)
    reached = page.evaluate("trainer.progress")
    assert reached["loss"] < 0.1 and not reached["playing"]
    parameters = page.evaluate("[...network.parameters]")
    page.evaluate("trainer.reset()")
    fresh = page.evaluate("reports.at(-1)")
    assert (fresh["steps"], fresh["epochs"]) == (0, 0)
    assert np.isnan(fresh["loss"])
    assert page.evaluate("trainer.progress.curve.length") == 0
    page.evaluate("(count) => trainer.step(count)", reached["steps"])
    assert page.evaluate("[...network.parameters]") == parameters
    assert page.evaluate("reports.at(-1).loss") == reached["loss"]


def test_every_change_of_playing_is_reported(page):
    page.evaluate(f"({START})({{ stepsPerSecond: 0 }})")
    page.evaluate("trainer.play(); trainer.play(); trainer.pause(); trainer.pause()")
    assert [report["playing"] for report in page.evaluate("reports")] == [True, False]


def test_step_while_playing_pauses(page):
    page.evaluate(f"({START})({{ stepsPerSecond: 0 }})")
    page.evaluate("trainer.play(); trainer.step()")
    assert page.evaluate("reports.map((report) => [report.playing, report.steps])") == [
        [True, 0], [False, 0], [False, 1],
    ]  # fmt: skip
    assert rests(page)


def test_settings_change_while_it_plays(page):
    page.evaluate(f"({START})({{ batchSize: 10 }})")
    page.evaluate("trainer.play()")
    page.wait_for_function("trainer.progress.epochs > 5")
    frozen, before = page.evaluate(
        """() => {
            trainer.optimizer.learningRate = 0;
            trainer.batchSize = 1;
            return [[...network.parameters], { ...trainer.progress }];
        }"""
    )
    page.wait_for_function("(steps) => trainer.progress.steps > steps", arg=before["steps"] + 20)
    page.evaluate("trainer.pause()")
    after = page.evaluate("trainer.progress")
    assert after["epochs"] - before["epochs"] == (after["steps"] - before["steps"]) // 10
    # Adam's mean of past gradients still moves nothing at a rate of 0.
    assert page.evaluate("[...network.parameters]") == frozen


def test_steps_per_second_are_kept(page):
    page.evaluate(f"({START})({{ stepsPerSecond: 20 }})")
    seconds = page.evaluate(
        """async () => {
            const start = performance.now();
            trainer.play();
            while (trainer.progress.steps < 11) await new Promise(requestAnimationFrame);
            return (performance.now() - start) / 1000;
        }"""
    )
    assert seconds > 0.45  # ten steps after the first; how much longer is the machine's affair
    page.evaluate("trainer.stepsPerSecond = Infinity")
    page.wait_for_function("trainer.progress.steps > 1000")


@pytest.mark.parametrize(
    ("step_ms", "paint_ms", "loops", "expected"),
    [
        (0.5, 0, 1, 16),  # 8 ms
        (0.5, 5, 1, 16),  # 8 ms and 5 ms of painting make 13
        (0.3, 11, 1, 7),  # painting leaves 2 ms
        (0.25, 100, 1, 4),  # always 1 ms, or nothing would ever be learned
        (20, 0, 1, 1),  # a step that is longer than any slice
        (0.5, 0, 2, 8),  # two loops in one page share the 8 ms
        (0.3, 4, 2, 9),  # 6.5 ms for each, of which painting takes 4
    ],
)
def test_slices_leave_time_for_the_page(page, step_ms, paint_ms, loops, expected):
    slices = page.evaluate(SLICES, [step_ms, paint_ms, loops])
    assert slices == [expected] * 10


def test_divergence_stops_and_says_so(page):
    page.evaluate(
        """() => {
            const data = m.curve({ count: 10 });
            const layers = [{ units: 4, activation: "relu" }, { units: 1 }];
            globalThis.network = m.createNetwork({ inputs: 1, layers, rng: m.createRandom(3) });
            const settings = { learningRate: 50 };
            const optimizer = m.createOptimizer("sgd", network.parameters.length, settings);
            const element = document.querySelector("#stage");
            const report = () => {};
            globalThis.trainer = m.createTrainer({ network, optimizer, data, element, report });
            trainer.play();
        }"""
    )
    page.wait_for_function("trainer.progress.diverged")
    end = page.evaluate("trainer.progress")
    assert not end["playing"]
    assert f"After {end['steps']} steps" in end["message"]
    assert "smaller learning rate" in end["message"]
    page.evaluate("trainer.play(); trainer.step()")
    assert rests(page) and steps(page) == end["steps"]
    page.evaluate("trainer.reset(); trainer.optimizer.learningRate = 0.1; trainer.step(50)")
    healed = page.evaluate("trainer.progress")
    assert (healed["steps"], healed["diverged"], healed["message"]) == (50, False, "")
    assert healed["loss"] < 1


def test_a_gradient_too_large_for_a_number_is_never_applied(page):
    # Weight 0, input 1e200, target 1e150: the loss is 1e300, the gradient −2e350.
    result = page.evaluate(
        """() => {
            const [inputs, targets] = [Float64Array.of(1e200, 1), Float64Array.of(1e150, 1)];
            const network = m.createNetwork({ inputs: 1, layers: [{ units: 1, bias: null }] });
            const optimizer = m.createOptimizer("sgd", 1);
            const trainer = m.createTrainer({
                network, optimizer, data: { inputs, targets, count: 2 },
                element: document.body, report: () => {},
            });
            trainer.step();
            const { diverged, loss } = trainer.progress;
            trainer.batchSize = 1; // now the second sample alone would do
            trainer.step(2);
            trainer.dispose();
            return [diverged, loss, trainer.progress.steps, ...network.parameters];
        }"""
    )
    assert result == [True, pytest.approx(0.5e300), 0, 0]


def test_out_of_sight_it_waits(page):
    page.evaluate(f"({START})()")
    page.evaluate("trainer.play()")
    page.wait_for_function("trainer.progress.steps > 0")
    page.evaluate("scrollTo(0, 2000)")
    frames(page, 5)
    assert rests(page)
    assert page.evaluate("reports.at(-1).playing")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("(steps) => trainer.progress.steps > steps", arg=steps(page))


@pytest.mark.parametrize("away", ["style.display = 'none'", "remove()"])
def test_hidden_or_taken_out_it_waits(page, away):
    page.evaluate(f"({START})()")
    page.evaluate("trainer.play()")
    page.wait_for_function("trainer.progress.steps > 0")
    page.evaluate(f"(globalThis.stage = document.querySelector('#stage')).{away}")
    frames(page, 5)
    assert rests(page)
    page.evaluate("stage.style.display = ''; document.body.prepend(stage)")
    page.wait_for_function("(steps) => trainer.progress.steps > steps", arg=steps(page))


def test_nothing_outlives_dispose(page):
    page.evaluate(f"({START})()")
    # A frame still asked for would call its function, a new observer would be told where it is.
    page.evaluate(
        """() => {
            globalThis.asked = 0;
            const ask = requestAnimationFrame;
            globalThis.requestAnimationFrame = (act) => { asked++; return ask(act); };
            trainer.play();
        }"""
    )
    page.wait_for_function("trainer.progress.steps > 0")
    count, told = page.evaluate("(trainer.dispose(), [asked, reports.length])")
    assert rests(page)
    page.evaluate("scrollTo(0, 2000)")
    frames(page, 3)
    page.evaluate("scrollTo(0, 0)")
    frames(page, 3)
    page.evaluate("trainer.play()")
    assert rests(page)
    asked_by_test = 10 + 3 + 3 + 10
    assert page.evaluate("asked") - count == asked_by_test
    assert page.evaluate("reports.length") == told


def test_disposing_in_a_report_stops_at_once(page):
    page.evaluate(
        f"({START})({{ report: (progress) => {{ if (progress.steps) trainer.dispose(); }} }})"
    )
    page.evaluate("trainer.play()")
    page.wait_for_function("trainer.progress.steps > 0")
    assert rests(page)


@pytest.mark.parametrize("count", [1, 3, 7, 8, 9, 100])
def test_curve_keeps_the_whole_history_in_few_points(page, count):
    points, per_point = page.evaluate(
        """(count) => {
            const curve = m.createLossCurve(8);
            for (let i = 0; i < count; i++) curve.add(i);
            return [[...curve.values.slice(0, curve.length)], curve.stepsPerPoint];
        }""",
        count,
    )
    complete = count // per_point
    assert len(points) == complete < 8
    assert per_point == (1 if count < 8 else 2 if count < 16 else 16)
    assert points == [np.arange(i * per_point, (i + 1) * per_point).mean() for i in range(complete)]


def test_data_that_do_not_fit_the_network(page):
    with pytest.raises(Exception, match=r"5 samples of 1 inputs .* network of 2 inputs"):
        page.evaluate(f"({START})({{ data: m.curve({{ count: 5 }}) }})")
    with pytest.raises(Exception, match="A batch size of 0 does not work"):
        page.evaluate(f"({START})({{ batchSize: 0 }})")


def test_training_allocates_nothing(page):
    page.evaluate(f"({START})()")
    page.evaluate("trainer.step(20000)")  # until the browser has compiled it
    session = page.context.new_cdp_session(page)
    kept = {f"includeObjectsCollectedBy{kind}GC": True for kind in ("Major", "Minor")}
    session.send("HeapProfiler.startSampling", {"samplingInterval": 1024, **kept})
    page.evaluate("trainer.step(20000)")
    profile = session.send("HeapProfiler.stopSampling")["profile"]["head"]

    def allocated(node):
        return node["selfSize"] + sum(map(allocated, node["children"]))

    # A number that a function returns takes 12 bytes or so; the smallest view of an array takes 50.
    assert allocated(profile) < 20000 * 48

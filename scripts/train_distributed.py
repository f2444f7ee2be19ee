"""Train one network on several workers at once, with TensorFlow's MultiWorkerMirroredStrategy.

Every worker holds the same weights. Each step it takes its share of the batch, finds the gradients
of its share, and adds them up with those of all others (an all-reduce); then all take the same step
and hold the same weights again. So N workers train exactly as one does, up to rounding, and the
number of workers decides only how long it takes.

Run as it is, it starts two workers on this machine, and one alone for comparison. On machines of
your own, start it with `--worker` on each, with TF_CONFIG set as TensorFlow's guide says, and with
a checkpoint folder that all of them see.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers import models  # noqa: E402
from helpers.datasets import load_handwriting  # noqa: E402


def read_options(arguments=None):
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--workers", type=int, default=2, help="processes on this machine (2)")
    # No batch normalisation: each worker would take the mean of its own share.
    add("--model", choices=["dense", "small_cnn"], default="small_cnn")
    add("--optimizer", choices=["sgd", "rmsprop", "adam"], default="rmsprop")
    add("--learning-rate", type=float, default=0.001)
    add("--batch-size", type=int, default=128, help="of all workers together (128)")
    add("--epochs", type=int, default=2)
    add("--samples", type=int, default=6000, help="digits to train on (6000)")
    add("--seed", type=int, default=0)
    add("--threads", type=int, default=1, help="of each worker (1)")
    add("--checkpoints", type=Path, help="a folder; a run continues from what it finds there")
    add("--checkpoint-every", type=int, default=20, help="steps (20)")
    add("--kill-at", type=int, help="kill one worker after this step, once, to see it resume")
    add("--alone", action="store_true", help="without one worker for comparison")
    add("--worker", action="store_true", help="be one worker; TF_CONFIG says which")
    options = parser.parse_args(arguments)
    for name in ("workers", "batch_size", "epochs", "samples", "threads", "checkpoint_every"):
        if getattr(options, name) < 1:
            parser.error(f"--{name.replace('_', '-')} {getattr(options, name)}: use 1 or more")
    return options


def make_step(strategy, model, optimizer, batch_size):
    """Return the function that takes one step of training on all workers at once."""
    import keras
    import tensorflow as tf

    loss_of_each = keras.losses.SparseCategoricalCrossentropy(reduction="none")

    def on_one_worker(x, y):
        with tf.GradientTape() as tape:
            # A worker's share of the mean over the whole batch: the shares add up to it.
            loss = tf.reduce_sum(loss_of_each(y, model(x, training=True))) / batch_size
        gradients = tape.gradient(loss, model.trainable_variables)
        # `apply` adds the gradients of all workers up itself, since it is called within a replica.
        # A second all-reduce before it would multiply them by the number of workers.
        optimizer.apply(gradients, model.trainable_variables)
        return tf.distribute.get_replica_context().all_reduce("sum", loss)

    @tf.function(reduce_retracing=True)
    def step(x, y):
        return strategy.run(on_one_worker, args=(x, y))

    return step


def work(options):
    """Be one worker: train from the last checkpoint to the end; the first one reports."""
    import keras
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    # Before anything else of TensorFlow is used: it meets the other workers here.
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    workers, rank = strategy.num_replicas_in_sync, strategy.cluster_resolver.task_id or 0
    digits = load_handwriting(train_samples=options.samples)
    (x, y), size = digits.train, options.batch_size

    keras.utils.set_random_seed(options.seed)
    with strategy.scope():
        model = getattr(models, options.model)()
        kind = {"sgd": "SGD", "rmsprop": "RMSprop", "adam": "Adam"}[options.optimizer]
        optimizer = getattr(keras.optimizers, kind)(options.learning_rate)
        optimizer.build(model.trainable_variables)
    checkpoint = options.checkpoints / "checkpoint.npz"
    variables = [*model.variables, *optimizer.variables]
    done = restore(checkpoint, variables)

    step = make_step(strategy, model, optimizer, size)
    steps_per_epoch = -(-len(x) // size)
    losses, clock = [], []
    for number in range(done, options.epochs * steps_per_epoch):
        epoch, place = divmod(number, steps_per_epoch)
        order = np.random.default_rng([options.seed, epoch]).permutation(len(x))
        batch = order[place * size : (place + 1) * size]
        mine = batch[rank::workers]
        # The mean over a last, smaller batch is taken over `size` as well: a shorter step.
        losses.append(float(step(tf.constant(x[mine]), tf.constant(y[mine]))))
        clock.append(time.perf_counter())
        if rank == 0 and (number + 1) % options.checkpoint_every == 0:
            save(checkpoint, variables, number + 1)
        if options.kill_at == number + 1 and rank == workers - 1 and done < number:
            mark = options.checkpoints / "killed"
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)

    weights = [np.asarray(array) for array in model.get_weights()]
    np.savez(options.checkpoints / f"weights-{rank}.npz", *weights)
    if rank == 0:
        test = model(digits.test[0][:1000]).numpy().argmax(axis=1)
        # The first steps build the graph.
        timed = clock[min(3, len(clock) - 1) :]
        seconds = max(timed[-1] - timed[0], 1e-9) if timed else float("nan")
        report = {
            "workers": workers,
            "data": digits.name,
            "steps": len(clock),
            "continued_from": done,
            "examples_per_second": size * (len(timed) - 1) / seconds,
            "loss": losses[-1] if losses else None,
            "test_accuracy": float((test == digits.test[1][:1000]).mean()),
        }
        (options.checkpoints / "report.json").write_text(json.dumps(report))


def save(path, variables, steps):
    """Write all that training needs to go on, whole or not at all."""
    part = path.with_name("part.npz")
    np.savez(part, steps, *(np.asarray(variable) for variable in variables))
    os.replace(part, path)


def restore(path, variables):
    """Put back what `save` wrote, if there is something; return the number of steps done."""
    if not path.exists():
        return 0
    with np.load(path, allow_pickle=False) as arrays:
        steps, *values = (arrays[name] for name in arrays.files)
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    return int(steps)


def launch(options, workers, folder, restarts=3):
    """Run so many workers here until they are through; start all again if one dies.

    Returns
    -------
    dict
        The first worker's report, and "restarts".
    """
    folder.mkdir(parents=True, exist_ok=True)
    passed_on = [
        *("--model", options.model, "--optimizer", options.optimizer),
        *("--learning-rate", str(options.learning_rate), "--batch-size", str(options.batch_size)),
        *("--epochs", str(options.epochs), "--samples", str(options.samples)),
        *("--seed", str(options.seed), "--threads", str(options.threads)),
        *("--checkpoint-every", str(options.checkpoint_every), "--checkpoints", str(folder)),
        *(("--kill-at", str(options.kill_at)) if options.kill_at and workers > 1 else ()),
    ]
    for attempt in range(restarts + 1):
        addresses = [f"localhost:{port}" for port in free_ports(workers)]
        team = []
        for rank in range(workers):
            config = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": rank}}
            log = (folder / f"log-{rank}.txt").open("w")
            command = [sys.executable, __file__, "--worker", *passed_on]
            environment = os.environ | {"TF_CONFIG": json.dumps(config)}
            team.append(
                subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
            )
            log.close()
        if all(code == 0 for code in wait(team)):
            return json.loads((folder / "report.json").read_text()) | {"restarts": attempt}
        print(f"a worker of {workers} stopped: all start again from the last checkpoint")
    raise SystemExit(
        f"{workers} workers failed {restarts + 1} times; the last lines of the first one:\n"
        + "\n".join((folder / "log-0.txt").read_text().splitlines()[-15:])
    )


def wait(team):
    """Return the workers' exit codes; when one fails, the others, who would wait, are ended."""
    try:
        while any(worker.poll() is None for worker in team):
            if any(worker.poll() for worker in team):
                break
            time.sleep(0.05)
    finally:
        for worker in team:
            if worker.poll() is None:
                worker.kill()
    return [worker.wait() for worker in team]


def free_ports(count):
    """Return ports that nobody uses at the moment."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("localhost", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def largest_difference(folder, other, rank=0, other_rank=0):
    """Return the largest difference between the final weights of two workers."""
    paths = folder / f"weights-{rank}.npz", other / f"weights-{other_rank}.npz"
    with np.load(paths[0]) as mine, np.load(paths[1]) as theirs:
        return max(float(np.abs(mine[name] - theirs[name]).max()) for name in mine.files)


def main():
    """Be a worker, or start workers and compare them with one."""
    options = read_options()
    if options.worker:
        if options.checkpoints is None:
            raise SystemExit("a worker needs --checkpoints, a folder that all workers see")
        options.checkpoints.mkdir(parents=True, exist_ok=True)
        return work(options)
    with tempfile.TemporaryDirectory() as scratch:
        base = options.checkpoints or Path(scratch)
        together = launch(options, options.workers, base / f"{options.workers}-workers")
        say(together)
        if options.workers == 1 or options.alone:
            return None
        one = launch(options, 1, base / "1-workers")
        say(one)
        ratio = together["examples_per_second"] / one["examples_per_second"]
        apart = largest_difference(base / f"{options.workers}-workers", base / "1-workers")
        print(
            f"{ratio:.2f} times as fast as one, {ratio / options.workers:.0%} of {options.workers} "
            f"({os.cpu_count()} cores here); largest difference of a weight: {apart:.1e}"
        )
    return None


def say(report):
    """Print a line about a run."""
    print(
        f"{report['workers']} worker(s) on {report['data']}: "
        f"{report['examples_per_second']:.0f} examples/s, {report['steps']} steps, "
        f"continued from step {report['continued_from']}, {report['restarts']} restart(s), test "
        f"accuracy {report['test_accuracy']:.1%}",
        flush=True,
    )


if __name__ == "__main__":
    main()

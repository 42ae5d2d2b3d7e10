#!/usr/bin/env python3
"""Measures a specification's centralized training on a real GPU: seconds, and joules of the board.

It trains the specification's own model by its own rule (batch size, SGD, learning rate and its decay, when to evaluate,
when to stop) in PyTorch, and reads the energy counter of NVML, the driver's library. Fedgram models the same training by
a device profile; this is what the model is held against.

    tests/bench/gpu_baseline.py --data-dir DIR [--spec FILE] [--loop NAME]... [--seeds N] [--seconds S]

It prints JSON, an object a line, told apart by "what":

    device  the GPU, the driver, PyTorch, and what is trained
    start   from the program's start until a training could begin: imports, data, CUDA, one training to warm up
    idle    the board's watts with nothing to do, before CUDA has been opened, after it, and when all is done
    window  the trainings of one seed by one loop, again and again for at least --seconds
    profile with --profile: kernels that one step launches, and how long they keep the GPU busy
    loop    a loop's means over its seeds, with least and most

The loops train alike and differ in how they feed the GPU:

    loader    samples in the host's memory, a DataLoader without workers, a copy to the GPU each step
    resident  all samples on the GPU, PyTorch's eager mode
    graph     the same, with the whole step captured once as a CUDA graph, then replayed

The counter moves some ten times a second, so a window begins and ends where it moves. A training's joules are the
window's mean watts times its own seconds, which hold the model's making, the steps and the evaluations; a graph's also
its capture. Data, imports and CUDA's start are in "start" alone. Of the host nothing is in the joules.
"""

import argparse
import ctypes
import gzip
import json
import os
import pathlib
import statistics
import sys
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


class Board:
    """One GPU as NVML sees it. Opening it leaves the GPU idle; CUDA isn't touched."""

    def __init__(self, index):
        self.library = ctypes.CDLL("libnvidia-ml.so.1")
        self.call("nvmlInit_v2")
        self.handle = ctypes.c_void_p()
        self.call("nvmlDeviceGetHandleByIndex_v2", ctypes.c_uint(index), ctypes.byref(self.handle))

    def call(self, function, *arguments):
        result = getattr(self.library, function)(*arguments)
        if result != 0:
            raise RuntimeError(f"{function}: NVML error {result}")

    def name(self):
        text = ctypes.create_string_buffer(96)
        self.call("nvmlDeviceGetName", self.handle, text, ctypes.c_uint(96))
        return text.value.decode()

    def driver(self):
        text = ctypes.create_string_buffer(96)
        self.call("nvmlSystemGetDriverVersion", text, ctypes.c_uint(96))
        return text.value.decode()

    def joules(self):
        millijoules = ctypes.c_ulonglong()
        self.call("nvmlDeviceGetTotalEnergyConsumption", self.handle, ctypes.byref(millijoules))
        return millijoules.value / 1000

    def edge(self):
        """Waits until the counter moves. Gives the time and its new value."""
        before = self.joules()
        deadline = time.perf_counter() + 5
        while time.perf_counter() < deadline:
            now, at = self.joules(), time.perf_counter()
            if now != before:
                return at, now
            time.sleep(0.001)
        raise RuntimeError("the energy counter doesn't move")

    def idle(self, seconds):
        """Mean watts over `seconds` in which this process does nothing."""
        began, first = self.edge()
        time.sleep(seconds)
        ended, last = self.edge()
        return (last - first) / (ended - began)


def idx(path, header):
    """The bytes of an IDX file behind its header, as a flat tensor."""
    import torch

    with gzip.open(path) as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


class Data:
    """Fashion-MNIST, normalised once as the specification says, in the host's memory and on the GPU."""

    def __init__(self, folder, normalization):
        import torch

        def images(name):
            pixels = idx(folder / name, 16).reshape(-1, 1, 28, 28).float() / 255
            return (pixels - normalization["mean"]) / normalization["standard_deviation"]

        self.images = images("train-images-idx3-ubyte.gz")
        self.labels = idx(folder / "train-labels-idx1-ubyte.gz", 8).long()
        self.gpu_images = self.images.cuda()
        self.gpu_labels = self.labels.cuda()
        self.test_images = images("t10k-images-idx3-ubyte.gz").cuda()
        self.test_labels = idx(folder / "t10k-labels-idx1-ubyte.gz", 8).long().cuda()
        self.samples = len(self.labels)
        torch.cuda.synchronize()


def make_model(layers):
    """The specification's layers, with PyTorch's own initial values, which are Fedgram's too (1/sqrt(fan-in))."""
    from torch import nn

    shape, modules = (1, 28, 28), []
    for layer in layers:
        kind = layer["kind"]
        if kind == "conv2d":
            stride, padding, kernel = layer["stride"], layer["padding"], layer["kernel"]
            modules.append(nn.Conv2d(shape[0], layer["channels"], kernel, stride, padding))
            side = [(size + 2 * padding - kernel) // stride + 1 for size in shape[1:]]
            shape = (layer["channels"], *side)
        elif kind == "max_pool2d":
            modules.append(nn.MaxPool2d(layer["kernel"], layer["stride"]))
            shape = (shape[0], *((size - layer["kernel"]) // layer["stride"] + 1 for size in shape[1:]))
        elif kind == "relu":
            modules.append(nn.ReLU())
        elif kind == "flatten":
            modules.append(nn.Flatten())
            shape = (shape[0] * shape[1] * shape[2],)
        elif kind == "linear":
            modules.append(nn.Linear(shape[0], layer["features"]))
            shape = (layer["features"],)
        else:
            sys.exit(f"gpu_baseline.py: layer {kind} is not known here")
    return nn.Sequential(*modules).cuda()


class EagerStep:
    """One step of the eager mode: forward, backward, PyTorch's SGD."""

    def __init__(self, model, rule):
        import torch

        self.model = model
        self.loss = torch.nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(model.parameters(), lr=rule["learning_rate"], momentum=rule["momentum"],
                                         weight_decay=rule["weight_decay"])

    def __call__(self, images, labels, rate):
        self.optimizer.param_groups[0]["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.model(images), labels).backward()
        self.optimizer.step()


class GraphStep:
    """The same step, its gathering of samples included, as a CUDA graph that is captured once and replayed."""

    def __init__(self, model, rule, data):
        import torch

        if rule["weight_decay"]:
            sys.exit("gpu_baseline.py: the graph has no weight decay")
        loss = torch.nn.CrossEntropyLoss()
        parameters = list(model.parameters())
        first = [parameter.detach().clone() for parameter in parameters]
        momenta = [torch.zeros_like(parameter) for parameter in parameters]
        self.rows = torch.zeros(rule["batch_size"], dtype=torch.long, device="cuda")
        self.minus_rate = torch.zeros((), device="cuda")
        self.momenta = momenta  # a graph keeps none of the memory alive that it was captured with

        def step():
            for parameter in parameters:
                parameter.grad = None
            loss(model(data.gpu_images[self.rows]), data.gpu_labels[self.rows]).backward()
            with torch.no_grad():
                torch._foreach_mul_(momenta, rule["momentum"])
                torch._foreach_add_(momenta, [parameter.grad for parameter in parameters])
                torch._foreach_add_(parameters, torch._foreach_mul(momenta, self.minus_rate))

        # PyTorch wants some steps on a side stream before it captures; what they changed is put back.
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                step()
        torch.cuda.current_stream().wait_stream(stream)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            step()
        with torch.no_grad():
            for parameter, value in zip(parameters, first):
                parameter.copy_(value)
            for momentum in momenta:
                momentum.zero_()

    def __call__(self, rows, rate):
        self.rows.copy_(rows)
        self.minus_rate.fill_(-rate)
        self.graph.replay()


def epochs(loop, data, model, rule):
    """For each epoch a generator of steps to do, each called with its learning rate."""
    import torch

    size = rule["batch_size"]
    if loop == "loader":
        step = EagerStep(model, rule)
        samples = torch.utils.data.TensorDataset(data.images, data.labels)
        loader = torch.utils.data.DataLoader(samples, batch_size=size, shuffle=True)
        while True:
            yield (lambda rate, images=images, labels=labels: step(images.cuda(), labels.cuda(), rate)
                   for images, labels in loader)
    step = GraphStep(model, rule, data) if loop == "graph" else EagerStep(model, rule)
    while True:
        batches = torch.randperm(data.samples, device="cuda").split(size)
        if loop == "graph":
            yield (lambda rate, rows=rows: step(rows, rate) for rows in batches)
        else:
            yield (lambda rate, rows=rows: step(data.gpu_images[rows], data.gpu_labels[rows], rate)
                   for rows in batches)


def accuracy(model, data):
    import torch

    with torch.no_grad():
        right = sum((model(images).argmax(1) == labels).sum()
                    for images, labels in zip(data.test_images.split(500), data.test_labels.split(500)))
    return right.item() / len(data.test_labels)


def train(loop, data, layers, rule, target, in_a_row, seed):
    """One training, from the model's making to the evaluation that ends it."""
    import torch

    torch.manual_seed(seed)
    torch.cuda.synchronize()
    began, cpu_began = time.perf_counter(), time.process_time()
    model = make_model(layers)
    decay_samples = (rule.get("linear_decay_epochs") or 0) * data.samples
    limit = rule["max_epochs"] * data.samples
    every = rule["evaluate_every_samples"]
    seen, steps, evaluating, hits, accuracies = 0, 0, 0.0, 0, []

    def done():
        return {"reached_target": hits >= in_a_row, "epochs": seen / data.samples, "steps": steps, "samples": seen,
                "test_accuracy": accuracies[-1], "seconds": time.perf_counter() - began,
                "train_seconds": time.perf_counter() - began - evaluating, "evaluate_seconds": evaluating,
                "host_cpu_seconds": time.process_time() - cpu_began}

    for epoch in epochs(loop, data, model, rule):
        for step in epoch:
            step(rule["learning_rate"] * (1 - seen / decay_samples if decay_samples else 1))
            seen, steps = seen + rule["batch_size"], steps + 1
            finished = seen >= limit or (decay_samples and seen >= decay_samples)
            if seen % every == 0 or finished:
                torch.cuda.synchronize()
                evaluation_began = time.perf_counter()
                accuracies.append(accuracy(model, data))
                evaluating += time.perf_counter() - evaluation_began
                hits = hits + 1 if accuracies[-1] >= target else 0
                if hits >= in_a_row or finished:
                    return done()


def window(board, seconds, training):
    """Trainings one after another for at least `seconds`, between two moves of the energy counter."""
    began, first = board.edge()
    trainings = []
    while time.perf_counter() - began < seconds:
        trainings.append(training())
    ended, last = board.edge()
    watts = (last - first) / (ended - began)

    def mean(key):
        return statistics.fmean(one[key] for one in trainings)

    return {"window_seconds": ended - began, "window_joules": last - first, "watts": watts, "trainings": len(trainings),
            "reached_target": sum(one["reached_target"] for one in trainings),
            "epochs": [one["epochs"] for one in trainings],
            "test_accuracy": [one["test_accuracy"] for one in trainings],
            "seconds": mean("seconds"), "joules": watts * mean("seconds"),
            "train_seconds": mean("train_seconds"), "evaluate_seconds": mean("evaluate_seconds"),
            "step_ms": 1000 * mean("train_seconds") / mean("steps"),
            "samples_per_second": mean("samples") / mean("train_seconds"),
            "joules_per_sample": watts * mean("train_seconds") / mean("samples"),
            "host_cpu_seconds": mean("host_cpu_seconds")}


def profile(loop, data, layers, rule, steps=100):
    """Kernels and copies on the GPU in one step, and how long they last one after another, by PyTorch's profiler."""
    import torch
    from torch.profiler import ProfilerActivity

    epoch = next(epochs(loop, data, make_model(layers), rule))
    for _ in range(20):
        next(epoch)(rule["learning_rate"])
    torch.cuda.synchronize()
    with torch.profiler.profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as recorded:
        for _ in range(steps):
            next(epoch)(rule["learning_rate"])
        torch.cuda.synchronize()
    work = [event for event in recorded.events()
            if event.device_type == torch.autograd.DeviceType.CUDA and not event.name.startswith("Optimizer")]
    return {"launches_per_step": len(work) / steps,
            "gpu_us_per_step": sum(event.time_range.elapsed_us() for event in work) / steps}


def main():
    started = time.perf_counter()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=pathlib.Path, required=True, help="the folder of Fashion-MNIST's .gz files")
    parser.add_argument("--spec", type=pathlib.Path, default=REPOSITORY / "results/reference/table4/spec.json",
                        help="a specification as `fedgram resolve` prints it (default: the reference result's table4)")
    parser.add_argument("--loop", action="append", choices=["loader", "resident", "graph"],
                        help="may be repeated (default: all)")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="seeds 1 to N (default: 3)")
    parser.add_argument("--first-seed", type=int, default=1, metavar="N")
    parser.add_argument("--seconds", type=float, default=10, help="least length of a window (default: 10)")
    parser.add_argument("--idle-seconds", type=float, default=10, help="of each idle reading (default: 10)")
    parser.add_argument("--gpu", type=int, default=0, help="as nvidia-smi counts them (default: 0)")
    parser.add_argument("--profile", action="store_true", help="count each loop's kernels by PyTorch's profiler")
    options = parser.parse_args()
    loops = options.loop or ["loader", "resident", "graph"]

    spec = json.loads(options.spec.read_text())
    rule = next(one for one in spec["trainings"] if one["kind"] == "centralized")
    if spec["data"].get("train_samples") or rule["optimizer"] != "sgd":
        sys.exit("gpu_baseline.py: it trains on all samples, by SGD alone")
    layers = spec["model"]["layers"]
    # Both before CUDA is opened: NVML counts GPUs by PCI bus, and CUDA shall open the same one.
    os.environ["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
    os.environ["CUDA_VISIBLE_DEVICES"] = str(options.gpu)

    def say(what, **facts):
        print(json.dumps({"what": what, **facts}), flush=True)

    board = Board(options.gpu)
    say("idle", when="before CUDA", watts=board.idle(options.idle_seconds))
    idle_seconds = time.perf_counter() - started
    _, first = board.edge()
    import torch

    data = Data(options.data_dir, spec["data"]["normalization"])
    if data.samples % rule["batch_size"] or rule["evaluate_every_samples"] % rule["batch_size"]:
        sys.exit("gpu_baseline.py: the batch size has to divide an epoch and the samples between evaluations")

    def training(loop, seed):
        return train(loop, data, layers, rule, spec["target_accuracy"], spec["stop"]["evaluations_in_a_row"], seed)

    loaded = time.perf_counter() - started - idle_seconds
    warm_up = training(loops[0], 0)
    at, last = board.edge()
    say("start", loop=loops[0], seconds=at - started - idle_seconds, until_data_on_gpu_seconds=loaded,
        first_training_seconds=warm_up["seconds"], joules=last - first)
    say("device", gpu=board.name(), driver=board.driver(), torch=torch.__version__, cuda=torch.version.cuda,
        cudnn=torch.backends.cudnn.version(), convolutions_in_tf32=torch.backends.cudnn.allow_tf32,
        products_in_tf32=torch.backends.cuda.matmul.allow_tf32, spec=spec["name"], target=spec["target_accuracy"],
        parameters=sum(parameter.numel() for parameter in make_model(layers).parameters()))
    say("idle", when="CUDA open", watts=board.idle(options.idle_seconds))

    for loop in loops:
        training(loop, 0)  # so that no window holds what happens once a process
        if options.profile:
            say("profile", loop=loop, **profile(loop, data, layers, rule))
        windows = []
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            windows.append(window(board, options.seconds, lambda: training(loop, seed)))
            say("window", loop=loop, seed=seed, **windows[-1])
        keys = ["seconds", "joules", "watts", "train_seconds", "evaluate_seconds", "step_ms", "samples_per_second",
                "joules_per_sample", "host_cpu_seconds"]
        spread = {key: {"mean": statistics.fmean(values), "least": min(values), "most": max(values)}
                  for key in keys for values in [[one[key] for one in windows]]}
        say("loop", loop=loop, seeds=options.seeds, trainings=sum(one["trainings"] for one in windows),
            reached_target=sum(one["reached_target"] for one in windows),
            epochs=statistics.fmean(e for one in windows for e in one["epochs"]), **spread)

    say("idle", when="after the last training, CUDA open", watts=board.idle(options.idle_seconds))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Holds Fedgram's NVML meter against two other readings of the same GPU.

    tests/bench/nvml_check.py [--fedgram PROGRAM] [--data-dir DIR] [--seconds S]

`fedgram doctor --seconds S` reads its meters while the GPU is idle, under matrix products all the time, and under matrix
products for half of the time. Meanwhile this program reads NVML's energy counter by itself, and `nvidia-smi` the board's
power as its sensor gives it at the moment, which is integrated here. `fedgram run table4-quick` (which trains on the
CPU) follows under matrix products, for the joules of its summary. It prints JSON, an object a line.

The doctor's window ends shortly before its process does, so the two others are read over the `S` seconds before that:
where the load is steady this shift costs nothing.
"""

import argparse
import bisect
import datetime
import json
import multiprocessing
import pathlib
import statistics
import subprocess
import tempfile
import threading
import time

from gpu_baseline import REPOSITORY, Board


def products(ready, wanted):
    """Matrix products while `wanted` is set; between them CUDA stays open."""
    import torch

    left, right = (torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    torch.cuda.synchronize()
    ready.set()
    while True:
        wanted.wait()
        for _ in range(10):
            left @ right
        torch.cuda.synchronize()


class Watch:
    """Two readings of a board from here on: (time, joules) of NVML's counter, (time, watts) of nvidia-smi."""

    def __init__(self, board, gpu):
        self.counter, self.power = [], []
        self.stopped = threading.Event()
        self.smi = subprocess.Popen(
            ["nvidia-smi", f"--id={gpu}", "--query-gpu=timestamp,power.draw.instant", "--format=csv,noheader,nounits",
             "--loop-ms=50"], stdout=subprocess.PIPE, text=True)
        self.threads = [threading.Thread(target=self.read_counter, args=(board,)),
                        threading.Thread(target=self.read_power)]
        for thread in self.threads:
            thread.start()

    def read_counter(self, board):
        while not self.stopped.wait(0.02):
            self.counter.append((time.time(), board.joules()))

    def read_power(self):
        for line in self.smi.stdout:
            stamp, watts = line.split(", ")
            at = datetime.datetime.strptime(stamp, "%Y/%m/%d %H:%M:%S.%f").timestamp()
            self.power.append((at, float(watts)))

    def stop(self):
        self.stopped.set()
        self.smi.terminate()
        for thread in self.threads:
            thread.join()

    def watts(self, began, ended):
        """Mean watts from `began` to `ended`: by the counter, and by the integrated power."""
        times = [at for at, _ in self.counter]
        first, last = (self.counter[bisect.bisect_left(times, at)] for at in (began, ended))
        inside = [one for one in self.power if began <= one[0] <= ended]
        area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(inside, inside[1:]))
        return (last[1] - first[1]) / (last[0] - first[0]), area / (inside[-1][0] - inside[0][0])


def say(what, **facts):
    print(json.dumps({"what": what, **facts}), flush=True)


def gpu_meter(text, gpu):
    """Of the doctor's JSON the GPU's meter and its use."""
    findings = json.loads(text)
    meter = next(one for one in findings if one["what"].startswith(f"meter GPU {gpu}"))
    use = next(one for one in findings if one["what"].startswith(f"use of GPU {gpu}"))
    return meter, use


def compare(fedgram, board, options, load, burst=None):
    """The doctor's window under `load`; `burst` is set for its middle half, if given."""
    watch = Watch(board, options.gpu)
    time.sleep(0.5)
    doctor = subprocess.Popen([fedgram, "doctor", "--seconds", str(options.seconds), "--json"],
                              stdout=subprocess.PIPE, text=True)
    if burst:
        time.sleep(options.seconds / 4 + 1)
        burst.set()
        time.sleep(options.seconds / 2)
        burst.clear()
    text = doctor.communicate()[0]
    ended = time.time()
    time.sleep(0.2)
    watch.stop()
    meter, use = gpu_meter(text, options.gpu)
    counter, power = watch.watts(ended - 0.1 - options.seconds, ended - 0.1)
    ours = meter["mean_w"]
    say("doctor", load=load, seconds=options.seconds, meter=meter["what"], method=meter["method"],
        boundary=meter["boundary"], detail=meter["detail"], use=use["detail"], fedgram_joules=ours * options.seconds,
        fedgram_watts=ours, counter_watts=counter, nvidia_smi_watts=power, fedgram_over_counter=ours / counter,
        fedgram_over_nvidia_smi=ours / power, nvidia_smi_readings=len(watch.power))


def run(fedgram, board, options):
    """A whole run, whose summary has each training's joules and seconds."""
    with tempfile.TemporaryDirectory() as folder:
        watch = Watch(board, options.gpu)
        began = time.time()
        data = ["--data-dir", options.data_dir] if options.data_dir else []
        subprocess.run([fedgram, "run", "table4-quick", "--out", folder + "/run", *data], check=True,
                       stdout=subprocess.DEVNULL)
        counter, power = watch.watts(began, time.time() - 0.1)
        watch.stop()
        summary = json.loads(pathlib.Path(folder, "run/summary.json").read_text())
    for training in summary["trainings"]:
        for meter in training["host_meters"]:
            watts = meter["joules"] / training["host_wall_seconds"] if meter["joules"] else None
            say("run", training=training["label"], wall_seconds=training["host_wall_seconds"], fedgram_watts=watts,
                run_counter_watts=counter, run_nvidia_smi_watts=power, record=meter)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fedgram", default=str(REPOSITORY / "build/release/bin/fedgram"))
    parser.add_argument("--data-dir", help="passed to fedgram run")
    parser.add_argument("--seconds", type=float, default=20, help="length of a window (default: 20)")
    parser.add_argument("--gpu", type=int, default=0, help="as nvidia-smi counts them (default: 0)")
    options = parser.parse_args()

    board = Board(options.gpu)
    edges = [board.edge()[0] for _ in range(21)]
    say("counter", gpu=board.name(), driver=board.driver(),
        moves_every_s=statistics.median(b - a for a, b in zip(edges, edges[1:])))
    compare(options.fedgram, board, options, "idle")
    processes = multiprocessing.get_context("spawn")
    ready, wanted = processes.Event(), processes.Event()
    load = processes.Process(target=products, args=(ready, wanted), daemon=True)
    load.start()
    ready.wait()
    time.sleep(3)
    compare(options.fedgram, board, options, "matrix products, half of the time", burst=wanted)
    wanted.set()
    time.sleep(3)
    compare(options.fedgram, board, options, "matrix products")
    run(options.fedgram, board, options)
    load.terminate()


if __name__ == "__main__":
    main()

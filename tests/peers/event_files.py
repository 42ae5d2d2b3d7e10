"""event_files.py FEDGRAM: reads event files of a run, with a reader of its own, and compares them with rounds.jsonl.

The reader shares no code with the writer: the records after TFRecord's description, the checksum bit by bit, the
messages by Python's Protocol Buffers from the numbers of TensorFlow's event.proto and summary.proto.
"""

import json
import struct
import subprocess
import sys
import tempfile
from itertools import accumulate
from pathlib import Path

import google.protobuf
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

fedgram = sys.argv[1]
spec = {
    "name": "events",
    "data": {"dataset": "fashion-mnist", "train_samples": 600},
    "model": "mlp-32",
    "target_accuracy": 0.99,
    "centralized": {"learning_rate": 0.05, "max_epochs": 2},
    "federated": {"nodes": 5, "learning_rate": 0.05, "max_rounds": 5, "evaluate_every_rounds": 2},
    "trainings": [{"label": "central", "kind": "centralized"}, {"label": "iid", "kind": "federated"}],
}


def event_class():
    """TensorFlow's Event, as far as scalars need it."""
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package="tensorflow", syntax="proto3")

    def message(name, *fields):
        made = file.message_type.add(name=name)
        for field, number, kind, label, type_name in fields:
            made.field.add(name=field, number=number, type=kind, label=label, type_name=type_name)
        return made

    one, many = kinds.LABEL_OPTIONAL, kinds.LABEL_REPEATED
    value = message("Value", ("tag", 1, kinds.TYPE_STRING, one, None), ("simple_value", 2, kinds.TYPE_FLOAT, one, None))
    value.oneof_decl.add(name="value")
    value.field[1].oneof_index = 0
    message("Summary", ("value", 1, kinds.TYPE_MESSAGE, many, ".tensorflow.Value"))
    message(
        "Event",
        ("wall_time", 1, kinds.TYPE_DOUBLE, one, None),
        ("step", 2, kinds.TYPE_INT64, one, None),
        ("file_version", 3, kinds.TYPE_STRING, one, None),
        ("summary", 5, kinds.TYPE_MESSAGE, one, ".tensorflow.Summary"),
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("tensorflow.Event"))


def masked_crc32c(data):
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0x82F63B78 if rest & 1 else 0)
    crc = rest ^ 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        length, check = struct.unpack_from("<QI", data, at)
        assert check == masked_crc32c(data[at : at + 8]), "checksum of a length"
        record = data[at + 12 : at + 12 + length]
        assert len(record) == length, "a record is cut off"
        assert struct.unpack_from("<I", data, at + 12 + length)[0] == masked_crc32c(record), "checksum of a record"
        yield record
        at += 16 + length


def read(file, event):
    parsed = []
    for record in records(file.read_bytes()):
        parsed.append(event())
        parsed[-1].ParseFromString(record)
        assert parsed[-1].SerializeToString() == record, "all of a record is known"
        assert all(value.HasField("simple_value") for value in parsed[-1].summary.value), "a 0 is there too"
    return parsed


def scalars(events, tag):
    return {each.step: value.simple_value for each in events for value in each.summary.value if value.tag == tag}


def same(seen, wanted):
    assert seen.keys() == wanted.keys(), (seen, wanted)
    for step, value in wanted.items():  # stored as a float
        assert abs(seen[step] - value) <= 1e-6 * abs(value), (step, seen[step], value)


with tempfile.TemporaryDirectory() as scratch:
    run = Path(scratch) / "run"
    (Path(scratch) / "spec.json").write_text(json.dumps(spec))
    subprocess.run([fedgram, "run", Path(scratch) / "spec.json", "--out", run, "--tensorboard"], check=True,
                   capture_output=True)
    rounds = [json.loads(line) for line in (run / "rounds.jsonl").read_text().splitlines()]
    Event = event_class()

    def files():
        return {file.parent.name: file for file in run.glob("tensorboard/*/*tfevents*")}

    written = {label: file.read_bytes() for label, file in files().items()}
    assert written.keys() == {"central", "iid"}
    for label, file in files().items():
        events = read(file, Event)
        assert events[0].file_version == "brain.Event:2" and not events[0].summary.value
        own = [line for line in rounds if line["training"] == label]
        assert [each.step for each in events[1:]] == [line["round"] for line in own]

        def sums(key):
            return dict(zip((line["round"] for line in own), accumulate(line[key] for line in own)))

        evaluated = {line["round"]: line["test_accuracy"] for line in own if line["test_accuracy"] is not None}
        same(scalars(events, "accuracy/test"), evaluated)
        same(scalars(events, "loss/train"), {line["round"]: line["train_loss"] for line in own})
        same(scalars(events, "cost/gco2e_USA"), sums("gco2e"))
        same(scalars(events, "cost/device_joules"), sums("device_joules"))
        same(scalars(events, "cost/network_joules"), sums("network_joules"))
        same(scalars(events, "cost/virtual_seconds"), sums("virtual_seconds"))
        # The axis "relative" is virtual time.
        for each in events[1:]:
            assert abs(each.wall_time - events[0].wall_time - sums("virtual_seconds")[each.step]) < 1e-5

    # Written afterwards, they are the same but for their names.
    subprocess.run([fedgram, "report", run, "--tensorboard"], check=True, capture_output=True)
    assert {label: file.read_bytes() for label, file in files().items()} == written

print(f"protobuf {google.protobuf.__version__}: {len(rounds)} rounds of {len(written)} trainings")

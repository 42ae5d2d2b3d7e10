"""codecarbon.py FEDGRAM: reads emissions.csv by pandas and compares it with the table as JSON."""

import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

fedgram = sys.argv[1]
reference = Path(__file__).resolve().parents[2] / "results" / "reference" / "table4"


def printed(folder, format):
    return subprocess.run([fedgram, "table", folder, "--format", format], check=True, capture_output=True, text=True).stdout


def read(text):
    return pd.read_csv(io.StringIO(text), parse_dates=["timestamp"])


with tempfile.TemporaryDirectory() as scratch:
    run = Path(scratch) / "run"
    shutil.copytree(reference, run)
    (run / "events.jsonl").write_text(
        '{"time":"2024-05-01T06:00:00Z","event":"started"}\n{"time":"2024-05-01T06:07:08Z","event":"finished"}\n')
    rows = read(printed(run, "codecarbon"))
    table = json.loads(printed(run, "json"))

# The run's end, as a time that can be compared with those of CodeCarbon's own rows.
assert rows["timestamp"].dtype == "datetime64[ns]", rows["timestamp"].dtype
assert (rows["timestamp"] == pd.Timestamp("2024-05-01T06:07:08")).all()
own = read("timestamp,emissions\n2024-05-01T06:07:07,1.0\n")
assert pd.concat([rows, own])["timestamp"].dtype == "datetime64[ns]"

cells = table["cells"]
assert list(rows["run_id"]) == [cell["column"] for cell in cells]
assert list(rows["country_iso_code"]) == [cell["country"] for cell in cells]
for key in ("duration", "emissions", "emissions_rate", "energy_consumed", "pue"):
    assert pd.api.types.is_numeric_dtype(rows[key]) and rows[key].notna().all(), key
# The parser of numbers that pandas takes by default errs by some 1e-13.
differences = (rows["emissions"] * 1000 / pd.Series([cell["gco2e"] for cell in cells]) - 1).abs()
assert differences.max() < 1e-9

# A folder that doesn't say when its run ended has no time, and still opens.
assert read(printed(reference, "codecarbon"))["timestamp"].isna().all()
print(f"pandas {pd.__version__}: {len(rows)} rows, largest relative difference {differences.max():.1e}")

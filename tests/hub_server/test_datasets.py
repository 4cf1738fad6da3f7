"""``datasets`` reads from it: by tag, by main, as a stream, in fresh processes with fresh caches."""

import json
from pathlib import Path

from hub_server.client import RunningHub

TEXT = '„Feuer!“ – e\u0301 \u200fאש 火\u00a0🔥\r\n"unbalanced'
CARD = """---
configs:
- config_name: default
  data_files:
  - split: train
    path: default/train-*.parquet
---
# Harbour
"""
PUBLISH = """
import pyarrow as pa, pyarrow.parquet as pq
from huggingface_hub import CommitOperationAdd as Add, CommitOperationDelete as Delete
repo = dict(repo_id="alice/harbour", repo_type="dataset")

def shard(name, texts):
    pq.write_table(pa.table({"id": list(range(len(texts))), "text": texts}), FOLDER + name)
    return Add("default/" + name, FOLDER + name)

api.create_repo(private=True, **repo)
old = [shard(f"train-0000{n}-of-00002.parquet", [TEXT] * 10) for n in range(2)]
first = api.create_commit(operations=[Add("README.md", CARD.encode()), *old], commit_message="1", **repo)
api.create_tag(tag="v1.0.0", revision=first.oid, **repo)
new = [shard("train-00000-of-00001.parquet", [TEXT] * 15), *(Delete(add.path_in_repo) for add in old)]
api.create_commit(operations=new, commit_message="2", **repo)
"""
LOAD = """
import json
from datasets import load_dataset

def read(**named):
    try:
        rows = list(load_dataset("alice/harbour", split="train", **named))
    except Exception as error:
        return type(error).__name__
    return [len(rows), sorted({row["text"] for row in rows})]

"""


def test_datasets_load_what_was_committed(hub: RunningHub, tmp_path: Path) -> None:
    given = f"FOLDER, TEXT, CARD = {f'{tmp_path}/'!r}, {TEXT!r}, {CARD!r}\n"
    ran = hub.run(given + PUBLISH, tmp_path / "home")
    assert ran.returncode == 0, ran.stderr
    started = [
        hub.start(f"{LOAD}\nprint(json.dumps([{', '.join(calls)}]))", tmp_path / f"home{index}")
        for index, calls in enumerate(
            (
                ("read(revision='v1.0.0')", "read(streaming=True)"),
                ("read(token=False)", "read()", "read(revision='v1.0.0', streaming=True)"),
            )
        )
    ]
    told = []
    for process in started:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        told.append(json.loads(out))
    old, new = [20, [TEXT]], [15, [TEXT]]
    assert told == [[old, new], ["DatasetNotFoundError", new, old]]
    foreign = {entry["host"].partition(":")[0] for entry in hub.log() if entry["kind"] == "foreign"}
    assert foreign == {"datasets-server.127.0.0.1"}, "the dataset viewer is asked, and is not here"

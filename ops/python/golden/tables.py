"""Writes small Parquet files for the tests of Urteil's data readers, with pyarrow.

Invented rows in the exact schema of published data sets, in every compression that these use:

    pip install pyarrow==21.0.0 && python3 ops/python/golden/tables.py

The schemas are those of the data sets' pages on https://huggingface.co/datasets, November 2026:
allenai/reward-bench, allenai/reward-bench-2, lmarena-ai/PPE-Human-Preference-V1,
lmarena-ai/PPE-MATH-Best-of-K, HuggingFaceH4/ultrafeedback_binarized.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

OUT = Path(__file__).parents[3] / "schemas/models/src/test/resources/tables"

message = pa.struct([("content", pa.string()), ("role", pa.string())])


def said(question, answer):
    return [{"content": question, "role": "user"}, {"content": answer, "role": "assistant"}]


def write(name, schema, rows, compression):
    table = pa.Table.from_pylist(rows, schema=pa.schema(schema))
    # Several row groups and pages, as large files have.
    pq.write_table(table, OUT / name, compression=compression, row_group_size=2)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    write(
        "reward-bench.parquet",
        [(name, pa.string()) for name in
         ("prompt", "chosen", "chosen_model", "rejected", "rejected_model", "subset")]
        + [("id", pa.int64())],
        [
            {"prompt": f"What is {i}+{i}?", "chosen": f"{2 * i} ✓", "chosen_model": "m",
             "rejected": f"{2 * i + 1}", "rejected_model": "n", "subset": "alpacaeval-easy", "id": i}
            for i in range(5)
        ],
        "snappy",
    )
    write(
        "reward-bench-2.parquet",
        [("id", pa.string()), ("prompt", pa.string()), ("chosen", pa.list_(pa.string())),
         ("rejected", pa.list_(pa.string())), ("num_correct", pa.int64()),
         ("num_rejected", pa.int64()), ("total_completions", pa.int64()),
         ("models", pa.list_(pa.string())), ("subset", pa.string()),
         ("additional_metadata", pa.struct([("category", pa.string())]))],
        [
            {"id": "1", "prompt": "1+1?", "chosen": ["2"], "rejected": ["3", "4", "5"],
             "num_correct": 1, "num_rejected": 3, "total_completions": 4,
             "models": ["m", "n", "o", "p"], "subset": "Math", "additional_metadata": None},
        ],
        "zstd",
    )
    write(
        "ultrafeedback_binarized.parquet",
        [("prompt", pa.string()), ("prompt_id", pa.string()), ("chosen", pa.list_(message)),
         ("rejected", pa.list_(message)), ("messages", pa.list_(message)),
         ("score_chosen", pa.float64()), ("score_rejected", pa.float64())],
        [
            {"prompt": "1+1?", "prompt_id": "0a", "chosen": said("1+1?", "2"),
             "rejected": said("1+1?", "3"), "messages": said("1+1?", "2"),
             "score_chosen": 8.5, "score_rejected": 3.0},
        ],
        "snappy",
    )
    write(
        "ppe-human.parquet",
        [("question_id", pa.string()), ("model_a", pa.string()), ("model_b", pa.string()),
         ("winner", pa.string()), ("prompt", pa.string()), ("response_1", pa.string()),
         ("response_2", pa.string()), ("language", pa.string()), ("is_code", pa.bool_()),
         ("length_a", pa.int64()), ("length_b", pa.int64())],
        [
            {"question_id": f"q{i}", "model_a": "m", "model_b": "n", "winner": winner,
             "prompt": "1+1?", "response_1": "2", "response_2": "two", "language": "English",
             "is_code": False, "length_a": 1, "length_b": 1}
            for i, winner in enumerate(["model_a", "model_b", "tie", "tie (bothbad)"])
        ],
        "gzip",
    )
    write(
        "ppe-math.parquet",
        [("question_id", pa.string()), ("prompt", pa.string()), ("response_1", pa.string()),
         ("response_2", pa.string()), ("response_3", pa.string()), ("scores", pa.list_(pa.bool_())),
         ("sampled_conflict_pairs", pa.list_(pa.list_(pa.int64())))],
        [
            {"question_id": "7", "prompt": "1+1?", "response_1": "1", "response_2": "2",
             "response_3": "3", "scores": [False, True, False],
             "sampled_conflict_pairs": [[0, 1], [1, 2]]},
        ],
        "none",
    )


if __name__ == "__main__":
    main()

"""What conversion costs against the spaCy pipeline alone on the same text. Run: make bench."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from paired import Ratio, paired

LIMIT = 1.3
COPIES = 16
PAIRS = 2

#: The pipeline over the same paragraphs, batched as it likes best.
ALONE = """
import json, sys
from corpus_tool.annotate.pipeline import BATCH, load_pipeline
rows = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
texts = [part for text in rows for part in text.split("\\n\\n") if part.strip()]
for doc in load_pipeline().pipe(texts, batch_size=BATCH):
    pass
"""


def articles(path: Path, copies: int = COPIES) -> int:
    """Writes the articles of the example corpus, several times over, as JSON lines; returns how many."""
    documents = sorted((Path(__file__).parent.parent / "corpus" / "documents").glob("*.json"))
    texts = [json.loads(document.read_bytes())["text"] for document in documents]
    rows = [{"id": f"a{n}-{i}", "text": text} for n in range(copies) for i, text in enumerate(texts)]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return len(rows)


def measured(pairs: int = PAIRS, copies: int = COPIES) -> tuple[Ratio, int]:
    """Conversion against the pipeline alone, and how many articles both were given."""
    tool = str(Path(sys.executable).parent / "corpus-tool")
    with tempfile.TemporaryDirectory() as folder:
        source, corpus = Path(folder) / "articles.jsonl", Path(folder) / "corpus"
        number = articles(source, copies)
        fresh = (
            "import shutil, subprocess, sys; shutil.rmtree(sys.argv[3], ignore_errors=True); "
            "subprocess.run([sys.argv[1], 'init', sys.argv[3]], check=True, stdout=subprocess.DEVNULL); "
            "subprocess.run([sys.argv[1], 'convert', sys.argv[2], '--into', sys.argv[3]], check=True)"
        )
        convert = [sys.executable, "-c", fresh, tool, str(source), str(corpus)]
        ratio = paired(convert, [sys.executable, "-c", ALONE, str(source)], pairs)
        shutil.rmtree(corpus, ignore_errors=True)
    return ratio, number


def main() -> None:
    """Prints the ratio and its limit."""
    ratio, number = measured()
    print(
        f"corpus-tool convert / the spaCy pipeline alone, {number} articles: {ratio.median:.2f} "
        f"({ratio.least:.2f} to {ratio.greatest:.2f}, {ratio.pairs} pairs, CPU time with start-up; limit {LIMIT:g})"
    )


if __name__ == "__main__":
    main()

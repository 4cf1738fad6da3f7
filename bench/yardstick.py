"""Reading and the default annotators against web pages and annotated news that nobody here wrote.

Run: make yardstick [YARDSTICK=folder].

The folder holds ``gold/*.jsonl``, ``html/`` and ``score.py``; it is not part of this repository. Each gold file is
converted by the command line into a corpus of its own, and scored from outside.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

#: By gold file: options of the scorer, and (measure, path into its report, target, whether less is better).
MEASURES: dict[str, tuple[list[str], list[tuple[str, str, float, bool]]]] = {
    "polnear_dev": (
        [],
        [
            ("quotes: word F1", "quotes.word.f1", 0.82, False),
            ("found, direct", "quotes.found_by_type.direct", 0.97, False),
            ("found, mixed", "quotes.found_by_type.mixed", 0.85, False),
            ("found, indirect", "quotes.found_by_type.indirect", 0.55, False),
            ("spurious quotes", "quotes.spurious", 0.10, True),
            ("cue exact F1", "quotes.cue_exact.f1", 0.62, False),
            ("speaker right on found", "quotes.speaker_accuracy_on_found", 0.88, False),
            ("attributed end to end F1", "quotes.attributed_end_to_end.f1", 0.60, False),
        ],
    ),
    "ieer_dev": (
        ["--names-only"],
        [
            ("actors, exact F1", "actors.exact.f1", 0.82, False),
            ("locations, exact F1", "locations.exact.f1", 0.86, False),
            ("figures, exact F1", "figures.exact.f1", 0.80, False),
        ],
    ),
    "re3d_dev": (
        [],
        [
            ("actors, overlap F1", "actors.overlap.f1", 0.75, False),
            ("locations, overlap F1", "locations.overlap.f1", 0.70, False),
            ("figures, overlap F1", "figures.overlap.f1", 0.80, False),
        ],
    ),
    "trnews_dev": (["--names-only"], [("locations, exact F1", "locations.exact.f1", 0.82, False)]),
    "newsquant_dev": (
        [],
        [
            ("figures, overlap F1", "figures.overlap.f1", 0.92, False),
            ("value accuracy", "figure_value_accuracy", 0.88, False),
        ],
    ),
}


#: Web pages with the text of their article, and what the best packaged extractor reaches on the public benchmark.
PAGES = "html_aeb_dev"
BODY_TEXT_F1 = 0.955


def run(*command: str) -> str:
    """What a command prints.

    Raises:
        SystemExit: it failed.
    """
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode > 1:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def report(name: str, options: list[str], yardstick: Path, folder: Path) -> dict[str, Any]:
    """The scorer's report on one gold file, converted as a user would convert it."""
    tool = str(Path(sys.executable).parent / "corpus-tool")
    score, gold = str(yardstick / "score.py"), str(yardstick / "gold" / f"{name}.jsonl")
    articles, corpus, predicted = folder / f"{name}.jsonl", folder / name, folder / f"{name}-predicted.jsonl"
    run(sys.executable, score, "--make-input", gold, str(articles))
    run(tool, "init", str(corpus))
    run(tool, "convert", str(articles), "--into", str(corpus))
    documents = (json.loads(path.read_bytes()) for path in sorted((corpus / "documents").glob("*.json")))
    predicted.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), encoding="utf-8")
    result: dict[str, Any] = json.loads(run(sys.executable, score, *options, gold, str(predicted)))
    return result


def page_report(name: str, yardstick: Path, folder: Path) -> dict[str, Any]:
    """The scorer's report on the body text of web pages, converted as a user would convert them."""
    tool = str(Path(sys.executable).parent / "corpus-tool")
    corpus, predicted = folder / name, folder / f"{name}-predicted.jsonl"
    run(tool, "init", str(corpus))
    run(tool, "convert", str(yardstick / "html"), "--into", str(corpus), "--no-annotate")
    documents = (json.loads(path.read_bytes()) for path in sorted((corpus / "documents").glob("*.json")))
    predicted.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), encoding="utf-8")
    score, gold = str(yardstick / "score.py"), str(yardstick / "gold" / f"{name}.jsonl")
    result: dict[str, Any] = json.loads(run(sys.executable, score, "--html", gold, str(predicted)))
    return result


def print_pages(yardstick: Path, folder: Path) -> None:
    """A line for the body text of web pages, and how many of them state what."""
    result = page_report(PAGES, yardstick, folder)
    met = "" if result["f1"] >= BODY_TEXT_F1 else "  not met"
    print(f"{PAGES:14} {'body text, word 4-gram F1':26} ≥ {BODY_TEXT_F1:>6.3f} {result['f1']:>9.3f}{met}")
    metas = [json.loads(line)["meta"] for line in (folder / f"{PAGES}-predicted.jsonl").open(encoding="utf-8")]
    stated = ", ".join(
        f"{name} {sum(name in meta for meta in metas)}" for name in ("title", "published", "authors", "url")
    )
    print(f"{PAGES:14} precision {result['p']:.3f}, recall {result['r']:.3f}; of {len(metas)} pages state: {stated}")


def ceiling(name: str, yardstick: Path, predicted: Path) -> str:
    """What figures could reach at most under the contract's spans, in words.

    A gold span that overlaps a figure and does not pair with it is one that the contract marks otherwise: the bare "5"
    of "5 kilometer" shares less than a fifth with the whole, and of a range's two ends one alone can pair.
    """
    spec = importlib.util.spec_from_file_location("score", yardstick / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    by_text = {d["text"]: d for d in scorer.read(predicted)}
    gold = apart = 0
    for document in scorer.read(yardstick / "gold" / f"{name}.jsonl"):
        spans = [s for s in document["spans"] if s["label"] == "FIGURE" and not s["attrs"].get("optional")]
        wanted = {(s["start"], s["end"]) for s in spans}
        figures = {(f["start"], f["end"]) for f in by_text[document["text"]]["layers"].get("figures", [])}
        paired = {pair[1] for pair in scorer.matched(figures, wanted)}
        gold += len(wanted)
        apart += sum(any(scorer.overlaps(span, figure) for figure in figures) for span in wanted - paired)
    recall = (gold - apart) / gold
    return (
        f"{name:14} {apart} of {gold} gold figures overlap a figure here and cannot pair with it: with all else right, "
        f"F1 is {2 * recall / (1 + recall):.3f} and values {recall:.3f}"
    )


def main() -> None:
    """Prints a table of measures with their targets."""
    yardstick = Path(sys.argv[1])
    if not (yardstick / "score.py").is_file():
        sys.exit(f"{yardstick}: holds no score.py; the yardstick is not part of this repository, nothing was measured")
    print(f"{'file':14} {'measure':26} {'target':>8} {'measured':>9}")
    with tempfile.TemporaryDirectory() as folder:
        print_pages(yardstick, Path(folder))
        for name, (options, measures) in MEASURES.items():
            result = report(name, options, yardstick, Path(folder))
            for label, path, target, less in measures:
                value: Any = result
                for key in path.split("."):
                    value = value[key]
                met = value <= target if less else value >= target
                verdict = "" if met else "  not met"
                print(f"{name:14} {label:26} {'≤' if less else '≥'} {target:>6.2f} {value:>9.3f}{verdict}")
            altered = result["documents"]["texts_altered"] + result["documents"]["not_predicted"]
            if altered:
                print(f"{name:14} {altered} documents were altered or missing")
        print(ceiling("newsquant_dev", yardstick, Path(folder) / "newsquant_dev-predicted.jsonl"))


main()

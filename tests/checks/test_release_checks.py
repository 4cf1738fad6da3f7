"""What must not be published: each defect is found, told where it stands, and masked; a clean dataset has none."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.build.dataset import build_dataset
from corpus_tool.checks.publication.accounts import bank_accounts_in, payment_cards_in
from corpus_tool.checks.publication.keys import KEYS, keys_in
from corpus_tool.checks.publication.release import RELEASE_CHECKS, check_release
from corpus_tool.diagnostics import Diagnostic

Json = dict[str, Any]
Build = Callable[..., Path]

#: What is planted; put together here, so that no scanner takes this file for a leak.
SECRETS = {
    "the Hub": "hf_" + "aB3" * 12,
    "GitHub": "ghp_" + "aB3" * 12,
    "OpenAI": "sk-" + "aB3x" * 10,
    "AWS": "AKIA" + "Q3EGRZ7XWPLNVTUS",
    "a private key": "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
    "a PGP private key": "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----",
    "a PuTTY private key": "PuTTY-User-" + "Key-File-3: ssh-rsa",
    "a key of AWS": "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY",
    "a key of Azure Storage": "Account" + "Key=" + "aB3/" * 21 + "aB==",
    "a token of Atlassian": "ATATT3" + "xFfGF0" * 30,
    "a token of Databricks": "dapi" + "0f" * 16,
    "a token of DigitalOcean": "dop_v1_" + "0f" * 32,
    "a token of Google": "ya29." + "a0AfH6SM" * 6,
    "a token of HashiCorp Vault": "hvs." + "CAESI" * 8,
    "a token of SendGrid": "SG." + "aB3xaB3xaB3xaB3xaB3xaB" + "." + "aB3x" * 10 + "aB3",
    "a token of Shopify": "shpat_" + "0f" * 16,
    "a token of Slack": "xoxe-" + "1-Mi0xLT" * 4,
    "a webhook of Slack": "https://hooks.slack.com/" + "services/T0123ABCD/B0123ABCD/" + "aB3x" * 6,
    "a token of Telegram": "123456789" + ":AA" + "aB3xY" * 6 + "aB3",
    "a bearer token": "Authorization: Bearer " + "aB3x." * 10,
    "a password": "https://ana:" + "s3cret-pass" + "@db.strait.net/x",
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory, new_corpus: Any, raw_document: Any) -> Build:
    """``build("words of an article", …, yaml="more lines")``: a dataset with a document for each."""

    def made(*texts: str, yaml: str = "", licenses: tuple[str | None, ...] = (), clean_license: bool = True) -> Path:
        documents = []
        for number, text in enumerate(texts or ("Fire 🔥 in Haifa (نَمِل).",)):
            meta = {"language": "en", "title": f"№ {number}"}
            if number < len(licenses) and licenses[number] is not None:
                meta["license"] = str(licenses[number])
            actor = {"id": "a1", "start": 0, "end": len(text), "text": text, "kind": "other"}
            documents.append(raw_document(f"d{number}", text, layers={"actors": [actor]}, meta=meta))
        root = new_corpus(tmp_path_factory.mktemp("c") / "c", documents, yaml=yaml)
        if not clean_license:
            config = (root / "corpus.yaml").read_text(encoding="utf-8")
            (root / "corpus.yaml").write_text(config.replace("article_license: CC0-1.0\n", ""), encoding="utf-8")
        report = build_dataset(root, root.parent / "dist")
        assert not report.refused, report.diagnostics
        return report.folder

    return made


def found(dataset: Path, code: str = "") -> list[Diagnostic]:
    return [diagnostic for diagnostic in check_release(dataset) if diagnostic.code.startswith(code)]


def test_a_clean_dataset_has_no_findings(build: Build) -> None:
    assert (
        found(build("Fire 🔥 in Haifa (نَمِل): call 0800 555 0199, or write to newsroom@strait.net. IBAN: none.")) == []
    )


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_found_and_never_shown(name: str, build: Build) -> None:
    planted = SECRETS[name]
    text = f"نَمِل 👩🏽‍🚒 “It is {planted}\u00a0” she said.\n"
    places = [place for place in keys_in(text) if text[place[0] : place[1]] in f"{planted}@"]
    assert places, name
    assert all(planted[8:] not in shown for _, _, shown in places)


def test_secrets_are_told_by_config_split_column_and_row(build: Build) -> None:
    token = SECRETS["the Hub"]
    dataset = build("Fire 🔥 in Haifa.", f"نَمِل: the token was {token} 👩🏽‍🚒", "Nothing here.")
    secrets = found(dataset, "LIC501")
    told = {(d.path.removeprefix(f"{dataset}/"), d.pointer) for d in secrets}
    assert {path.partition("/")[0] for path, _ in told} == {"default"}
    assert {pointer.split("/", 2)[2] for _, pointer in told} == {"text", "actors/text"}
    [text] = [d for d in secrets if d.pointer.endswith("/text") and "actors" not in d.pointer]
    number = int(text.pointer.split("/")[1])
    assert re.search(rf"default/\w+, column text, row {number}: a secret hf_aB3…", text.message)
    assert _rows(Path(text.path))[number]["id"] == "d1"
    assert not any(token in str(d) for d in secrets)
    assert all(d.severity == "error" for d in secrets)


def _rows(path: Path) -> list[Json]:
    import pyarrow.parquet as pq

    rows: list[Json] = pq.read_table(path).to_pylist()
    return rows


def test_a_secret_in_the_card_has_a_line_and_a_column(build: Build) -> None:
    token = SECRETS["GitHub"]
    dataset = build("Fire.", yaml=f"description: |\n  Made with 🔥.\n  The key is {token}, keep it.\n")
    places = [d for d in found(dataset, "LIC501") if d.path.endswith("README.md")]
    [card] = places
    line = (dataset / "README.md").read_text(encoding="utf-8").split("\n")[card.line - 1]
    assert line[card.column - 1 :].startswith("ghp\\_aB3")  # as Markdown has it, and readers see it without
    assert any(d.path.endswith("manifest.json") for d in found(dataset, "LIC501"))


def test_personal_data_are_told(build: Build) -> None:
    dataset = build(
        "Write to jane.roe@strait.net, or call +49 30 9018 20.",
        "Pay to DE89 3704 0044 0532 0130 00, or with 4539\u00a01488\u00a00343\u00a06467.",
    )
    messages = [d.message for d in found(dataset) if ", column text, " in d.message]
    assert any("an e-mail address j…@strait.net" in m for m in messages)
    assert any("a telephone number +49 …" in m for m in messages)
    assert any("a bank account number DE89…" in m for m in messages)
    assert any("a payment card number 4539…" in m for m in messages)
    whole = "\n".join(messages)
    assert "jane.roe" not in whole
    assert "3704" not in whole
    assert "6467" not in whole
    assert {d.severity for d in found(dataset)} == {"warning"}


def test_many_findings_of_a_column_are_one(build: Build) -> None:
    texts = [f"Write to jane{number}.roe@strait.net, 🔥." for number in range(9)]
    emails = [d for d in found(build(*texts), "LIC502") if "column text" in d.message and "train" in d.message]
    [one] = emails
    assert re.search(r"rows \d+, \d+, \d+ …: \d e-mail addresses, the first j…@strait.net", one.message)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("DE89 3704 0044 0532 0130 00", True),
        ("GB82WEST12345698765432", True),
        ("pay to NO93\u00a08601\u00a01117\u00a0947, then", True),
        ("FR14 2004 1010 0505 0001 3M02 606.", True),
        ("DE88 3704 0044 0532 0130 00", False),  # check digits
        ("DE89 3704 0044 0532 0130", False),  # too short
        ("XX89 3704 0044 0532 0130 00", False),
        ("ADE89 3704 0044 0532 0130 00", False),
        ("FLIGHT AB12 3456 7890 1234", False),
    ],
)
def test_ibans_are_told_by_their_check_digits(text: str, is_one: bool) -> None:
    assert bool(list(bank_accounts_in(f"نَمِل 🔥 {text} e\u0301"))) == is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("4539 1488 0343 6467", True),
        ("5425-2334-3010-9903", True),
        ("374245455400126", True),
        ("4539 1488 0343 6468", False),  # Luhn
        ("4242 4242 4242 4242", False),  # kept for tests
        ("2024 2025 2026 2027", False),
        ("1234567890123456789012345", False),
        ("0x4539148803436467", False),
        ("4539148803436467.5", False),
    ],
)
def test_cards_are_told_by_their_check_digit(text: str, is_one: bool) -> None:
    assert bool(list(payment_cards_in(f"نَمِل 🔥 {text} e\u0301"))) == is_one


def test_every_key_of_the_table_is_planted_and_sorted() -> None:
    assert {key.name for key in KEYS} <= SECRETS.keys()
    assert all(key.source for key in KEYS)


@pytest.mark.parametrize(
    ("own", "common", "codes"),
    [
        (None, "CC-BY-4.0", set()),
        ("© Strait Post, all rights reserved", "CC-BY-4.0", {"LIC505"}),
        (None, "Alle Rechte vorbehalten", {"LIC505"}),
        (None, None, {"LIC506"}),
        ("unknown", None, {"LIC506"}),
        ("free for research, ask us", "CC0-1.0", {"LIC506"}),
        ("CC-BY-NC-4.0", "CC0-1.0", {"LIC507"}),
    ],
)
def test_rights(own: str | None, common: str | None, codes: set[str], build: Build) -> None:
    dataset = build("Fire.", licenses=(own,), clean_license=False)
    manifest = json.loads((dataset / "manifest.json").read_bytes())
    manifest["corpus"] |= {"article_license": common, "license": "cc-by-4.0"}
    (dataset / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    rights = [d for d in found(dataset) if d.code in {"LIC505", "LIC506", "LIC507"}]
    assert {d.code for d in rights} == codes
    for d in rights:
        assert "withheld" in d.hint or "withhold" in d.hint


def test_without_the_words_there_is_nothing_to_allow(build: Build) -> None:
    reserved = ("all rights reserved",)
    dataset = build("Fire.", yaml="build: {text: withheld}\n", licenses=reserved, clean_license=False)
    assert not [d for d in found(dataset) if d.code in {"LIC505", "LIC506", "LIC507"}]
    assert found(build("Fire.", licenses=reserved, clean_license=False), "LIC505")


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("- token-classification", "- tokens", "EXP211", 'task_categories has "tokens"'),
        ("- n<1K", "- small", "EXP211", 'size_categories has "small"'),
        ("- n<1K", "- 1M<n<10M", "EXP213", "1 documents are n<1K|size category is 1M<n<10M"),
        ("license: cc0-1.0", "license: cc-by", "EXP211", 'license has "cc-by"'),
        ("license: cc0-1.0", "license: other", "EXP211", "license_name does not say which"),
        ("language:\n- en", "language:\n- english", "EXP211", "english"),
        ("language:\n- en", "language: []", "EXP212", "no language"),
        ("pretty_name: test", "pretty_name: ''", "EXP212", "no pretty_name"),
        ("task_ids:\n- named-entity-recognition", "task_ids:\n- topic-classification", "EXP211", "text-classification"),
    ],
)
def test_metadata_against_the_lists_of_the_hub(
    old: str, new: str, code: str, says: str, build: Build, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(build("Fire."), tmp_path / "copy"))
    card = (copy / "README.md").read_text(encoding="utf-8")
    assert old in card
    (copy / "README.md").write_text(card.replace(old, new, 1), encoding="utf-8")
    told = [d for d in found(copy) if d.code == code]
    assert any(re.search(says, d.message) for d in told), found(copy)
    assert all(d.path.endswith("README.md") for d in told)


def test_nothing_that_is_odd_raises(build: Build, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(build("Fire."), tmp_path / "copy"))
    (copy / "notes.bin").write_bytes(b"\xff\xfe\x00")
    for path in copy.rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:-40])
    (copy / "README.md").write_text("---\n- 1\n---\n", encoding="utf-8")
    (copy / "manifest.json").write_text('{"files": [], "corpus": 3, "rows": []}', encoding="utf-8")
    assert found(copy) == []


def test_checks_are_documented_and_sorted() -> None:
    codes = [check.code for check in RELEASE_CHECKS]
    assert codes == sorted(set(codes))
    for check in RELEASE_CHECKS:
        assert check.run.__name__ == check.name.replace("-", "_")


def test_a_long_text_is_read_in_linear_time() -> None:
    for piece in ("4539 ", "DE89 3704 ", "hf_", "Bearer ", "SG.", "ya29.", "ATATT3", "aws_secret_access_key=", ":AA"):
        text = piece * (200_000 // len(piece))
        for find in (keys_in, bank_accounts_in, payment_cards_in):
            list(find(text))

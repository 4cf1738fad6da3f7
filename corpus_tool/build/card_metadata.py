"""The YAML at the head of the dataset card: what the Hub lists, and what readers before ``datasets`` 4.0 rely on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corpus_tool.build.figures import Figures, creators_of
from corpus_tool.checks.lic_terms import HUB, dataset_license
from corpus_tool.checks.publication.hub_lists import size_category
from corpus_tool.model.corpus import CorpusConfig
from corpus_tool.splits import SPLITS

if TYPE_CHECKING:
    from corpus_tool.build.card import Table

#: Licences that the Hub calls as SPDX does, in lower case (huggingface.co/docs/hub/repositories-licenses). Those with
#: names of its own are in ``lic_terms.HUB``.
_HUB_LIKE_SPDX = frozenset(
    """apache-2.0 mit afl-3.0 artistic-2.0 bsl-1.0 bsd-2-clause bsd-3-clause bsd-3-clause-clear cc0-1.0 cc-by-2.0
    cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0
    cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0
    cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 isc lppl-1.3c
    ms-pl mpl-2.0 osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib""".split()  # noqa: SIM905  # a list for reading
)


def render_metadata(config: CorpusConfig, tables: Sequence[Table], figures: Figures) -> str:
    """The YAML, without the lines of dashes around it."""
    from datasets import DatasetInfo
    from datasets.info import DatasetInfosDict
    from datasets.splits import SplitDict, SplitInfo
    from huggingface_hub import DatasetCardData

    infos = {}
    for table in tables:
        splits = {
            split: SplitInfo(split, num_bytes=table.num_bytes[split], num_examples=table.rows[split])
            for split in SPLITS
            if split in table.rows
        }
        infos[table.config] = DatasetInfo(
            features=table.features,
            splits=SplitDict(splits),
            download_size=table.download_bytes,
            dataset_size=sum(table.num_bytes.values()),
            config_name=table.config,
        )
    told: dict[str, Any] = {**hub_license(config.license), **_languages(figures)}
    data = DatasetCardData(
        **told,
        pretty_name=config.title or config.name,
        size_categories=[size_category(figures.documents)],
        annotations_creators=creators_of(figures) or None,
        source_datasets=["original"],
        task_categories=["token-classification"],
        task_ids=_task_ids(figures) or None,
        tags=["news", "stand-off-annotation", "quotes", "corpus-tool"],
        configs=[_config(table) for table in tables],
    )
    DatasetInfosDict(infos).to_dataset_card_data(data)
    return str(data.to_yaml())


def hub_license(words: str) -> dict[str, str]:
    """The licence as the Hub takes it: an identifier of its list, or "other" with the name beside it."""
    own = words.strip().lower()
    if own in HUB or own in _HUB_LIKE_SPDX:
        return {"license": own}
    spdx = dataset_license(words)
    names = [name for name, meant in HUB.items() if spdx and meant == spdx]
    if spdx and spdx.lower() in _HUB_LIKE_SPDX:
        names.append(spdx.lower())
    return {"license": names[0]} if names else {"license": "other", "license_name": " ".join(words.split())}


def _languages(figures: Figures) -> dict[str, Any]:
    """Languages as ISO 639 has them; the whole tags beside them where they say more ("pt-BR")."""
    tags = sorted(figures.languages)
    plain = sorted({tag.partition("-")[0].lower() for tag in tags})
    if not tags:
        return {}
    found: dict[str, Any] = {
        "language": plain,
        "multilinguality": ["monolingual" if len(plain) == 1 else "multilingual"],
    }
    return {**found, "language_bcp47": tags} if any("-" in tag for tag in tags) else found


def _task_ids(figures: Figures) -> list[str]:
    """What of the Hub's list the annotations are for."""
    found = []
    if any(sum(figures.kinds.get(layer, {}).values()) for layer in ("actors", "locations")):
        found.append("named-entity-recognition")
    if figures.shared_entities:
        found.append("coreference-resolution")
    return found


def _config(table: Table) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "config_name": table.config,
        "data_files": [
            {"split": split, "path": f"{table.config}/{split}-*.parquet"} for split in SPLITS if split in table.rows
        ],
    }
    return {**entry, "default": True} if table.config == "default" else entry


def is_address(words: str | None) -> bool:
    """Whether words are a web address that can be a link without any escape."""
    return bool(words) and re.fullmatch(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+", words or "") is not None

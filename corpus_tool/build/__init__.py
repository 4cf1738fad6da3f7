"""Building: from a corpus to a dataset folder of Parquet files, card and manifest."""

"""What differs between two versions of a corpus or a dataset, as counts, examples, a changelog and a version."""

"""Planted defects: for every check a generator that puts its defect into valid documents."""

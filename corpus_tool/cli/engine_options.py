"""The options that say where the work of a command runs."""

from __future__ import annotations

import click

scheduler_option = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="A Dask scheduler whose workers do the work in place of --jobs, as tcp://host:8786.",
)

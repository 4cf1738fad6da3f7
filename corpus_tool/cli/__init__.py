"""The command line: one file a command; each parses, calls one library function, and renders."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module

import click

from corpus_tool import __version__

#: Module of each command, in the order of the way through; imported when it is called.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("corpus_tool.cli.init", "Make an empty corpus."),
    "convert": ("corpus_tool.cli.convert", "Turn articles into annotated documents."),
    "validate": ("corpus_tool.cli.validate", "Check documents and say what is wrong, and where."),
    "explain": ("corpus_tool.cli.explain", "Say what a code of the validator means."),
    "checks": ("corpus_tool.cli.checks", "List every check of the validator."),
    "review": ("corpus_tool.cli.review", "Correct annotations in the browser."),
    "next": ("corpus_tool.cli.next", "Say which documents to review next."),
    "fmt": ("corpus_tool.cli.fmt", "Write documents in the one file layout."),
    "shard": ("corpus_tool.cli.shard", "Store documents in shards, or in a file each."),
    "stats": ("corpus_tool.cli.stats", "Count documents, words and annotations."),
    "evaluate": ("corpus_tool.cli.evaluate", "Measure predicted annotations against gold ones."),
    "assign": ("corpus_tool.cli.assign", "Deal documents to several annotators."),
    "agree": ("corpus_tool.cli.agree", "Measure how far annotators agree."),
    "merge": ("corpus_tool.cli.merge", "Make one version of what several annotators made."),
    "export": ("corpus_tool.cli.export", "Write annotations for another tool."),
    "build": ("corpus_tool.cli.build", "Build the dataset: Parquet, card and manifest."),
    "verify": ("corpus_tool.cli.verify", "Check that a dataset is as it was built."),
    "rehydrate": ("corpus_tool.cli.rehydrate", "Put the text back into a dataset that was built without."),
    "report": ("corpus_tool.cli.report", "Write a page for readers: charts, quality, losses, articles."),
    "diff": ("corpus_tool.cli.diff", "Say what differs between two versions; write the changelog."),
    "publish": ("corpus_tool.cli.publish", "Publish the dataset as a version; read a published one back."),
}


class _Lazy(click.Group):
    """A group that imports a command's module only when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        import difflib

        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            close = difflib.get_close_matches(args[0], COMMANDS, 1)
            ctx.fail(f"no such command {args[0]!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nThe way through:\n"
    "  corpus-tool init my-corpus\n"
    "  corpus-tool convert articles/ --into my-corpus\n"
    "  corpus-tool validate my-corpus\n"
    "  corpus-tool build my-corpus --out dist/my-corpus\n"
    "  corpus-tool publish dist/my-corpus --to hf://datasets/me/my-corpus\n"
    "\n\b\nExit status: 0 clean, 1 findings in the data, 2 misuse or a file that cannot be read.",
)
@click.version_option(__version__, prog_name="corpus-tool")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Articles in, a checked Hugging Face dataset out."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False


def main() -> None:
    """Runs the command line; an expected failure is one line on standard error and exit status 1 or 2."""
    try:
        cli(prog_name="corpus-tool")
    except BrokenPipeError:
        sys.stdout = None  # so that the interpreter does not flush into the broken pipe
        sys.exit(141)
    except Exception as error:  # noqa: BLE001  # what is not expected is raised again
        sys.exit(_told(error))


def _told(error: Exception) -> int:
    """Prints what an expected failure says, and gives its exit status; raises again what is not expected.

    The model and the diagnostics are imported here alone: ``--help`` needs neither.
    """
    from corpus_tool.diagnostics.render.text import printable, render_line
    from corpus_tool.model.errors import CorpusToolError
    from corpus_tool.read.faults import ReadError

    if isinstance(error, ReadError):
        click.echo(render_line(error.diagnostic), err=True)
        return 1
    if isinstance(error, CorpusToolError):
        click.echo(f"corpus-tool: {printable(str(error))}", err=True)
        return 2
    if isinstance(error, OSError):
        where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        click.echo(f"corpus-tool: {printable(where)}{error.strerror or error}", err=True)
        return 2
    raise error

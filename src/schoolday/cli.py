"""The command `schoolday`. Each group lives with its part; this file only gathers them."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The online school day of a whole district."""

"""`python -m tests.office.console.schoolday`: the command `schoolday`, whichever Python runs the tests."""

from schoolday.cli import main

main(prog_name="schoolday")

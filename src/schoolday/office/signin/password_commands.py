"""`schoolday password`: give one account a password, from the terminal of the office's machine."""

import sys

import click
import msgspec

from schoolday.lib.errors import SchooldayError


@click.command()
@click.argument("user_name")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the password from standard input, one line.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def password(user_name: str, from_stdin: bool, as_json: bool) -> None:
    """
    Set the password of USER_NAME. Asks for it twice; it is never an argument, so it is in no list of processes.

    The hasher must be running (schoolday run, or schoolday hasher). Sessions of the person at the office end; her
    passes stay.
    """
    from schoolday.office.boot import boot_with_database

    boot_with_database()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from schoolday.office.people.models import Person
    from schoolday.office.signin.actions import set_password

    person = Person.objects.filter(user_name=user_name).first()
    if person is None:
        raise click.ClickException("Nobody in the roster has this user name. Capital letters count.")
    if from_stdin:
        chosen = sys.stdin.readline().rstrip("\r\n")
    else:
        chosen = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        validate_password(chosen, person)
        set_password(person, chosen)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    except SchooldayError as error:
        raise click.ClickException(f"{error.text} (Is the hasher running? 'schoolday hasher --check')") from error
    if as_json:
        click.echo(msgspec.json.encode({"person": person.id, "is_active": person.is_active}).decode())
    else:
        click.echo(
            "The password is set." if person.is_active else "The password is set, but this account is not active."
        )

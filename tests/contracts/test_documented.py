"""docs/develop/contracts.md and the structs say the same."""

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import schoolday.contracts

PAGE = Path(__file__).parents[2] / "docs" / "develop" / "contracts.md"
EXAMPLES = dict(re.findall(r"^### (\w+)\n.*?^```json\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL))


def structs() -> Iterator[type[msgspec.Struct]]:
    for module in pkgutil.iter_modules(schoolday.contracts.__path__):
        named = importlib.import_module(f"schoolday.contracts.{module.name}")
        for value in vars(named).values():
            if inspect.isclass(value) and issubclass(value, msgspec.Struct) and value.__module__ == named.__name__:
                yield value


ALL = {struct.__name__: struct for struct in structs() if not struct.__name__.startswith("_")}


def test_every_contract_has_an_example_and_no_example_is_of_nothing() -> None:
    assert sorted(EXAMPLES) == sorted(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
def test_an_example_is_its_contract_whole(name: str) -> None:
    struct = ALL[name]
    value = msgspec.json.decode(EXAMPLES[name], type=struct, strict=True)
    must_be_whole(json.loads(EXAMPLES[name]), struct)
    assert msgspec.json.decode(msgspec.json.encode(value), type=struct) == value


@pytest.mark.parametrize("name", sorted(ALL))
def test_contracts_are_frozen(name: str) -> None:
    assert ALL[name].__struct_config__.frozen


def test_a_reader_of_today_takes_a_field_of_tomorrow() -> None:
    for name, struct in ALL.items():
        value = json.loads(EXAMPLES[name]) | {"field_of_tomorrow": 1}
        msgspec.json.decode(json.dumps(value), type=struct)


def must_be_whole(example: dict[str, Any], struct: type[msgspec.Struct]) -> None:
    """Compare the names: the example leaves no field out, and has none that the struct does not know."""
    assert sorted(example) == sorted(field.encode_name for field in msgspec.structs.fields(struct))

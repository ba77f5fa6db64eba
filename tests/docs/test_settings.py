"""The settings that exist are the settings that are documented."""

import re
from pathlib import Path

from schoolday.settings_spec import SETTINGS

PAGE = Path(__file__).parents[2] / "docs" / "operate" / "settings.md"


def test_every_setting_stands_in_the_page_with_its_default_and_help() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE.read_text(), re.M))
    wanted = {s.name: f"{'secret' if s.secret else f'`{s.default}`' if s.default else ''} | {s.help}" for s in SETTINGS}
    assert rows == wanted

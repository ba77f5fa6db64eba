from tests.office.pathways.conftest import _nothing_published_yet, _on_a_monday_morning, belled, keys, reader

__all__ = ["_nothing_published_yet", "_on_a_monday_morning", "belled", "keys", "reader"]

"""Pages that anybody may read without signing on: "where do I go right now?" and the district's status."""

from schoolday.office.pathways.cards.write import Written, write_cards

__all__ = ["Written", "write_cards"]

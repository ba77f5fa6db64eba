"""The office's pages about cards: which there are, and printing all of a school. The only part here that has Django."""

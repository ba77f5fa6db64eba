"""The pages of the school office and of operators."""

"""Looking at each layer every few seconds, and naming the one that fails."""

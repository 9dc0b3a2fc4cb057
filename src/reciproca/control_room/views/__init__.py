"""The federation's pages of the whole network."""

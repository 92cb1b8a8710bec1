"""The four steps of the Train tab: data, network, training, test and keep."""

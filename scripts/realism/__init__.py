"""How far simulated EEG can be told from real EEG: features, a simple classifier, a report."""

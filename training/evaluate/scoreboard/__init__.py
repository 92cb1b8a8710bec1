"""The table of all shipped nets and of the detectors they have to beat."""

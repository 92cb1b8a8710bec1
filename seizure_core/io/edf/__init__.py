"""EDF, EDF+, BDF and BDF+: header, layout, annotations, samples, writing."""

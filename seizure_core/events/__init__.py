"""Events: probability trace, post-processing, scoring, marks."""

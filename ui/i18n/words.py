"""Texts that several places of the app show; a text used once stands where it is used."""

from __future__ import annotations

HOW_COUNTED = (
    "In scores, seizures or events less than 90 s apart count as one, and those longer than 5 min "
    "as several (SzCORE's rules); charts, lists and the viewer show each as it was marked or found."
)
SOME_OF = "{some:,} of {all:,}"
NO_MODELS = (
    "There is no model in the zoo. Put one into the <code>models</code> folder of the home folder."
)
NO_WRITING = (
    "This server can be reached from other machines and has no login, so nothing can be trained, "
    "tested, saved, deleted, imported or published here, and its datasets, runs and own models "
    "are not shown or given away. Run the app on your own machine, or ask the server's operator "
    "to set SEIZURE_ZOO_LOGIN."
)
SHARED_LOGIN = (
    "All who have this login share one zoo: they see, change and delete each other's datasets, "
    "with the names of files and patients in them, and each other's runs and models. Recordings "
    "you open are yours alone."
)
FOREIGN_NAME = (
    "This app answers to the names of its own machine only, such as localhost. To reach it under "
    "another name, set SEIZURE_ZOO_PUBLIC_URL to its address, and SEIZURE_ZOO_LOGIN."
)
FOREIGN_PAGE = (
    "A page of another website asked for this, and was refused. Behind a proxy, set "
    "SEIZURE_ZOO_PUBLIC_URL to the address that the app has there."
)
BODY_TOO_LARGE = "The request is too large: at most 16 MB are accepted, except for file uploads."
LOG_IN_FIRST = "Log in first."
TOO_MANY_PASSWORDS = "Too many wrong passwords: try again in a minute."
CHOOSE_MODEL = "Choose a model first."
RUN_FIRST = "There is no result yet: run a model first."
SOURCE_WORDS = {"shipped": "comes with the app", "user": "yours", "hub": "from a Hub"}

STATE = "State"
OF = "{done} of {total}"
BEST_EPOCH = "Best epoch"
BEST_LOSS = "Its validation loss"
BEST_F1 = "Its event F1"
BEST_ALARMS = "False alarms per 24 h"
RUN_STATE_WORDS = {
    "queued": "waiting",
    "running": "training",
    "stopped": "stopped",
    "interrupted": "interrupted",
    "done": "done",
    "failed": "failed",
}
SPLIT_CHOICES = (
    ("by recording", "recording"),
    ("by patient", "patient"),
    ("by seizure", "seizure"),
    ("leave one patient out, in turn", "leave-one-patient-out"),
    ("at random, window by window (leaks; n1Spool's)", "random"),
)

POINT_WORDS = {
    "card": "Default",
    "sensitive": "Sensitive",
    "balanced": "Balanced",
    "specific": "Specific",
    "own": "Custom",
}

DATASET = "Dataset"
LAYER_COLUMNS = ("No.", "Layer", "Output", "Parameters", "Multiply-adds", "Settings")

PART_SCOREBOARD = "Scoreboard"
MONTAGE = "Channels"
WINDOW = "Window"
RATE = "Sampling rate"
SIZE = "Parameters"
LICENCE = "Licence"
LIST_LABEL = "Models of the zoo"
NO_MODELS_YET = (
    "There is no model in the zoo yet. <em>Import</em> one from a file, fetch one from the "
    "<em>Hub</em>, or make one in <em>Train</em>."
)
ANY_MONTAGE = "any montage"
SECONDS = "{s:g} s"
HERTZ = "{hz:g} Hz"
NOT_MEASURED = "Nothing was measured yet."
THRESHOLD = "Threshold"
LIMITS = "Limits"
NO_SCOREBOARD = (
    "No scoreboard is shipped with this version. The card of each model says what was measured of "
    "it."
)

NOT_REACHED = "not reached"

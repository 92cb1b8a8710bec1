"""Every sentence and label of the Hub panel that a user reads."""

from __future__ import annotations

TAB_FIND = "Find and pull"
TAB_PUBLISH = "Publish"
TAB_REGISTRIES = "Team registries"

# --- signing in ---

SIGN_IN = "Sign in with Hugging Face"
SIGN_OUT = "Sign out ({})"
SIGNED_IN = "Signed in to the Hub as {name}."
NOT_SIGNED_IN = (
    "Not signed in: public nets can be found and pulled. To publish, or to reach private ones, "
    "set HF_TOKEN or run 'hf auth login' where this app runs, and start it again."
)
SPACE_NOT_SIGNED_IN = (
    "Not signed in: public nets can be found. Sign in to publish under your own name."
)
SPACE_WITHOUT_SIGN_IN = (
    "Nobody can sign in here: whoever runs this Space has to put 'hf_oauth: true' into its "
    "settings and install gradio[oauth]. Public nets can be found."
)
STRANGERS = (
    "This server has no login, so it does not lend its own to visitors: public nets can be found, "
    "but not pulled or published here."
)
NOT_ASKED_YET = "The Hub is asked whose login this is, if one is saved here."

# --- finding and pulling ---

QUERY = "Words of the name"
QUERY_INFO = "Empty finds every net that calls itself one of Seizure Zoo."
SEARCH = "Search the Hub"
RESULTS = "Nets on the Hub (choose a row to fill in its name)"
RESULT_COLUMNS = ("Repository", "Licence", "Downloads", "Likes", "Changed", "Who may have it")
NOTHING_FOUND = "No net of Seizure Zoo on the Hub has these words in its name."
FOUND = "{number} found. What they claim is checked when they are pulled."
EVERYBODY = "everybody"
MEMBERS = "its members"
ON_REQUEST = "on request"
REPOSITORY = "Repository"
REPOSITORY_INFO = "ORGANISATION/NAME, as on the Hub."
REVISION = "Revision"
REVISION_INFO = "Branch, tag or commit; empty takes the newest."
PULL = "Pull into the zoo"
NOTHING_PULLED = "What was pulled, and from which commit, is said here."
STAGES = {
    "look up": "Looking up the repository",
    "card": "Fetching the card",
    "weights": "Fetching the weights",
    "checks": "Checking card, weights and the stored output",
    "register": "Taking it into the zoo",
}
STAGE_SIZE = "{stage} ({size})"
PULLED = "The net {model_id} is in the zoo now and works without a connection."
PULLED_FACTS = ("Commit", "Net", "Version", "Repository", "Licence")
NAME_A_REPOSITORY = "Name a repository of the Hub first, such as some-team/some-net."

# --- publishing ---

PUBLISH_WHICH = "Publishes the net whose card is open: **{model_id}**"
PUBLISH_NONE = "Open the card of a net first: that net is published here."
ABOUT_PUBLISHING = (
    "Sent are the card, the weights and a README made from the card, and nothing else: no "
    "recording, no file name, no patient."
)
WHO_SEES = "A new repository is seen by"
PRIVATE = "me and my organisation"
PUBLIC = "everybody"
CHANGELOG = "What is new"
CHANGELOG_INFO = "For the history of versions; empty takes the note on the card."
ALLOW_NAMES = "Texts of the card that look like names of files or folders may be known"
PREVIEW = "Preview"
PUBLISH = "Publish this"
NO_PREVIEW = "Press <em>Preview</em>: what would be sent is shown here first. Nothing is sent yet."
PREVIEW_FIRST = "Look at a preview first: exactly what it shows is then published."
PREVIEW_HEADING = "What would be sent"
NOTHING_NEW = "The repository holds exactly this already: there is nothing to publish."
NEW_REPOSITORY = "nothing: it is created"
OLD_REPOSITORY = "version {version} of this net"
OTHER_REPOSITORY = "no net of Seizure Zoo"
PLAN_FACTS = ("Net", "Repository", "What is there", "Seen by", "Title of the commit")
FILE_COLUMNS = ("File", "Size", "What becomes of it")
CHANGE_WORDS = {"new": "new", "changed": "changed", "unchanged": "stays as it is"}
CHANGES = "Changes against what is there"
NO_TEXT_CHANGES = "The texts stay as they are."
PUBLISHED = "Published."
PUBLISHED_FACTS = ("Commit", "Repository")
OPEN_PAGE = "Its page on the Hub"

# --- team registries ---

ABOUT_REGISTRIES = (
    "A team's registry is a repository that lists its nets. They appear in every picker at once, "
    "and each is fetched, at the commit the registry names, when it is first used."
)
REGISTRY = "Registry to add"
ADD = "Add"
REGISTRY_COLUMNS = ("Registry", "Nets", "Commit")
NO_REGISTRIES = "No registry has been added."
WHICH_REGISTRY = "One of these"
UPDATE = "Update"
REMOVE = "Remove"
ADDED = "{repo_id}: {number} can be used now."
REMOVED = "{repo_id} is no longer asked. Nets that were pulled from it stay."
CHOOSE_REGISTRY = "Choose one of the added registries first."

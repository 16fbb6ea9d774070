"""Every way a file or a request can be refused: a stable code, a plain sentence, and what to do next."""

from __future__ import annotations

# code -> (what happened, what the patient can do). Shown on the page and in the API; never contains anything of the file.
REASONS: dict[str, tuple[str, str]] = {
    "empty": ("This file is empty.", "Open it on your device to check it, then send it again."),
    "damaged": ("This file is damaged and we could not open it.", "Ask for a new copy, or send a photo of each page."),
    "locked": ("This file is locked with a password.", "Type the password, or save a copy with no password and send that."),
    "wrong_password": ("That password did not open the file.", "Check the password and try again."),
    "unsupported": ("We cannot read this kind of file.", "Send a PDF or a photo of the page."),
    "too_large": ("This file is too large.", "Send fewer pages at a time, or a smaller photo."),
    "too_many_pages": ("This file has more pages than we can read at once.", "Send it in smaller parts."),
    "blank": ("We found no words in this file.", "Check that the pages are not blank, then send a clearer copy."),
    "timed_out": ("Reading this file took too long, so we stopped.", "Send it again, or send a photo of each page."),
    "not_medical": ("This does not look like a medical record.", "If it is one, tell us and we will read it anyway."),
    "other_person": ("This record seems to belong to another person.", "If it is yours, tell us and we will use it."),
    "nothing_inside": ("We found no file in this archive that we can read.", "Send the PDFs or photos that are in it one by one."),
    "several_people": ("This file holds the records of more than one person.", "Ask for a file of your own records alone, then send that."),
    "duplicate": ("You already sent this file.", "We kept the first one. You do not need to do anything."),
    "unreadable": (
        "We could not read this page well enough to trust it.",
        "Take a new photo in good light, with the whole page in the picture.",
    ),
    "other_language": ("This is in a language that we cannot read.", "Ask your care team for a copy in English, then send that."),
    "quarantined": (
        "We tried three times and could not finish reading this file.",
        "Our team has been told. You can also send it again as a photo.",
    ),
    "quota": ("You have reached the limit for files.", "Delete files you no longer need, then send this one again."),
    "incomplete": ("The file did not arrive whole.", "Send it again. We will go on where it stopped."),
    "no_room": ("We could not keep this file just now.", "Nothing is wrong with it. Send it again in a few minutes."),
    "out_of_date": ("The facts changed while you were looking at them.", "Look at the new version, then decide again."),
    "undecided": ("Some facts are not checked yet.", "Decide each of them, then sign off."),
    "taken": ("Somebody else is working on this.", "Choose another one, or wait until it is free again."),
    "invalid_value": ("That value does not fit this kind of fact.", "Check what you typed and try again."),
    "no_consent": ("We need your consent before we read records.", "Read what we do with your records, then choose if you agree."),
}


class RecordsError(Exception):
    """A refusal with a code from REASONS. Never carries content of a file."""

    def __init__(self, code: str) -> None:
        if code not in REASONS:
            raise KeyError(code)
        self.code = code
        super().__init__(code)

    @property
    def message(self) -> str:
        return " ".join(REASONS[self.code])


class ReadingError(RecordsError):
    """A file or a page that cannot be read."""

"""The content of the pages: its rows, changes on their way to the pages, translations, and the seed."""

from portal.content.current import current_content, read_content, spoken_language

__all__ = ["current_content", "read_content", "spoken_language"]

from portal.admin import content, publishing, site, translations, trials

__all__ = ["content", "publishing", "site", "translations", "trials"]

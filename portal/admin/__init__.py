from portal.admin import content, publishing, site, trials

__all__ = ["content", "publishing", "site", "trials"]

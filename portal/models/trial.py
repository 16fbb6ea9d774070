"""Trials as curated facts in our own words, and the registry's rules for them."""

from __future__ import annotations

import json
import zlib
from typing import Any

from django.db import models

from portal.models.editable import Editable


class TrialStatus(models.TextChoices):
    """Recruitment status, in the registry's terms."""

    NOT_YET_RECRUITING = "NOT_YET_RECRUITING", "Not yet open"
    RECRUITING = "RECRUITING", "Open"
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION", "By invitation only"
    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING", "Running, takes no new people"
    SUSPENDED = "SUSPENDED", "On hold"
    TERMINATED = "TERMINATED", "Stopped early"
    COMPLETED = "COMPLETED", "Finished"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    UNKNOWN = "UNKNOWN", "Not known"


class Trial(Editable):
    """One study. status_on: the day the status was known; shown beside it, always."""

    nct = models.CharField("NCT number", max_length=11, primary_key=True)
    title = models.CharField(max_length=300, help_text="Short, in plain words of our own.")
    what_is_tested = models.TextField(help_text="What is tested and how it works, in plain words of our own.")
    target = models.CharField(max_length=60, blank=True, help_text="Gene or marker it aims at, for example CLDN18.2.")
    kind = models.CharField(max_length=40, blank=True, help_text="CAR-T, TCR-T, drug, vaccine ...")
    phase = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=30, choices=TrialStatus, default=TrialStatus.UNKNOWN)
    status_on = models.DateField("status known on")
    conditions = models.JSONField(default=list, help_text="Codes of the cancers it is for.")
    countries = models.JSONField(default=list)
    is_shown = models.BooleanField(default=True)
    rules_changed_on = models.DateField(
        "rules changed at the registry", null=True, blank=True, help_text="Look at the rules again, then clear this."
    )

    class Meta:
        ordering = ["nct"]
        constraints = [
            models.CheckConstraint(condition=models.Q(nct__regex=r"^NCT[0-9]{8}$"), name="nct_number_has_eight_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.nct} {self.title}"

    @property
    def url(self) -> str:
        return f"https://clinicaltrials.gov/study/{self.nct}"


class Criterion(Editable):
    """One rule of a trial: the sentence that is shown, and the rule that is evaluated (empty: cannot be checked by us)."""

    class Kind(models.TextChoices):
        INCLUSION = "inclusion", "Must hold"
        EXCLUSION = "exclusion", "Must not hold"

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind)
    sentence = models.TextField()
    rule = models.JSONField(null=True, blank=True)
    cohort = models.CharField(max_length=60, blank=True)
    is_recoverable = models.BooleanField(default=False, help_text="Could a new test, time or treatment change the answer?")
    question = models.CharField(max_length=300, blank=True, help_text="The plain question to ask when it is not known.")
    registry_sentence = models.TextField(
        blank=True, help_text="The registry's own words that this was read from; empty for rules of our own."
    )
    is_to_check = models.BooleanField("the registry changed this", default=False, help_text="Its words are gone from the registry's text.")

    class Meta:
        ordering = ["trial", "order", "pk"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return f"{self.trial_id} {self.kind} {self.order}"


class Site(Editable):
    """A place where the trial runs. latitude and longitude in degrees (WGS 84)."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="sites")
    facility = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=100)
    postcode = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["trial", "country", "city", "pk"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.facility, self.city, self.country) if part)


class RegistryRecord(models.Model):
    """A study as the registry sent it last. packed: its JSON, compressed, key for key. digest: of that JSON, to tell whether it changed.

    updated_on: the registry's day of the last change as it writes it ("2026-11" or "2026-11-24", "" where absent). data_timestamp: of the
    registry's data when it was fetched, "" for a file. aliases: older numbers of the same study. index_row: for the first look over all
    records (personalize/trials/index.py), made with the vocabulary of index_version.
    """

    nct = models.CharField("NCT number", max_length=11, primary_key=True)
    packed = models.BinaryField()
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=40, blank=True)
    updated_on = models.CharField(max_length=10, blank=True)
    data_timestamp = models.CharField(max_length=32, blank=True)
    aliases = models.JSONField(default=list)
    index_row = models.BinaryField(default=b"")
    index_version = models.CharField(max_length=12, blank=True)
    seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["nct"]
        indexes = [models.Index(fields=["status", "index_version"], name="registry_to_look_at")]

    def __str__(self) -> str:
        return f"{self.nct} {self.status}"

    @property
    def study(self) -> dict[str, Any]:
        """The JSON as it came."""
        made: dict[str, Any] = json.loads(zlib.decompress(bytes(self.packed)))
        return made


class StatusChange(models.Model):
    """One status that a study has had at the registry. known_on: the day that it was true for, by the registry."""

    record = models.ForeignKey(RegistryRecord, models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=40)
    known_on = models.DateField()
    noticed_at = models.DateTimeField()

    class Meta:
        ordering = ["record", "known_on", "pk"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.status} {self.known_on}"


class RegistryVisit(models.Model):
    """The last time that a question was asked to its end. data_timestamp: of the registry's data then; the next visit asks for what is newer."""

    query = models.CharField(max_length=500, unique=True)
    data_timestamp = models.CharField(max_length=32)
    finished_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.query} {self.data_timestamp}"

"""What the answers are made of, as rows that admins edit. Field names are those of the values in personalize.content."""

from __future__ import annotations

from typing import Any

from django.db import models

from personalize.content import Directive, Gap, Placement, RowGroup, Sensitivity, Volatility
from portal.models.editable import Editable


def _choices(enum: Any) -> list[tuple[str, str]]:
    return [(one.value, one.value.replace("_", " ").capitalize()) for one in enum]


class Source(Editable):
    """Where a fact was read."""

    key = models.SlugField(primary_key=True, max_length=60)
    title = models.TextField()
    publisher = models.CharField(max_length=300, blank=True)
    authors = models.CharField(max_length=500, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    identifier = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=600, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.title} ({self.year or 'undated'})"

    def is_in_use(self) -> bool:
        return self.citing.exists() or self.service_set.exists()


class Fact(Editable):
    """One sourced claim in our own plain words."""

    id = models.CharField(primary_key=True, max_length=40)
    statement = models.TextField()
    sources = models.ManyToManyField(Source, through="FactSource", related_name="facts")
    population = models.TextField(blank=True, help_text="Who was studied.")
    as_of = models.CharField("as of", max_length=120, blank=True)
    volatility = models.CharField(max_length=10, choices=_choices(Volatility), default=Volatility.LOW.value)
    sensitivity = models.CharField(max_length=20, choices=_choices(Sensitivity), default=Sensitivity.NONE.value)
    region = models.CharField(max_length=60, default="any")
    numbers = models.TextField(default="{}", help_text="The figures behind the words, as JSON.")
    checked_on = models.DateField(null=True, blank=True, help_text="When an editor last compared it with its sources.")
    is_shown = models.BooleanField(default=True)
    note = models.TextField(blank=True, help_text="For editors. Never shown.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.id}: {self.statement[:80]}"

    def links(self) -> tuple[str, ...]:
        return tuple(one.source_id for one in self.cited.all())

    def is_in_use(self) -> bool:
        return self.used_in.exists()


class FactSource(models.Model):
    """The sources of a fact, the main one first."""

    fact = models.ForeignKey(Fact, models.CASCADE, related_name="cited")
    source = models.ForeignKey(Source, models.PROTECT, related_name="citing")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["fact", "order"]
        constraints = [models.UniqueConstraint(fields=["fact", "source"], name="source_once_per_fact")]

    def __str__(self) -> str:
        return f"{self.fact_id} ← {self.source_id}"


class Answer(Editable):
    """A page."""

    slug = models.SlugField(primary_key=True, max_length=80)
    title = models.CharField(max_length=200)
    main_point = models.TextField(blank=True)
    disease = models.CharField(max_length=120, blank=True)
    codes = models.JSONField(default=list, blank=True, help_text="OncoTree codes of the cancers it is for.")
    names = models.JSONField(default=list, blank=True, help_text="Lower-case words that name them where no code is known.")
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    is_shared = models.BooleanField(default=False, help_text="Its passages join every answer.")
    is_solid = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.title

    def is_in_use(self) -> bool:
        return self.sections.exists()


class Section(Editable):
    """A part of an answer, under one heading."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="sections")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["answer", "order"]
        constraints = [models.UniqueConstraint(fields=["answer", "code"], name="section_once_per_answer")]

    def __str__(self) -> str:
        return f"{self.answer_id} / {self.title}"

    def is_in_use(self) -> bool:
        return self.passages.exists()


class Passage(Editable):
    """A few sentences shown together, or a change to others."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="passages")
    code = models.CharField(max_length=80)
    heading = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True, help_text="{FACT-ID} puts in that fact's statement; {ecog} and the like, the person's own value.")
    clinical_text = models.TextField(blank=True)
    facts = models.ManyToManyField(Fact, through="PassageFact", related_name="passages")
    placement = models.CharField(max_length=10, choices=_choices(Placement), default=Placement.BODY.value)
    anchors = models.JSONField(default=list, blank=True, help_text="Passages or sections that the placement acts on.")
    condition = models.JSONField(null=True, blank=True, help_text="For whom. Empty: for everybody.")
    only_for = models.JSONField(default=list, blank=True, help_text="Answers it may change, by slug; empty for all.")
    reason = models.TextField(blank=True, help_text="Shown as why this is about the person.")
    row = models.CharField("row of the tailoring matrix", max_length=10, null=True, blank=True)
    group = models.CharField(max_length=20, choices=_choices(RowGroup), null=True, blank=True)
    if_unknown = models.TextField(blank=True, help_text="What to ask while the condition cannot be settled.")
    unlocks = models.CharField(max_length=40, choices=_choices(Gap), null=True, blank=True)
    directives = models.JSONField(default=list, blank=True, help_text=", ".join(one.value for one in Directive))
    sensitivity = models.CharField(
        max_length=20, choices=_choices(Sensitivity), null=True, blank=True, help_text="Empty: the strongest of its facts."
    )
    order = models.IntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["section", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["section", "code"], name="passage_once_per_section")]

    def __str__(self) -> str:
        return self.code

    def links(self) -> tuple[str, ...]:
        return tuple(one.fact_id for one in self.made_of.all())


class PassageFact(models.Model):
    """The facts a passage is made of, in order."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="made_of")
    fact = models.ForeignKey(Fact, models.PROTECT, related_name="used_in")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["passage", "order"]
        constraints = [models.UniqueConstraint(fields=["passage", "fact"], name="fact_once_per_passage")]

    def __str__(self) -> str:
        return f"{self.passage_id} ← {self.fact_id}"


class GlossaryTerm(Editable):
    """A word explained in place."""

    term = models.CharField(primary_key=True, max_length=120)
    definition = models.TextField()
    aliases = models.JSONField(default=list, blank=True)
    fact_ids = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["term"]

    def __str__(self) -> str:
        return self.term


class Guideline(Editable):
    """A guideline by title, year and link; none of its text."""

    cancer = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    url = models.URLField(max_length=600)

    class Meta:
        ordering = ["cancer", "publisher", "title"]
        constraints = [models.UniqueConstraint(fields=["cancer", "title", "publisher"], name="guideline_once")]

    def __str__(self) -> str:
        return self.title


class Service(Editable):
    """An entry of the directory of related services."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=120)
    region = models.CharField(max_length=120)
    cost = models.CharField(max_length=120)
    what = models.TextField()
    url = models.URLField(max_length=600)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    cancers = models.JSONField(default=list, blank=True, help_text="Answers it belongs to; empty for all.")

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class FixedText(Editable):
    """Texts that no condition may take away: the learning notice, the emergency boxes, the distress line."""

    code = models.CharField(primary_key=True, max_length=60)
    title = models.CharField(max_length=200)
    lines = models.JSONField(default=list)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title or self.code


class Disagreement(Editable):
    """Sources that give different figures for the same thing."""

    code = models.CharField(primary_key=True, max_length=60)
    about = models.CharField(max_length=200)
    text = models.TextField()
    fact_ids = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.about


class Translation(Editable):
    """One part of the content in another language. english: the words it was made of; while they are not those on the page, the page shows
    the English."""

    language = models.CharField(max_length=5, choices=[("es", "Spanish")], default="es", editable=False)
    kind = models.CharField(max_length=20, editable=False)
    name = models.CharField(max_length=250, editable=False)
    words = models.JSONField(default=dict, editable=False)
    english = models.JSONField(default=dict, editable=False)
    is_checked = models.BooleanField("checked by a translator", default=False)

    class Meta:
        ordering = ["language", "kind", "name"]
        constraints = [models.UniqueConstraint(fields=["language", "kind", "name"], name="translation_once")]

    def __str__(self) -> str:
        return f"{self.get_language_display()}: {self.kind} {self.name}"

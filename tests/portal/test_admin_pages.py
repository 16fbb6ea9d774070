"""Every page of the admin opens, with the real content in it; no record of a patient is registered there."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from personalize.content.reading_grade import reading_grade
from portal.models import Fact

pytestmark = pytest.mark.django_db


def test_every_list_and_every_form_opens(as_admin: Client) -> None:
    call_command("load_content", verbosity=0)
    for model, options in admin.site._registry.items():
        place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        opened = [reverse(f"{place}_changelist")]
        first = model._default_manager.first()
        if first is not None:
            opened.append(reverse(f"{place}_change", args=[first.pk]))
        if options.has_add_permission(as_admin.get("/admin/").wsgi_request):
            opened.append(reverse(f"{place}_add"))
        for path in opened:
            assert as_admin.get(path).status_code == 200, path


def test_a_list_can_be_searched_and_filtered(as_admin: Client) -> None:
    call_command("load_content", verbosity=0)
    assert "NCT04404595" in as_admin.get("/admin/portal/trial/?q=claudin").content.decode()
    assert as_admin.get("/admin/portal/passage/?q=KRAS").status_code == 200
    assert as_admin.get("/admin/portal/fact/?q=claudin").status_code == 200


def test_a_passage_reads_as_hard_as_the_facts_that_stand_in_it(as_admin: Client) -> None:
    """The column measured the name of the fact: {TGT-KRAS-01} alone is of grade 20."""
    call_command("load_content", verbosity=0)
    shown = as_admin.get("/admin/portal/passage/?q=TGT-KRAS-01").content.decode()
    grade = f"{reading_grade(Fact.objects.get(pk='TGT-KRAS-01').statement):.1f}"
    assert f'<td class="field-grade">{grade}</td>' in shown and float(grade) < 8


def test_no_record_of_a_patient_is_in_the_admin() -> None:
    assert not [model for model in admin.site._registry if model._meta.app_label == "records"]


def test_a_request_does_not_say_how_many_forms_are_drawn(as_admin: Client) -> None:
    """A number past all bounds drew 2,000 forms, each with every source as a choice: a minute of one process."""
    posted = {"cited-TOTAL_FORMS": "9" * 20, "cited-INITIAL_FORMS": "0"}
    shown = as_admin.post("/admin/portal/fact/add/", posted).content
    assert b'name="cited-99-' in shown
    assert b'name="cited-100-' not in shown

"""Celery's door to the actions. Messages carry one id of a row of the queue; ringing twice, late or for nothing is harmless."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from records.actions import reading


@shared_task(ignore_result=True)
def read_document(work: str) -> None:
    reading.read_document(work=UUID(work))


@shared_task(ignore_result=True)
def read_page(work: str) -> None:
    reading.read_page(work=UUID(work))


@shared_task(ignore_result=True)
def extract_document(work: str) -> None:
    reading.extract_document(work=UUID(work))


@shared_task(ignore_result=True)
def rebuild_profile(work: str) -> None:
    reading.rebuild_profile(work=UUID(work))

"""The whole URL map."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from portal.views import (
    account,
    answers,
    arriving,
    bench_add,
    errors,
    facts,
    health,
    language,
    mine,
    people,
    privacy,
    proof,
    records,
    review,
    scores,
    sharing,
    support,
    trials,
)

public = [
    path("", answers.home, name="home"),
    path("a/<slug:slug>/", answers.answer, name="answer"),
    path("words/", answers.words, name="words"),
    path("guidelines/", answers.guidelines, name="guidelines"),
    path("services/", answers.services, name="services"),
    path("changes/", answers.changes, name="changes"),
    path("help/", answers.help_page, name="help"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("start/", records.start, name="start"),
    path("language/<slug:language>/", language.choose, name="choose_language"),
    path("for-my-doctor/<str:secret>/", sharing.shared_summary, name="shared_summary"),
    path("livez", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.measured, name="metrics"),
]
own = [
    path("account/", account.account, name="account"),
    path("upload/", records.upload, name="upload"),
    path("upload/arriving/", arriving.begin, name="arriving"),
    path("upload/arriving/<uuid:arrival>/", arriving.piece, name="piece"),
    path("records/", records.records, name="records"),
    path("records/progress/", records.progress, name="progress"),
    path("records/<uuid:document>/", records.document, name="document"),
    path("records/<uuid:document>/unlock/", records.unlock, name="unlock"),
    path("records/<uuid:document>/accept/", records.accept, name="accept"),
    path("records/<uuid:document>/retry/", records.retry, name="retry"),
    path("records/<uuid:document>/delete/", records.delete, name="delete"),
    path("records/<uuid:document>/original/", proof.original, name="original"),
    path("records/<uuid:document>/pages/<int:number>/", proof.page_image, name="page_image"),
    path("proof/<uuid:finding>/", proof.proof, name="proof"),
    path("facts/", facts.facts, name="facts"),
    path("facts/decide/", facts.decide, name="decide"),
    path("facts/add/<slug:kind>/", facts.add, name="add_fact"),
    path("facts/<uuid:finding>/", facts.correct, name="correct"),
    path("my/", mine.start, name="my_answer_start"),
    path("my/trials/", trials.mine, name="my_trials"),
    path("my/trials/compare/", trials.compare, name="compare_trials"),
    path("my/trials/place/", trials.place, name="trial_place"),
    path("my/trials/<str:nct>/", trials.one, name="my_trial"),
    path("my/trials/<str:nct>/save/", trials.save, name="save_trial"),
    path("questions/", people.questions, name="questions"),
    path("questions/<uuid:question>/", people.answer_question, name="answer_question"),
    path("privacy/mine/", privacy.my_privacy, name="my_privacy"),
    path("privacy/mine/consent/<slug:purpose>/", privacy.consent, name="consent"),
    path("privacy/mine/notices/", privacy.notices, name="notices"),
    path("privacy/mine/sharing/", sharing.sharing, name="sharing"),
    path("privacy/mine/sharing/<slug:what>/<uuid:entry>/end/", sharing.revoke, name="end_sharing"),
    path("invited/<str:secret>/", sharing.invited, name="invited"),
    path("account/record/", sharing.choose_record, name="choose_record"),
    path("privacy/mine/copy/", privacy.export, name="export"),
    path("privacy/mine/delete/", privacy.delete_all, name="delete_all"),
    path("my/<slug:slug>/", mine.answer, name="my_answer"),
    path("my/<slug:slug>/print/", mine.printed, name="my_print"),
    path("my/<slug:slug>/for-my-doctor.pdf", mine.summary, name="my_summary"),
]
staff = [
    path("review/scores/", scores.scores, name="scores"),
    path("support/", support.tasks, name="support"),
    path("support/files/<uuid:document>/retry/", support.retry, name="support_retry"),
    path("support/log/", support.log, name="support_log"),
    path("support/access/", support.access, name="support_access"),
    path("support/access/<slug:what>/<uuid:entry>/end/", support.end_access, name="support_access_end"),
    path("support/record/", support.open_record, name="support_open"),
    path("support/record/<uuid:access>/", support.record, name="support_record"),
    path("support/record/<uuid:access>/end/", support.end, name="support_end"),
    path("review/", review.queue, name="review_queue"),
    path("review/<uuid:review>/", review.show, name="bench"),
    path("review/<uuid:review>/claim/", review.claim, name="claim"),
    path("review/<uuid:review>/release/", review.release, name="release"),
    path("review/<uuid:review>/decide/", review.decide, name="bench_decide"),
    path("review/<uuid:review>/undo/", review.undo, name="bench_undo"),
    path("review/<uuid:review>/ask/", review.ask, name="bench_ask"),
    path("review/<uuid:review>/sign/", review.sign, name="sign_off"),
    path("review/<uuid:review>/add/<uuid:document>/<int:number>/", bench_add.add, name="bench_add"),
    path("review/<uuid:review>/<uuid:finding>/", review.correct, name="bench_correct"),
]
urlpatterns = [
    *public,
    *own,
    *staff,
    path("api/v1/", include("portal.api.urls")),
    path("accounts/email/", account.addresses, name="account_email"),  # before those of allauth
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
handler400 = errors.bad_request
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.broken

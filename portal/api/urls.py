"""/api/v1/"""

from __future__ import annotations

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from portal.api.views import answers, arriving, export, findings, missing, profile, records, reviews, tokens, trials, webhooks

app_name = "api"
urlpatterns = [
    path("documents/", records.DocumentsView.as_view(), name="documents"),
    path("documents/<uuid:document>/", records.DocumentView.as_view(), name="document"),
    path("documents/<uuid:document>/unlock/", records.UnlockView.as_view(), name="unlock"),
    path("documents/<uuid:document>/accept/", records.AcceptView.as_view(), name="accept"),
    path("documents/<uuid:document>/retry/", records.RetryView.as_view(), name="retry"),
    path("documents/<uuid:document>/original/", records.OriginalView.as_view(), name="original"),
    path("documents/<uuid:document>/pages/", records.PagesView.as_view(), name="pages"),
    path("documents/<uuid:document>/pages/<int:number>/image/", records.PageImageView.as_view(), name="page_image"),
    path("documents/<uuid:document>/findings/", findings.FindingsView.as_view(), name="findings"),
    path("arrivals/", arriving.ArrivalsView.as_view(), name="arrivals"),
    path("arrivals/<uuid:arrival>/", arriving.ArrivalView.as_view(), name="arrival"),
    path("arrivals/<uuid:arrival>/piece/", arriving.PieceView.as_view(), name="arrival_piece"),
    path("arrivals/<uuid:arrival>/finish/", arriving.FinishView.as_view(), name="arrival_finish"),
    path("findings/", findings.AllFindingsView.as_view(), name="all_findings"),
    path("findings/<uuid:finding>/", findings.FindingView.as_view(), name="finding"),
    path("findings/<uuid:finding>/evidence/", findings.EvidenceView.as_view(), name="evidence"),
    path("findings/<uuid:finding>/reviews/", findings.ReviewsView.as_view(), name="reviews"),
    path("reviews/", findings.AllReviewsView.as_view(), name="all_reviews"),
    path("statements/", findings.StatementsView.as_view(), name="statements"),
    path("profile/", profile.ProfileView.as_view(), name="profile"),
    path("export/fhir/", export.FhirView.as_view(), name="export_fhir"),
    path("export/csv/", export.CsvView.as_view(), name="export_csv"),
    path("export/json/", export.JsonView.as_view(), name="export_json"),
    path("questions/", profile.QuestionsView.as_view(), name="questions"),
    path("audit/", profile.AuditView.as_view(), name="audit"),
    path("answers/", answers.AnswersView.as_view(), name="answers"),
    path("answers/<slug:slug>/", answers.AnswerView.as_view(), name="answer"),
    path("answers/<slug:slug>/mine/", answers.MyAnswerView.as_view(), name="my_answer"),
    path("answers/<slug:slug>/diff/", answers.DifferenceView.as_view(), name="diff"),
    path("trials/", trials.TrialsView.as_view(), name="trials"),
    path("trials/mine/", trials.MyTrialsView.as_view(), name="my_trials"),
    path("trials/mine/<str:nct>/", trials.MyTrialView.as_view(), name="my_trial"),
    path("trials/<str:nct>/", trials.TrialView.as_view(), name="trial"),
    path("review/", reviews.QueueView.as_view(), name="queue"),
    path("review/<uuid:review>/claim/", reviews.ClaimView.as_view(), name="claim"),
    path("review/<uuid:review>/release/", reviews.ReleaseView.as_view(), name="release"),
    path("review/<uuid:review>/sign/", reviews.SignView.as_view(), name="sign"),
    path("tokens/", tokens.TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:token>/", tokens.TokenView.as_view(), name="token"),
    path("webhooks/", webhooks.WebhooksView.as_view(), name="webhooks"),
    path("webhooks/<uuid:webhook>/", webhooks.WebhookView.as_view(), name="webhook"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"^.*$", missing.MissingView.as_view(), name="missing"),
]

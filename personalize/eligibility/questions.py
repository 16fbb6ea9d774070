"""What a rule is called, whether time or a new test can change its answer, and what to ask while it is open."""

from __future__ import annotations

from collections.abc import Iterator

from personalize.criteria import AllOf, AnyOf, Criterion, IfKnown, Not, Rule
from personalize.vocabulary.lab_units import lab_in_sentence

# A repeat test, time or treatment can change these; what a person is or has had stays (registry gold standard, "recoverable").
_RECOVERABLE = frozenset(
    {"ecog", "karnofsky", "lab", "measurable_disease", "life_expectancy", "pregnancy", "steroids", "other_malignancy", "brain_mets"}
)  # fmt: skip
_QUESTIONS = {
    "age": "How old are you?",
    "sex": "Which sex do the records say?",
    "diagnosis": "Which type of cancer is it, in the words of the pathology report?",
    "histology": "Which cell type does the pathology report name?",
    "stage_extent": "Can the tumor be removed, is it locally advanced, or has it spread?",
    "metastatic_site": "To which organs has it spread?",
    "prior_lines": "Which treatments were given, in which order, and did the cancer grow on them?",
    "treatment": "Which treatments were given, and when was the last dose?",
    "measurable_disease": "Does the latest scan show a tumor that can be measured?",
    "ecog": "What is the ECOG score? Are you up and about most of the day?",
    "karnofsky": "What is the Karnofsky score?",
    "biomarker": "Was the tumor tested for this, and what was the result?",
    "hla": "What is the HLA type? It is a blood or cheek test.",
    "lab": "What is the latest value of this blood test?",
    "brain_mets": "Has the brain been scanned, and was cancer found there?",
    "autoimmune": "Have you had an autoimmune disease, and how is it treated?",
    "infection": "Do you have an infection, and were HIV and hepatitis tested?",
    "prior_cell_therapy": "Have you had CAR-T or another cell therapy?",
    "transplant": "Have you had a transplant of an organ, of bone marrow or of stem cells?",
    "pregnancy": "Are you pregnant or breastfeeding?",
    "steroids": "Do you take cortisone or prednisone now, and how much?",
    "other_malignancy": "Have you had another cancer, and when was it last treated?",
    "life_expectancy": "What does the doctor say to this rule?",
}


def leaves(rule: Criterion) -> Iterator[Rule]:
    """The single rules of a condition, left to right."""
    match rule:
        case Rule():
            yield rule
        case AllOf(of) | AnyOf(of):
            for one in of:
                yield from leaves(one)
        case Not(inner) | IfKnown(inner):
            yield from leaves(inner)
        case _:
            return


def leading(rule: Criterion) -> Rule:
    """The rule that the whole is about: the first that is no mere state or sex."""
    if isinstance(rule, Rule):
        return rule
    if isinstance(rule, AnyOf) and len(rule.of) == 2 and isinstance(rule.of[0], Not):
        return leading(rule.of[1])
    every = list(leaves(rule))
    return next((one for one in every if one.predicate not in ("clinical", "unread", "sex")), every[0])


def is_recoverable(rule: Criterion) -> bool:
    """Could time, treatment or a new test change the answer?"""
    first = leading(rule)
    if first.predicate in ("prior_lines", "treatment"):
        return first.op in ("at_least", "within_days", "received_all")
    if first.predicate == "infection":
        return not any(one.sub == "hiv" and one.op == "positive" for one in leaves(rule))
    if first.predicate in ("prior_cell_therapy", "transplant"):
        return first.window_days is not None
    return first.predicate in _RECOVERABLE and not (first.predicate == "brain_mets" and first.op == "known")


def question_of(rule: Criterion) -> str | None:
    first = leading(rule)
    if first.predicate == "lab":
        return f"What is the latest {lab_in_sentence(str(first.sub))}?"
    if first.predicate == "biomarker":
        return f"Was {str(first.sub).replace('/', ' or ')} tested, and what was the result?"
    return _QUESTIONS.get(first.predicate)

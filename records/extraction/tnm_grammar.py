"""The grammars of T, N and M, and of what stands around them. What each is for is said where it is used (tnm_categories)."""

from __future__ import annotations

import re

from records.extraction.patterns import lazy

_PREFIX = r"(?P<pre>(?:[yra]{0,2}[pc]|[yra]{1,2}[pc]?|[YRA]{0,2}[PC]|[yY])[ .'\"_-]{0,2})"


_T_VALUE = (
    r"(?P<v>is|IS|Is|[0-4Xx]|a(?=[ ,;.)]|$|[pc]?N)|[lI|!](?![a-z]{2})|[OZ8])(?P<s> ?(?:mi|MI)\b"
    r"|[a-dA-D](?:[12])?(?![a-zA-Z])|[a-d](?=[LVRG][0-3OX])|[a-dA-D](?=[pcy]{0,2}N ?[0-3XxOoIl])| [abd](?=[ ,;.]*(?:[pc]{0,2}N|$|\)|,))"
    r"| c(?=[ ,;.]+[pc]{0,2}N|$|\)|,))?"
)


_N_VALUE = (
    r"(?P<v>[0-3Xx]|[OoQlI|!Zz])(?P<s> ?(?:mi(?:c)?|MI)\b|[a-cA-C](?![a-zA-Z])|[a-c](?=[LVRG][0-3OX])|[a-cA-C](?=[pc]?M ?[01XxOoIl])"
    r"| [ab](?=[ ,;.]*(?:[pc]?M|$|\)|,))| c(?=[ ,;.]+[pc]?M|$|\)|,))?(?P<q>(?: ?\( ?(?:sn|SN|mi|mic|i ?[-+]|I ?[-+]"
    r"|mol ?[-+]) ?\))*)"
)


_M_VALUE = r"(?P<v>[01Xx]|[OoQlI|!])(?P<s> ?[a-dA-D](?![a-zA-Z]))?(?P<q> ?\( ?i ?\+ ?\))?"


_END = r"(?![A-Za-z0-9])"


_BEFORE_N = r"(?=$|[^A-Za-z0-9]|[pc]{0,2}N ?[0-3XxOoQlI|]|[pc]?M ?[01XxOolI]|[LVRG][0-3OX])"


_BEFORE_M = r"(?=$|[^A-Za-z0-9]|[pc]?M ?[01XxOolI]|[LVRG][0-3OX])"


T = lazy(rf"(?<![A-Za-z0-9]){_PREFIX}?T ?{_T_VALUE}(?: ?\((?:m|\d)\))?{_BEFORE_N}")


T_SMALL = lazy(r"(?<![A-Za-z0-9])(?P<pre>y?[pc] ?)t ?(?P<v>[0-4x]|is)(?P<s>[a-d])?(?=[ ,;]*p?n ?[0-3xol])")


_BROKEN = r"(?<![A-Za-z0-9])(?P<pre>y?p) ?['\"`^*]?[TIfl1\]7\\/]['\"`^*]?(?P<v>[0-4])(?P<s>[a-d])?"


T_BROKEN = lazy(rf"{_BROKEN}(?=[ ,;.]{{0,3}}p ?N ?[0-3XxOolI])")


T_IN_SLOT = lazy(rf"\(p[TI1]\) ?[:;.]? ?{_BROKEN}(?= ?[:;.,(-]| [A-Z])")  # "Primary tumor (pT): p'13: Tumor extends ..."


N_IN_SLOT = lazy(r"\(p[NH]\) ?[:;.]? ?(?P<pre>y?p) ?N(?P<v>[0-3XOolIi])(?P<s>[a-c])?(?P<q>)(?= ?[:;.,(-]| [A-Z])")


N = lazy(rf"(?:(?<![A-Za-z0-9])|(?<=[0-4XxaAbBcCdDsSlIOo)])){_PREFIX}?N ?{_N_VALUE}{_BEFORE_M}")


N_SMALL = lazy(r"(?<=[0-4xabcdsol ,;])(?P<pre>y?[pc] ?)?n ?(?P<v>[0-3xol])(?P<s>[a-c])?(?P<q>)(?=$|[^a-z0-9]|[pc]?m ?[01xol])")


M = lazy(rf"(?:(?<![A-Za-z0-9])|(?<=[0-3XxaAbBcCOolI)])){_PREFIX}?M ?{_M_VALUE}{_END}")


# where each grammar may begin to be tried: its letter and what may follow it
T_HINT, N_HINT = lazy(r"T ?[0-4XxiIalOZ8|!]"), lazy(r"N ?[0-3XxOoQlI|!Zz]")


M_HINT, T_SMALL_HINT = lazy(r"M ?[01XxOoQlI|!]"), lazy(r"t ?[0-4xi]")


T_BROKEN_HINT = lazy(r"p ?['\"`^*]?[TIfl1\]7\\/]['\"`^*]?[0-4]")


SLOT_HINT = lazy(r"\(p[TI1NH]\)")


LABEL_HINT = lazy(r"[:=] ?[pc]?[TNM]? ?(?:is|[0-4xo])(?![0-9])", re.I)


FILLER = lazy(
    (
        r"(?:[\s,;.:/()\[\]&_*|-]|(?:L|V|R|G|Pn|S|LV)[0-3OoXx](?![A-Za-z])|local|\d{1,3} ?/ ?\d{1,3}|\(\d+ ?of ?\d+\)"
        r"|\((?:sn|m|is|mi|\d+)\)|and\b|AND\b|stage:?|[pc]?(?=[NM])|\+\)|i|,)*"
    ),
    re.S,
)


LABELLED = {
    "T": lazy(
        r"(?:\(?\b[yrc]?pT\)?|\bT[ -]?(?:stage|category|classification|status)|\(T\)|(?:primary"
        r"|pathologic(?:al)?) tumou?r(?: stage| \(p?T\))?|tumou?r stage \(p?T\)|\bcT)\)? ?(?:category|stage|status"
        r"|classification)? ?[:=] ?(?:p|c)?T? ?(?P<v>is|[0-4Xx])(?P<s> ?mi\b|[a-dA-D])?"
        r"(?![A-Za-z0-9/])(?![.,]\d)(?! ?(?:cm|mm|x |of|\)))",
        re.I,
    ),
    "N": lazy(
        r"(?:\(?\b[yrc]?pN\)?|\bN[ -]?(?:stage|category|classification|status)|\(N\)|\bcN)\)? ?(?:category|stage|status"
        r"|classification)? ?[:=] ?(?:p|c)?N? ?(?P<v>[0-3XxOo])(?P<s> ?mi\b|[a-cA-C])?(?P<q>(?: ?\( ?(?:sn|mi|i ?[-+]"
        r"|mol ?[-+]) ?\))*)"
        r"(?![A-Za-z0-9/])(?![.,]\d)(?! ?(?:cm|mm|x |of|\)|out))",
        re.I,
    ),
    "M": lazy(
        (
            r"(?:\(?\b[yrc]?pM\)?|\bM[ -]?(?:stage|category|classification|status)|\(M\)|\bcM)\)? ?(?:category|stage|status"
            r"|classification)? ?[:=] ?(?:p"
            r"|c)?M? ?(?P<v>[01XxOo])(?P<s> ?[a-d]\b)?(?P<q>)(?![A-Za-z0-9/])(?![.,]\d)(?! ?(?:cm|mm|x |of|\)))"
        ),
        re.I,
    ),
}


STAGING = lazy(
    (
        r"(?:\bstag(?:e|ed|ing)\b|\bTNM\b|\bp?TNM\b|AJCC|UICC|A[JI3]CC|categor|classification|primary tumou?r"
        r"|\btumou?r(?: \(?p?T\)?)? ?[:=]|regional (?:lymph )?nodes?|lymph nodes? ?\(?(?:p?N)?\)? ?[:=]"
        r"|distant metasta\w+ ?(?:\(?p?M\)?)? ?[:=]|(?:pathologic(?:al)?|clinical) [TNM]\b)[^.\n]{0,60}$"
    ),
    re.I,
)


LOOKALIKE = lazy(
    (
        r" ?-? ?(?:weight|signal|hyper|hypo|iso-?intens|image|sequence|vertebra|cell|lymphocyte|spine|spinal|compression"
        r"|level|nerve|W\b|fat|FLAIR|macrophage|neuron|dermat|receptor|phase|station|helper|bod(?:y|ies)|through [TL]\d"
        r"|mapping|relaxation)|[-–/](?:T|L|S|C)?\d"
    ),
    re.I,
)


BLOCK = lazy(
    (
        r"(?:blocks?|cassettes?|slides?|sections?|submitted|labell?ed|designated|specimen|parts?|vertebra\w*|levels?|spine"
        r"|fracture|lesions? (?:at|in)|at|node)[ :#]*(?:as )?[\"(]?$"
    ),
    re.I,
)


NO_MORE = lazy(r" [A-Za-z]{3,}")  # "lymph nodes: NO tumor", a word and no category


MISREAD = {"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "i": "1", "|": "1", "!": "1", "Z": "2", "z": "2", "8": "3"}

"""The records of the made-up demo patient, drawn: `python -m tests.demo_records` writes them to portal/seed/demo.

Every name, number and place is invented. The truth of each file is what is written here, which the tests read back.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from tests.documents import Lines, digital_pdf, photo_image, scan_image

FOLDER = Path(__file__).resolve().parents[1] / "portal" / "seed" / "demo"
WHO = ("Patient: Rosa Marigold", "Date of birth: 05/14/1961", "Sex: F")

PATHOLOGY: Lines = (
    "LAKEWOOD COUNTY HOSPITAL - Department of Pathology",
    "SURGICAL PATHOLOGY REPORT",
    "",
    *WHO,
    "Collected: 01/22/2026   Reported: 01/27/2026",
    "",
    "FINAL DIAGNOSIS",
    "A. Pancreas, tail mass, core needle biopsy:",
    "   Pancreatic ductal adenocarcinoma, moderately differentiated (G2).",
    "B. Liver, segment 6, core needle biopsy:",
    "   Metastatic adenocarcinoma, consistent with pancreatic primary.",
    "",
    "IMMUNOHISTOCHEMISTRY (block A1)",
    "Claudin 18.2 (43-14A): positive, 2+ to 3+ membranous staining in 80% of tumor cells.",
    "HER2: negative (score 0).",
    "MLH1, PMS2, MSH2 and MSH6: nuclear expression intact (no loss).",
    "Mesothelin: not tested, tissue exhausted.",
    "",
    "Electronically signed by the pathologist.",
)
MOLECULAR: Lines = (
    "NORTHFIELD GENOMICS - MOLECULAR REPORT",
    "",
    *WHO,
    "Specimen: liver biopsy, collected 01/22/2026",
    "Report date: 02/06/2026",
    "",
    "RESULTS",
    ("Gene", "Result", "Allele fraction"),
    ("KRAS", "p.G12D, pathogenic", "31%"),
    ("TP53", "p.R175H, pathogenic", "28%"),
    ("ATM", "p.V410A, uncertain significance", "47%"),
    "",
    "BRCA1: no pathogenic variant detected.",
    "BRCA2: no pathogenic variant detected.",
    "Microsatellite status: stable (MSS).",
    "Tumor mutational burden: 2.1 mutations/Mb.",
    "Germline testing was not performed.",
)
NOTE: Lines = (
    "LAKEWOOD COUNTY HOSPITAL - ONCOLOGY CLINIC NOTE",
    *WHO,
    "Date of visit: 10/12/2026",
    "",
    "Diagnosis: pancreatic ductal adenocarcinoma,",
    "stage IV, metastatic to the liver.",
    "",
    "Treatment history:",
    "FOLFIRINOX, 02/16/2026 to 07/20/2026,",
    "stopped for progression in the liver.",
    "Gemcitabine and nab-paclitaxel since 08/03/2026, ongoing.",
    "",
    "Family history: maternal aunt with breast cancer, BRCA2.",
    "",
    "ECOG performance status: 1",
)
LABS: Lines = (
    "LAKEWOOD COUNTY HOSPITAL - LABORATORY RESULTS",
    "",
    *WHO,
    "",
    ("Test", "01/20/2026", "04/13/2026", "07/13/2026", "10/05/2026", "Unit"),
    ("CA 19-9", "1240", "610", "980", "560", "U/mL"),
    ("Hemoglobin", "12.4", "11.1", "10.8", "11.0", "g/dL"),
    ("Platelets", "254", "190", "176", "182", "10^3/uL"),
    ("Creatinine", "0.8", "0.9", "0.8", "0.8", "mg/dL"),
    ("Total bilirubin", "0.7", "0.6", "0.8", "0.6", "mg/dL"),
)


def draw() -> dict[str, bytes]:
    """File name → content: a born-digital report, a scan, a phone photo and a table of laboratory results."""
    return {
        "clinic-note-photo.jpg": _small(photo_image(NOTE, tilt=0.02, shadow=0.25).resize((1500, 1875)), "JPEG"),
        "lab-results.pdf": digital_pdf([LABS]),
        "molecular-report-scan.pdf": _small(scan_image(MOLECULAR, skew=0.8), "PDF", resolution=200),
        "pathology-report.pdf": digital_pdf([PATHOLOGY]),
    }


def _small(image: Image.Image, form: str, **options: int) -> bytes:
    """Light enough to be kept beside the code."""
    made = io.BytesIO()
    image.convert("L").save(made, form, quality=60, **options)
    return made.getvalue()


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in draw().items():
        (FOLDER / name).write_bytes(content)

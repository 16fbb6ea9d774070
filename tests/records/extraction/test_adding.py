"""The developers' page says how a marker, a drug and a regimen are added. Here its entries are added and its sentences read."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import personalize.vocabulary

PAGE = (Path(__file__).parents[3] / "docs" / "DEVELOPERS.md").read_text(encoding="utf-8")
LISTS = {"marker": "markers", "drug": "drugs", "regimen": "regimens"}
READ = """
import json, sys
from pathlib import Path
import personalize.vocabulary
personalize.vocabulary._FOLDER = Path(sys.argv[1])
from records.extraction import extract_findings
from records.extraction.text import DocumentText
print(json.dumps([
    {one.value["name"]: one.value["status"] for one in extract_findings(DocumentText.of_text(text)) if "status" in one.value and "name" in one.value}
    for text in json.loads(sys.argv[2])
]))
"""


def _read(folder: Path, texts: list[str]) -> list[dict[str, str]]:
    """Marker or treatment → status of each text, with the word lists of a folder. A Python of its own: the lists are read once."""
    ran = subprocess.run([sys.executable, "-c", READ, str(folder), json.dumps(texts)], capture_output=True, text=True, check=True)
    made: list[dict[str, str]] = json.loads(ran.stdout)
    return made


def test_an_entry_of_a_list_is_all_that_a_marker_a_drug_and_a_regimen_need(tmp_path: Path) -> None:
    entries = re.findall(r"((?:^    .+\n)+)", PAGE, re.M)
    added = {name: entry for entry in entries for name in LISTS if f"[[{name}]]" in entry}
    lines = [ast.literal_eval(line.strip().rstrip(",")) for line in re.findall(r"^    \(.+\),$", PAGE, re.M)]
    assert set(added) == set(LISTS) and len(lines) == 3
    texts, expected = [text for text, _ in lines], [wanted for _, wanted in lines]

    folder = tmp_path / "vocabulary"
    shutil.copytree(Path(personalize.vocabulary.__file__).parent, folder)
    before = _read(folder, texts)
    assert not any(wanted.keys() & found.keys() for wanted, found in zip(expected, before, strict=True))
    for name, entry in added.items():
        with (folder / f"{LISTS[name]}.toml").open("a", encoding="utf-8") as file:
            file.write("\n" + entry.replace("    ", ""))
    assert all(wanted.items() <= found.items() for wanted, found in zip(expected, _read(folder, texts), strict=True))

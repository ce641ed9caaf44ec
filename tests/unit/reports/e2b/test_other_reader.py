"""
A reader that others wrote finds in our messages what was put in.

The package e2br3 reads a part of the standard only: no tests, history, study, sender, dose
numbers. It is no dependency: where it is not installed the test is skipped.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.reports.e2b.messages import outgoing, sent
from tests.unit.reports.e2b.whole_case import whole_case


def test_e2br3_reads_what_was_written(tmp_path: Path) -> None:
    e2br3: Any = pytest.importorskip("e2br3", reason="the independent reader is not installed")
    file = tmp_path / "whole.xml"
    file.write_bytes(sent(outgoing(whole_case())))

    batch = e2br3.to_dict(e2br3.parse(file))

    [message] = batch["messages"]
    icsr = message["icsr"]
    assert (icsr["safety_report_id"], icsr["worldwide_case_id"]) == ("CN-TEST-1", "CN-TEST-1")
    assert icsr["first_received_date"]["raw"] == "20260510"
    assert icsr["most_recent_date"]["raw"] == "20260511"
    assert icsr["report_type"]["code"] == "2"
    assert icsr["patient"]["name"] == "LW"
    assert icsr["patient"]["age"] == {"value": "58", "unit": "a"}
    assert icsr["patient"]["sex"]["code"] == "2"
    [source] = icsr["primary_sources"]
    assert (source["country"]["code"], source["qualification"]["code"]) == ("CN", "1")
    [reaction] = icsr["reactions"]
    assert (reaction["native_term"], reaction["native_language"]) == ("头痛", "zho")
    assert reaction["translated_term"] == "headache"
    assert reaction["meddra"]["code"] == "10099999"
    assert reaction["results_in_death"] is True
    assert reaction["hospitalisation"] == {"nullFlavor": "NI"}
    assert reaction["outcome"]["code"] == "5"
    [drug] = icsr["drugs"]
    assert (drug["product_name"], drug["role"]["code"]) == ("sorafenib", "1")
    assert drug["substances"] == ["sorafenib tosylate"]
    assert [dose["text"] for dose in drug["dosages"]] == ["400 mg bid", None]
    assert drug["action_taken"]["code"] == "1"
    [pair] = drug["relatedness"]
    assert pair["reaction_id"] == reaction["id"]
    [opinion] = pair["assessments"]
    assert opinion["source"]["original_text"] == "Sponsor"
    assert opinion["method"]["original_text"] == "FDA"
    assert opinion["result"] == "Suspected"
    assert icsr["narrative"] == "A woman took sorafenib."

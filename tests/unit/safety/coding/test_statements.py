"""What a phrase states. Only names of disorders behind a cue make a non-event."""

import pytest

from safety.coding.folding import plain
from safety.coding.statements import StatementKind, read_statement, split_clauses, split_list

DISORDERS = frozenset(
    {
        "diarrhoea",
        "rash",
        "fever",
        "chills",
        "itching",
        "hypertension",
        "hepatic encephalopathy",
        "hcc",
        "nausea",
        "恶心",
        "呕吐",
        "腹泻",
        "皮疹",
        "高血压",
        "肝癌",
        "腹水",
    }
)


def kind_of(text: str) -> StatementKind:
    return read_statement(plain(text), DISORDERS.__contains__).kind


def clauses_of(text: str) -> tuple[str, ...]:
    return read_statement(plain(text), DISORDERS.__contains__).clauses


class TestReadStatement:
    @pytest.mark.parametrize(
        "text", ["None", "N/A", "nil", "无", "无不良事件", "No adverse events."]
    )
    def test_saying_that_there_is_nothing_is_no_event(self, text: str) -> None:
        assert kind_of(text) is StatementKind.NOTHING

    @pytest.mark.parametrize(
        "text",
        [
            "no diarrhoea",
            "No evidence of rash",
            "patient denies rash",
            "without fever",
            "hepatic encephalopathy ruled out",
            "rash (-)",
            "no fever, chills or rash",
            "no nausea/rash",
            "无腹泻",
            "没有皮疹",
            "未见腹水",
            "否认恶心、呕吐",
            "腹水阴性",
            "rash: none",
            "rash - no",
            "(-) fever",
            "fever -ve",
            "the patient reported no nausea",
            "pt did not have a rash",
            "no rash was observed",
            "no c/o nausea",
            "r/o rash",
            "腹泻(-)",
            "腹泻：无",
            "腹泻 无",
            "患者未诉腹泻",
            "目前无腹泻",
            "无明显腹泻",
            "无腹泻症状",
        ],
    )
    def test_a_negated_disorder_is_no_event(self, text: str) -> None:
        assert kind_of(text) is StatementKind.NEGATED

    @pytest.mark.parametrize(
        "text",
        [
            "for hypertension",
            "treatment of HCC",
            "Indication: anything at all",
            "用于治疗肝癌",
            "适应症：肝癌",
            "HCC treatment",
            "HCC (indication)",
            "肝癌治疗",
            "due to HCC treatment",
            "secondary to treatment of hypertension",
            "因肝癌治疗",
        ],
    )
    def test_an_indication_is_no_event(self, text: str) -> None:
        assert kind_of(text) is StatementKind.INDICATION

    @pytest.mark.parametrize(
        "text",
        ["history of hypertension", "既往高血压", "高血压病史", "既往高血压病史", "高血压病史10年"],
    )
    def test_medical_history_is_no_event(self, text: str) -> None:
        assert kind_of(text) is StatementKind.HISTORY

    @pytest.mark.parametrize(
        "text",
        [
            "no bowel movement",
            "no further diarrhoea",
            "diarrhoea, not resolved",
            "rash during treatment",
            "腹泻治疗无效",
            "no severe rash",
            "no sleep or rash",
            "for three days diarrhoea",
            "history of hypertension, now worse",
            "无力",
            "既往高血压加重",
            "nothing by mouth",
            "noisy breathing",
            "denied",
        ],
    )
    def test_what_is_not_surely_a_non_event_stays_an_event(self, text: str) -> None:
        assert kind_of(text) is StatementKind.EVENT

    @pytest.mark.parametrize(
        ("text", "clauses"),
        [
            ("diarrhoea not improved", ("diarrhoea",)),
            ("no improvement of diarrhoea", ("of diarrhoea",)),
            ("cannot exclude rash", ("rash",)),
            ("无明显诱因出现腹泻", ("腹泻",)),
            ("腹泻未缓解", ("腹泻",)),
        ],
    )
    def test_a_negation_of_something_else_leaves_the_event(
        self, text: str, clauses: tuple[str, ...]
    ) -> None:
        assert clauses_of(text) == clauses

    @pytest.mark.parametrize(
        ("text", "clauses"),
        [
            ("rash, no itching", ("rash",)),
            ("皮疹，无呕吐", ("皮疹",)),
            ("rash without fever", ("rash",)),
            ("no rash but itching", ("itching",)),
            ("rash; fever", ("rash", "fever")),
        ],
    )
    def test_only_the_clauses_that_report_an_event_are_left(
        self, text: str, clauses: tuple[str, ...]
    ) -> None:
        assert clauses_of(text) == clauses

    @pytest.mark.parametrize(
        ("text", "clauses"),
        [
            ("rash due to HCC treatment", ("rash",)),
            ("diarrhoea following treatment of hypertension", ("diarrhoea",)),
            ("rash, due to HCC therapy", ("rash",)),
            ("fever due to rash due to HCC therapy", ("fever due to rash",)),
            ("皮疹 因肝癌治疗", ("皮疹",)),
            ("肝癌治疗引起腹泻", ("腹泻",)),
            ("治疗肝癌引起的皮疹", ("皮疹",)),
            ("肝癌治疗后腹泻", ("腹泻",)),
            ("肝癌治疗期间出现皮疹", ("皮疹",)),
            ("treatment of HCC caused diarrhoea", ("diarrhoea",)),
            ("HCC treatment-related rash", ("rash",)),
            ("HCC therapy resulting in rash and fever", ("rash and fever",)),
            ("索拉非尼治疗引起手足皮肤反应", ("手足皮肤反应",)),
            ("服用多吉美后出现腹泻", ("腹泻",)),
            ("treatment with sorafenib led to rash", ("rash",)),
            ("sorafenib caused rash", ("sorafenib caused rash",)),
            # turned round, it is the treatment that is told last
            ("rash caused by HCC treatment", ("rash",)),
            # a disorder that is blamed itself may be an event, and so may an unknown treatment
            ("HCC caused rash", ("hcc caused rash",)),
            ("肝癌引起腹泻", ("肝癌引起腹泻",)),
            ("wrong treatment caused rash", ("wrong treatment caused rash",)),
            ("rash due to HCC", ("rash due to hcc",)),
            ("due to HCC", ("due to hcc",)),
            ("rash due to wrong treatment", ("rash due to wrong treatment",)),
            ("HCC leading to HCC treatment", ("hcc leading to hcc treatment",)),
        ],
    )
    def test_the_disorder_whose_treatment_is_blamed_is_left_out(
        self, text: str, clauses: tuple[str, ...]
    ) -> None:
        assert clauses_of(text) == clauses

    def test_of_an_unfinished_list_the_unclear_part_is_kept(self) -> None:
        assert clauses_of("no fever, chills") == ("chills",)


class TestSplit:
    def test_clauses_end_at_marks_words_and_sentences(self) -> None:
        assert split_clauses("rash; fever. itching but chills, 腹泻。皮疹") == (
            "rash",
            "fever",
            "itching",
            "chills",
            "腹泻",
            "皮疹",
        )

    def test_lists_are_cut_at_marks_and_joining_words(self) -> None:
        assert split_list("rash/fever and chills、腹泻伴皮疹") == (
            "rash",
            "fever",
            "chills",
            "腹泻",
            "皮疹",
        )

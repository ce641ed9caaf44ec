"""The page about mutation testing counts what survived, and says why where somebody wrote why."""

from tests.support.mutants_page import Results, merge, render

NAMES = [f"safety.case.x_fold__mutmut_{number}" for number in (1, 2, 3)]


def run(tried: int, *survivors: str, again: list[str] | None = None) -> Results:
    told = {"tried": tried, "survivors": {name: [f"-{name}", "+other"] for name in survivors}}
    return {"safety.case": told | ({} if again is None else {"again": again})}


class TestMerge:
    def test_what_a_second_try_killed_is_no_survivor_any_more(self) -> None:
        merged = merge([run(10, *NAMES), run(2, NAMES[1], again=NAMES[:2])])

        assert merged["safety.case"]["tried"] == 10
        assert sorted(merged["safety.case"]["survivors"]) == NAMES[1:]

    def test_two_samples_of_one_module_add_up(self) -> None:
        merged = merge([run(10, NAMES[0]), run(5, NAMES[2])])

        assert merged["safety.case"]["tried"] == 15
        assert sorted(merged["safety.case"]["survivors"]) == [NAMES[0], NAMES[2]]


class TestRender:
    def test_gives_the_share_and_each_survivor_with_its_reason(self) -> None:
        why = {"function": "fold", "change": NAMES[0], "why": "it is the same"}
        page = render(run(8, *NAMES[:2]), [why])

        assert "| `safety.case` | 8 | 6 | 75 % |" in page
        assert "- `fold`: it is the same" in page
        assert page.count("- `fold`: open") == 1

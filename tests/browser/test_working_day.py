"""The working day: sign in, triage by keyboard, assess, look at the form, approve, sign, submit."""

import re

from playwright.sync_api import Page, expect

from safety.store import SqlStore
from safety.store.audit import audit_entries
from safety.store.people import Role
from tests.browser.conftest import PASSWORD, SignedIn

TEN = 10
ROWS = "#queue tbody tr[data-ref]"


def listed(page: Page) -> list[str]:
    """Give the cases of the list, in its order."""
    return [row.get_attribute("data-ref") or "" for row in page.locator(ROWS).all()]


def hears_keys(page: Page, address: str) -> None:
    """Wait until the page that a key opens is loaded, and with it what listens to keys."""
    page.wait_for_url(re.compile(address))


def decide(page: Page, kind: str, **fields: str) -> None:
    """Open the form of a decision, fill it in, send it, and wait for the answer."""
    form = page.locator(f"#form-{kind}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]").first
        if field.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value={value}]").check()
        elif field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():  # a key or a click before it would take the answer's place
        form.locator("button.primary").click()


class TestWorkingDay:
    def test_a_case_goes_from_the_queue_to_the_authority(
        self, signed_in: SignedIn, desk_store: SqlStore
    ) -> None:
        # The case processor takes ten cases on, without the mouse.
        desk = signed_in(Role.PROCESSOR)
        desk.goto("/?tab=mine")
        mine = listed(desk)  # another test of this desk may have taken one on as well
        desk.goto("/?stage=new")
        refs = listed(desk)[:TEN]
        assert len(refs) == TEN
        for ref in refs:
            desk.keyboard.press("j")
            expect(desk.locator("tr.at")).to_have_attribute("data-ref", ref)
            desk.keyboard.press("a")
            expect(desk.locator(f"#r-{ref} .stage.accepted")).to_be_visible()
        desk.keyboard.press("g")
        desk.keyboard.press("g")
        hears_keys(desk, r":\d+/$")  # the whole queue
        desk.keyboard.press("g")
        desk.keyboard.press("m")
        hears_keys(desk, "tab=mine")
        expect(desk.locator(ROWS)).to_have_count(len(mine) + TEN)
        assert set(listed(desk)) == {*mine, *refs}
        desk.keyboard.press("j")
        desk.keyboard.press("Enter")
        expect(desk).to_have_url(re.compile("/case/[0-9a-f]{16}$"))
        case = desk.url.rpartition("/")[2]

        # The medical reviewer judges, each with a reason, and reviews.
        doctor = signed_in(Role.REVIEWER)
        doctor.goto(f"/case/{case}")
        doctor.keyboard.press("s")
        expect(doctor.locator("#form-confirm_seriousness")).to_have_attribute("open", "")
        decide(
            doctor,
            "confirm_seriousness",
            criterion="hospitalisation",
            applies="yes",
            reason="admitted for two nights",
        )
        expect(doctor.locator("p.done")).to_contain_text("Recorded")
        decide(doctor, "assess_causality", result="possible", reason="plausible in time")
        expect(doctor.locator("p.done")).to_contain_text("Recorded")
        doctor.keyboard.press("w")
        expect(doctor.locator("h2").first).to_contain_text("What is due")
        doctor.goto(f"/case/{case}")
        decide(doctor, "review")
        expect(doctor.locator(".stage.reviewed").first).to_be_visible()

        # The approver looks at the form, approves, signs, and notes that the report was sent.
        approver = signed_in(Role.APPROVER)
        approver.goto(f"/case/{case}")
        approver.keyboard.press("c")
        form = approver.frame_locator("iframe.paper")
        expect(form.locator("body")).to_contain_text("SUSPECT ADVERSE REACTION REPORT")
        approver.goto(f"/case/{case}")
        decide(approver, "approve")
        decide(approver, "sign", meaning="approved", password=PASSWORD)
        expect(approver.locator(".signatures .valid")).to_contain_text("Approver Example")
        decide(approver, "record_submission", state="submitted", reason="sent by the gateway")
        expect(approver.locator(".duty .stage.submitted").first).to_be_visible()

        # Who did what is on record.
        approver.goto("/audit")
        expect(approver.locator("table.list")).to_contain_text("record_submission")
        acts = [(e.user, e.details.get("action")) for e in audit_entries(desk_store, limit=500)]
        for expected in (
            ("processor", "accept"),
            ("reviewer", "assess_causality"),
            ("reviewer", "review"),
            ("approver", "sign"),
            ("approver", "record_submission"),
        ):
            assert expected in acts


class TestKeys:
    def test_the_palette_finds_a_command_by_its_words(self, signed_in: SignedIn) -> None:
        page = signed_in(Role.VIEWER)

        page.keyboard.press("Control+k")
        page.keyboard.type("overd")
        page.keyboard.press("Enter")

        expect(page).to_have_url(re.compile("tab=overdue"))

    def test_slash_searches_and_the_words_stay_out_of_the_address(
        self, signed_in: SignedIn
    ) -> None:
        page = signed_in(Role.VIEWER)

        page.keyboard.press("/")
        page.keyboard.type("腹泻")
        page.keyboard.press("Enter")

        expect(page.locator("mark")).to_have_text("腹泻")
        assert "腹泻" not in page.url
        assert "%E8" not in page.url

    def test_every_key_that_opens_a_page_of_the_selected_case_does(
        self, signed_in: SignedIn
    ) -> None:
        page = signed_in(Role.VIEWER)
        for key, part in (("w", "why"), ("d", "duplicates"), ("e", "documents"), ("t", "timeline")):
            page.goto("/")
            page.keyboard.press("j")
            page.keyboard.press(key)
            expect(page).to_have_url(re.compile(f"/case/[0-9a-f]{{16}}/{part}"))


class TestLive:
    def test_a_change_by_another_shows_without_loading_and_without_losing_the_place(
        self, signed_in: SignedIn
    ) -> None:
        one, other = signed_in(Role.VIEWER), signed_in(Role.APPROVER)
        one.goto("/?stage=new")
        expect(one.locator("#live.on")).to_be_visible()
        for _ in range(3):
            one.keyboard.press("j")
        at = one.locator("tr.at").get_attribute("data-ref")

        other.goto(f"/case/{at}")
        decide(other, "accept")

        expect(one.locator(f"#r-{at} .stage.accepted")).to_be_visible()
        expect(one.locator("tr.at")).to_have_attribute("data-ref", at or "")


class TestWithoutScript:
    def test_queue_case_and_trace_can_be_read_and_decided(
        self, signed_in: SignedIn, address: str
    ) -> None:
        page = signed_in(Role.PROCESSOR)
        cookies = page.context.cookies()
        opened = page.context.browser
        assert opened is not None
        with opened.new_context(base_url=address, java_script_enabled=False) as plain:
            plain.add_cookies(cookies)  # type: ignore[arg-type]
            page = plain.new_page()
            page.goto("/?stage=new")
            page.locator("a.open").first.click()
            page.locator("#form-accept summary").click()
            page.locator("#form-accept button.primary").click()
            expect(page.locator(".stage.accepted").first).to_be_visible()
            page.locator("nav.tabs a", has_text="Why?").click()
            expect(page.locator("h2").first).to_contain_text("What is due")

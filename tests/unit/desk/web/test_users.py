"""People, as the administrator looks after them in the browser."""

import pytest

from safety.store import SqlStore
from safety.store.audit import audit_entries
from safety.store.people import Role, find_user, list_users
from tests.unit.desk.web.conftest import PASSWORD, Browsers

ZHANG = {
    "name": "zhang",
    "full_name": "张伟",
    "role": "reviewer",
    "zone": "Asia/Shanghai",
    "language": "zh",
    "password": PASSWORD[::-1],
}


class TestAdd:
    def test_a_person_added_can_sign_in_with_their_role(
        self, signed_in: Browsers, store: SqlStore
    ) -> None:
        browser = signed_in("administrator")

        assert browser.post("/users", **ZHANG) == (303, "/users")
        found = find_user(store, "zhang")
        assert found is not None
        assert (found.role, found.full_name, found.language) == (Role.REVIEWER, "张伟", "zh")
        assert browser.sign_in("zhang", PASSWORD[::-1]) == 303
        noted = next(each for each in audit_entries(store) if each.act == "user_added")
        assert (noted.user, noted.details["name"]) == ("administrator", "zhang")

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("name", "", "a person needs a name"),
            ("name", "viewer", "somebody of that name"),
            ("password", "short", "at least 12 characters"),
            ("role", "owner", "no such role"),
            ("zone", "Mars/Base", "no such zone"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, signed_in: Browsers, store: SqlStore, field: str, value: str, said: str
    ) -> None:
        before = len(list_users(store))

        status, text = signed_in("administrator").post("/users", **{**ZHANG, field: value})

        assert status == 422
        assert said in text
        assert len(list_users(store)) == before


class TestChange:
    def test_who_is_let_in_no_more_is_out_at_once(
        self, signed_in: Browsers, store: SqlStore
    ) -> None:
        viewer, administrator = signed_in("viewer"), signed_in("administrator")

        administrator.post("/users/change", name="viewer", change="disable")

        assert viewer.get("/")[0] == 303
        assert viewer.sign_in("viewer") == 401
        administrator.post("/users/change", name="viewer", change="enable")
        assert viewer.sign_in("viewer") == 303
        acts = [each.act for each in audit_entries(store) if each.act.startswith("user_")]
        assert acts == ["user_enabled", "user_disabled"]

    def test_another_role_counts_from_the_next_sign_in(
        self, signed_in: Browsers, store: SqlStore
    ) -> None:
        viewer = signed_in("viewer")

        signed_in("administrator").post(
            "/users/change", name="viewer", change="role", role="approver"
        )

        assert viewer.get("/")[0] == 303
        found = find_user(store, "viewer")
        assert found is not None
        assert found.role is Role.APPROVER

    def test_a_new_password_counts_and_the_old_one_no_more(self, signed_in: Browsers) -> None:
        browser = signed_in("administrator")
        new = PASSWORD[::-1]

        browser.post("/users/change", name="viewer", change="password", password=new)

        assert browser.sign_in("viewer") == 401
        assert browser.sign_in("viewer", new) == 303

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"name": "administrator", "change": "disable"}, 409),
            ({"name": "administrator", "change": "role", "role": "viewer"}, 409),
            ({"name": "nobody", "change": "disable"}, 404),
            ({"name": "viewer", "change": "launch"}, 422),
            ({"name": "viewer", "change": "password", "password": "short"}, 422),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, signed_in: Browsers, store: SqlStore, fields: dict[str, str], status: int
    ) -> None:
        before = list_users(store)

        assert signed_in("administrator").post("/users/change", **fields)[0] == status
        assert [u.role for u in list_users(store)] == [u.role for u in before]
        assert all(user.active for user in list_users(store))

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.test import Client

EMAIL, PASSWORD = "ada@example.org", "una frase lunga e mia"


@pytest.mark.django_db
class TestGuessingAPassword:
    @pytest.fixture(autouse=True)
    def ada(self) -> None:
        user = get_user_model().objects.create_user(email=EMAIL, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)

    def log_in(self, client: Client, password: str) -> bool:
        client.post("/accounts/login/", {"login": EMAIL, "password": password})
        return "_auth_user_id" in client.session

    def test_the_right_one_opens(self, client: Client) -> None:
        assert self.log_in(client, PASSWORD)

    def test_after_a_few_wrong_ones_not_even_the_right_one_does(self, client: Client) -> None:
        for number in range(5):
            assert not self.log_in(client, f"wrong-{number}")

        assert not self.log_in(client, PASSWORD)

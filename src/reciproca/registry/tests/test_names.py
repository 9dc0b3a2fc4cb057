import pytest

from reciproca.registry.names import core_name, likeness, readable_name


@pytest.mark.parametrize(
    "name",
    [
        "IL PONTE",
        "Il Ponte società cooperativa",
        "COOPERATIVA SOCIALE IL PONTE A R.L. ONLUS",
        "IL PONTE SOC.COOP.",
        "PONTE S.C.S. O.N.L.U. S.",
        "IL PONTE - SOCIETA' COOPERATI VA SOCIA LE",
        "Il Ponte S.C.A R.L.",
    ],
)
def test_the_legal_form_does_not_tell_one_from_another(name: str) -> None:
    assert core_name(name) == "PONTE"


def test_words_broken_in_two_are_one_name() -> None:
    assert core_name("VILLAGGIO DI MOR OSOLO") == core_name("Villaggio di Morosolo")


def test_a_name_that_is_only_legal_form_stays() -> None:
    assert core_name("SOCIETA' COOPERATIVA SOCIALE") == "SOCIETACOOPERATIVASOCIALE"


def test_names_are_alike_by_degrees() -> None:
    assert likeness(one="PONTE", other="PONTE") == 1
    assert likeness(one="FARSIPROSSIMO", other="FARSIPROSIMO") > 0.6
    assert likeness(one="PONTE", other="CASTELLO") == 0


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("L'ALBA SOCIETA' COOPERATIVA SOCIALE", "L'Alba società cooperativa sociale"),
        ("SOCIETA'COOPERATIVA CANTU' PIU'", "Società cooperativa Cantù Più"),
        ("CASA DEI BAMBINI S.C.S. A R.L.", "Casa dei Bambini S.C.S. a r.l."),
        ("GIOVANNI XXIII ETS", "Giovanni XXIII ETS"),
        ("Molino Basso di A. Rossi", "Molino Basso di A. Rossi"),
        ("IL  PICCOLO-SEME", "Il Piccolo-Seme"),
    ],
)
def test_capitals_become_a_name_as_people_write_it(name: str, readable: str) -> None:
    assert readable_name(name) == readable

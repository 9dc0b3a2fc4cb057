"""`reciproca rules check`: worked examples through the product's own rules, without a database."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils.translation import get_language

from reciproca.cli.main import main

EXAMPLES = Path(__file__).parents[4] / "tests" / "examples"
OURS = {
    "value_back",
    "surplus_waterfall",
    "ristorno_allocation",
    "obligation_clearing",
    "vat_on_redemption",
    "sepa_credit_transfer_batch",
    "retention",
    "cancellation",
    "commitment",
    "day_terms",
    "assembly_tally",
    "schulze",
    "participatory_budget",
    "redistribution_policy",
    "redistribution_policy_pair",
    "gas_order",
}
ALL = sorted(EXAMPLES.glob("*.json"))


@pytest.fixture(autouse=True)
def italian_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "it_IT.UTF-8")


def example(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


PASSING = [path for path in ALL if example(path)["kind"] in OURS]
OTHERS = [path for path in ALL if example(path)["kind"] not in OURS]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["rules", "check", *map(str, arguments)])


def check(*files: Path) -> tuple[int, dict[str, Any]]:
    result = run("--json", *files)
    answer: dict[str, Any] = json.loads(result.stdout)
    return result.exit_code, answer


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "example.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def figures(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every figure of an expected answer."""
    if isinstance(value, dict):
        return [way for key, inner in value.items() for way in figures(inner, (*path, key))]
    if isinstance(value, list):
        return [way for i, inner in enumerate(value) for way in figures(inner, (*path, i))]
    return [path]


def expected_figures(case: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the way to every figure that a file expects, of each of its runs."""
    if "runs" in case:
        return [
            ("runs", number, *way)
            for number, run in enumerate(case["runs"])
            for way in expected_figures(run)
        ]
    return [("expected", *way) for way in figures(case["expected"])]


def changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value}1"


def test_each_of_our_kinds_has_an_example() -> None:
    assert {example(path)["kind"] for path in PASSING} == OURS


@pytest.mark.parametrize("path", PASSING, ids=lambda path: path.stem)
def test_the_worked_examples_come_out_to_the_cent(path: Path) -> None:
    code, answer = check(path)

    [file] = answer["files"]
    assert (code, answer["ok"], file["result"], file["difference"]) == (0, True, "pass", "")
    assert file["kind"] == example(path)["kind"]
    assert file["not_checked"] == []


@pytest.mark.parametrize("path", PASSING, ids=lambda path: path.stem)
def test_any_figure_that_is_changed_makes_its_example_fail(path: Path, tmp_path: Path) -> None:
    from reciproca.cli.worked_examples import check_file

    for way in expected_figures(example(path)):
        wrong = example(path)
        inner: Any = wrong
        for step in way[:-1]:
            inner = inner[step]
        inner[way[-1]] = changed(inner[way[-1]])

        checked = check_file(written(tmp_path, wrong))

        assert checked.result == "fail", way
        assert str(way[-1]) in checked.difference


def test_the_identifiers_of_the_table_are_judged_as_it_says(tmp_path: Path) -> None:
    table = EXAMPLES / "identifiers_01.csv"
    assert check(table)[1]["files"][0]["result"] == "pass"

    rows = table.read_text(encoding="utf-8").splitlines()
    for i in range(1, len(rows)):
        kind, value, valid = rows[i].split(",")
        other = f"{kind},{value},{'false' if valid == 'true' else 'true'}"
        path = tmp_path / "table.csv"
        path.write_text("\n".join([*rows[:i], other, *rows[i + 1 :]]), encoding="utf-8")

        code, answer = check(path)

        assert code == 1
        assert value in answer["files"][0]["difference"]


def test_a_kind_of_a_later_day_is_no_failure() -> None:
    code, answer = check(*OTHERS)

    assert code == 0
    assert {file["result"] for file in answer["files"]} == {"unknown kind"}


def test_one_failure_among_many_ends_with_one(tmp_path: Path) -> None:
    wrong = example(PASSING[0])
    wrong["expected"] = {}
    wrong["input"] = {}

    result = run(written(tmp_path, wrong), PASSING[1])

    assert result.exit_code == 1
    first, second = result.output.splitlines()
    assert first.split(": ")[1] == "fail"
    assert second.startswith(f"{PASSING[1]}: pass")


def test_without_files_it_was_called_wrongly() -> None:
    assert run().exit_code == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "non è un esempio"),
        ("[]", "ci vuole un oggetto"),
        ("[" * 100_000, "non è un esempio"),
        ('{"kind": "value_back"}', "Manca “file.input”"),
        ('{"kind": 3}', "ci vuole un testo"),
        ('{"kind": "\\ud800"}', "non è un esempio"),
        ('{"kind": "sroi", "input": ' + "9" * 5_000 + "}", "non è un esempio"),
    ],
)
def test_a_malformed_file_gets_a_sentence(content: str, words: str, tmp_path: Path) -> None:
    code, answer = check(written(tmp_path, content))

    assert code == 1
    assert words in answer["files"][0]["difference"]


@pytest.mark.parametrize(
    ("name", "way", "value", "words"),
    [
        ("waterfall_01", ("net_profit_cents",), 1.5, "un numero intero"),
        ("waterfall_01", ("net_profit_cents",), True, "un numero intero"),
        ("waterfall_01", ("net_profit_cents",), 10**30, "meno grande"),
        ("waterfall_01", ("net_profit_cents",), -1, "perdita"),
        ("waterfall_01", ("postal_bond_max_rate",), "0.03", "una frazione"),
        ("waterfall_01", ("ristorno_accounting",), "both", "cost / appropriation"),
        ("ristorno_02_work_cap30", ("members", 0, "id"), "w2", "compare due volte"),
        ("ristorno_02_work_cap30", ("coop_kind",), "bank", "consumer / work"),
        ("value_back_01", ("schemes", "coopA", "rate"), "7/5", "da 0 a 100 per cento"),
        ("value_back_01", ("transactions", 0, "coop"), "coopX", "coopA / coopB"),
        ("vat_credit_01_payment", ("credit_cents",), 10**6, "superano il totale"),
        ("sepa_01", ("accounts", "coopA"), "IT00", "IBAN"),
        ("sepa_01", ("payments", 0, 2), 0, "non è un pagamento"),
        ("sepa_01", ("execution_date",), "domani", "una data"),
        ("retention_01", ("check_date",), "9999-01-01", "una data"),
        ("retention_01", ("records", 0, "purpose"), "fun", "profiling / marketing"),
        ("clearing_01", ("obligations", 0), ["A"], "un elenco di 3 valori"),
        ("settlement_01", ("obligations", 0, 2), 7, "coopA → coopB: 1500"),
    ],
)
def test_an_input_that_cannot_be_is_refused_in_words(
    name: str, way: tuple[Any, ...], value: object, words: str, tmp_path: Path
) -> None:
    wrong = example(EXAMPLES / f"{name}.json")
    inner = wrong["input"]
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value

    code, answer = check(written(tmp_path, wrong))

    assert code == 1
    assert words in answer["files"][0]["difference"]


def test_the_obligations_may_be_left_to_the_redemptions(tmp_path: Path) -> None:
    short = example(EXAMPLES / "settlement_01.json")
    del short["input"]["obligations"]

    assert check(written(tmp_path, short))[0] == 0


def test_a_refund_booked_as_a_cost_may_be_stated(tmp_path: Path) -> None:
    other = example(EXAMPLES / "waterfall_01.json")
    other["input"]["ristorno_accounting"] = "cost"
    other["expected"] = {"legal_reserve_cents": 2_203_704, "check_sum_cents": 12_345_678}

    assert check(written(tmp_path, other))[0] == 0


@pytest.mark.parametrize(
    ("content", "result"),
    [
        (b"a,b\n1,2\n", "fail"),
        (b"", "fail"),
        (b"\xff\xfe\x00", "fail"),
        (b"kind,value,valid\nlei,X,true\n", "unknown kind"),
        (b"kind,value,valid\niban\n", "pass"),
    ],
)
def test_a_table_of_something_else_is_told_apart(
    content: bytes, result: str, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)

    assert check(path)[1]["files"][0]["result"] == result


def test_a_file_that_does_not_open_is_told(tmp_path: Path) -> None:
    code, answer = check(tmp_path / "nowhere.json", tmp_path)

    assert code == 1
    assert all("non si apre" in file["difference"] for file in answer["files"])


def test_the_terminal_s_language_is_spoken_and_forgotten(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    before = get_language()

    code, answer = check(tmp_path / "nowhere.json")

    assert code == 1
    assert "does not open" in answer["files"][0]["difference"]
    assert get_language() == before

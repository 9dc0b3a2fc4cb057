"""The check in the browser says of every proof what the verifier says: two programs, one norm."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

from log_builder import LOG, WITNESSES, BuiltLog, built

from reciproca_verifier.checkpoint import read_policy
from reciproca_verifier.proof import check_proof, read_proof
from reciproca_verifier.told import Told

MODULE = Path(__file__).parents[2] / "frontend" / "src" / "js" / "proof.js"
NODE = Path(sys.executable).with_name("node")
KNOWN = {"vkey": LOG.vkey, "witnesses": [WITNESSES[0].vkey, WITNESSES[1].vkey], "quorum": 2}
CHECK_ALL = f"""
import {{ checkProof, Refusal }} from {json.dumps(MODULE.as_uri())};
const cases = JSON.parse(await new Response(process.stdin).text());
const answers = [];
for (const each of cases) {{
  try {{
    answers.push(await checkProof(each));
  }} catch (error) {{
    if (!(error instanceof Refusal)) throw error;
    answers.push(error.code);
  }}
}}
console.log(JSON.stringify(answers));
"""


def in_the_browser(cases: list[dict[str, object]]) -> list[object]:
    """What the browser's module, with the engine's own cryptography, says of each case."""
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", CHECK_ALL],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answers: list[object] = json.loads(done.stdout)
    return answers


def case(proof: str, **other: object) -> dict[str, object]:
    return {**KNOWN, "proof": proof, **other}


def holds(proof: str) -> bool:
    """Whether the verifier accepts it."""
    policy = read_policy(
        vkeys=[LOG.vkey], witnesses=[witness.vkey for witness in WITNESSES[:2]], quorum=2
    )
    try:
        check_proof(read_proof(proof.encode()), opening=None, policy=policy)
    except Told:
        return False
    return True


def test_it_accepts_every_entry_of_logs_of_many_shapes() -> None:
    logs = [built(size) for size in (1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33)]
    asked = [(log, index) for log in logs for index in range(len(log.entries))]
    answers = in_the_browser([case(log.proof(index).decode()) for log, index in asked])

    assert answers == [
        {
            "index": str(index),
            "size": str(len(log.entries)),
            "payload": log.openings[index].payload.decode(),
            "witnesses": [WITNESSES[0].name, WITNESSES[1].name],
        }
        for log, index in asked
    ]


def test_it_refuses_each_changed_character_as_the_verifier_does() -> None:
    log, random = built(11), Random(11)
    changed = []
    for at in range(len(log.proof(6).decode())):
        proof = log.proof(6).decode()
        other = random.choice("AZaz09+/= \n—\t\r\0é")
        if other != proof[at]:
            changed.append(proof[:at] + other + proof[at + 1 :])
    answers = in_the_browser([case(proof) for proof in changed])

    assert len(changed) > 800
    assert [answer for answer in answers if not isinstance(answer, str)] == []
    assert [proof for proof in changed if holds(proof)] == []


def test_it_says_what_is_wrong() -> None:
    log, forged = built(5), BuiltLog(built(6).openings[1:6])
    proof = log.proof(2).decode()
    moved = proof.replace("index 2", "index 3")
    head, foreign = proof.partition("\n\n")[0], forged.checkpoint().decode()
    mended = proof.replace(log.text(), forged.text())
    few = proof.replace(WITNESSES[1].cosign(log.text(), second=1_800_014_400), "")

    assert in_the_browser(
        [
            case(moved),
            case(f"{head}\n\n{foreign}"),
            case(mended),
            case(few),
            case(proof, quorum="many"),
            case(few, quorum=1) | {"witnesses": [WITNESSES[0].vkey]},
            case(proof, vkey=LOG.vkey.replace("coop", "coap")),
            case(proof, vkey=WITNESSES[0].vkey),
            case(log.proof(2, extra=False).decode()),
            case(""),
        ]
    ) == [
        "other",
        "other",
        "forged",
        "witnesses",
        "witnesses",
        {
            "index": "2",
            "size": "5",
            "payload": log.openings[2].payload.decode(),
            "witnesses": [WITNESSES[0].name],
        },
        "unreadable",
        "unreadable",
        "unreadable",
        "unreadable",
    ]


def test_an_engine_without_these_signatures_says_so() -> None:
    without = CHECK_ALL.replace(
        "const answers = [];",
        "const answers = []; Object.defineProperty(globalThis, 'crypto', { value: {} });",
    )
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", without],
        input=json.dumps([case(built(1).proof(0).decode())]),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) == ["unable"]

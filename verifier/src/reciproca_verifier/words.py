"""Every sentence, in Italian and in English."""

import os
from collections.abc import Mapping

LANGUAGES = ("it", "en")

_THINGS = {
    "checkpoint": ("la testa del registro", "the log's checkpoint"),
    "proof": ("la testa nella prova", "the checkpoint in the proof"),
    "since": ("la testa ricordata", "the remembered checkpoint"),
}

_SENTENCES = {
    # What holds.
    "signed": (
        "✓ Testa di {origin}: {size} voci, firmata dal registro.",
        "✓ Checkpoint of {origin}: {size} entries, signed by the log.",
    ),
    "witnessed": (
        "✓ Testimoni: {found} di {known} ({names}); la firma più vecchia è delle {at}.",
        "✓ Witnesses: {found} of {known} ({names}); the oldest signature is of {at}.",
    ),
    "unwitnessed": (
        "· Nessun testimone verificato: il registro potrebbe mostrare altro ad altri.",
        "· No witness verified: the log could show something else to others.",
    ),
    "audited": (
        "✓ Rilette {size} voci e {tiles} tessere: ogni impronta combacia, fino alla radice {root}.",
        "✓ Read {size} entries and {tiles} tiles again: each hash matches, up to the root {root}.",
    ),
    "continues": (
        "✓ Il registro continua {what}, di {size} voci: nulla è cambiato da allora.",
        "✓ The log continues {what}, of {size} entries: nothing has changed since.",
    ),
    "proven": (
        "✓ La prova vale: la voce {index} registra esattamente questo:",
        "✓ The proof holds: entry {index} records exactly this:",
    ),
    "saved": ("✓ Testa salvata in {file}.", "✓ Checkpoint saved in {file}."),
    "reading": ("Rilettura: {done} di {total} voci", "Reading: {done} of {total} entries"),
    # What does not hold.
    "note-too-long": (
        "{What} supera {limit} byte.",
        "{What} is longer than {limit} bytes.",
    ),
    "note-not-text": (
        "{What} non è testo leggibile: byte {byte}.",
        "{What} is no readable text: byte {byte}.",
    ),
    "note-unsigned": (
        "{What} non è un testo firmato: manca la parte delle firme.",
        "{What} is no signed note: the part with signatures is missing.",
    ),
    "note-signature-unreadable": (
        "In {what} la riga di firma {line} non è leggibile.",
        "In {what} signature line {line} is unreadable.",
    ),
    "log-did-not-sign": (
        "{What} non porta la firma della chiave {key}.",
        "{What} carries no signature of the key {key}.",
    ),
    "signature-wrong": (
        "In {what} la firma di {key} è sbagliata: il testo è stato cambiato, o la firma è falsa.",
        "In {what} the signature of {key} is wrong: the text was changed, or the signature forged.",
    ),
    "checkpoint-lines": (
        "{What} ha {lines} righe invece di tre.",
        "{What} has {lines} lines instead of three.",
    ),
    "checkpoint-unreadable": (
        "{What} ha una dimensione o una radice illeggibile.",
        "{What} has an unreadable size or root.",
    ),
    "origin-differs": (
        "{What} è del registro {origin}, la chiave è di {key}.",
        "{What} is of the log {origin}, the key is of {key}.",
    ),
    "quorum-missed": (
        "{What} ha {found} testimoni validi; ne servono {quorum}.",
        "{What} has {found} valid witnesses; {quorum} are needed.",
    ),
    "root-differs": (
        "Le prime {size} voci servite non danno la radice firmata ({what}).",
        "The first {size} entries served do not give the signed root ({what}).",
    ),
    "log-shrank": (
        "Il registro mostra {head} voci, ma {what} ne aveva già {size}: ne nasconde.",
        "The log shows {head} entries, but {what} already had {size}: it hides some.",
    ),
    "tile-missing": (
        "Il registro non dà {path}, che la sua testa promette.",
        "The log does not give {path}, which its checkpoint promises.",
    ),
    "tile-short": (
        "{path} ha {found} byte invece di {expected}.",
        "{path} has {found} bytes instead of {expected}.",
    ),
    "too-long": (
        "{path} supera i {limit} byte che può avere.",
        "{path} is longer than the {limit} bytes it may have.",
    ),
    "not-gzip": (
        "{path} si dice compresso e non si lascia aprire.",
        "{path} says that it is compressed and cannot be opened.",
    ),
    "entry-malformed": (
        "La voce {index} non ha la forma di una voce: {path}, byte {byte}.",
        "Entry {index} has not the form of an entry: {path}, byte {byte}.",
    ),
    "tile-differs": (
        "{path}, byte {byte}: l’impronta {index} non è quella di ciò che sta sotto.",
        "{path}, byte {byte}: hash {index} is not that of what lies below it.",
    ),
    "proof-too-long": (
        "La prova supera {limit} byte.",
        "The proof is longer than {limit} bytes.",
    ),
    "proof-not-text": (
        "La prova non è testo leggibile: byte {byte}.",
        "The proof is no readable text: byte {byte}.",
    ),
    "proof-unreadable": (
        "La riga {line} della prova non è come deve essere.",
        "Line {line} of the proof is not as it must be.",
    ),
    "payload-unreadable": (
        "Il contenuto della prova non è un oggetto JSON con una lettera in «kind».",
        "The proof's payload is no JSON object with a letter in “kind”.",
    ),
    "proof-beyond-size": (
        "La prova parla della voce {index}, ma la sua testa ne ha {size}.",
        "The proof speaks of entry {index}, but its checkpoint has {size}.",
    ),
    "proof-does-not-hold": (
        "La prova non vale: questo contenuto non è la voce {index} delle {size} registrate.",
        "The proof does not hold: this payload is not entry {index} of the {size} recorded.",
    ),
    # What nobody can tell.
    "vkey-unreadable": (
        "Questa chiave non è leggibile: {vkey}",
        "This key is unreadable: {vkey}",
    ),
    "vkey-other-kind": (
        "Questa chiave è del tipo {kind}, che qui non serve: {vkey}",
        "This key is of type {kind}, which is of no use here: {vkey}",
    ),
    "vkeys-of-two-logs": (
        "Le chiavi di --vkey portano nomi diversi: sono di registri diversi.",
        "The keys of --vkey have different names: they belong to different logs.",
    ),
    "witness-twice": (
        "La stessa chiave di testimone è data due volte.",
        "The same witness key is given twice.",
    ),
    "quorum-impossible": (
        "Un quorum di {quorum} non va con {witnesses} testimoni.",
        "A quorum of {quorum} does not go with {witnesses} witnesses.",
    ),
    "opening-missing": (
        "La prova non porta il contenuto: aggiungi --payload e --salt.",
        "The proof carries no payload: add --payload and --salt.",
    ),
    "opening-twice": (
        "La prova porta già il contenuto: togli --payload e --salt.",
        "The proof carries the payload already: leave out --payload and --salt.",
    ),
    "salt-unreadable": (
        "Il sale deve essere di 32 byte in base64.",
        "The salt must be 32 bytes in base64.",
    ),
    "file-unreadable": ("Non si legge {file}: {why}", "Cannot read {file}: {why}"),
    "file-unwritable": ("Non si scrive {file}: {why}", "Cannot write {file}: {why}"),
    "url-unreadable": (
        "Questo indirizzo non va: {url}. Serve quello del registro, con http:// o https://.",
        "This address will not do: {url}. Give the log's own, with http:// or https://.",
    ),
    "unreachable": (
        "{url} non risponde come si deve ({why}). Riprova più tardi.",
        "{url} does not answer as it should ({why}). Try again later.",
    ),
    "no-log-there": (
        "All’indirizzo {url} non c’è nessun registro.",
        "There is no log at {url}.",
    ),
    "redirected": (
        "Il server manda {path} altrove, a {to}. Se ti fidi, dai quell’indirizzo.",
        "The server sends {path} elsewhere, to {to}. If you trust it, give that address.",
    ),
    "unexpected-answer": (
        "Per {path} il server ha risposto {status}, che non sappiamo leggere.",
        "For {path} the server answered {status}, which we cannot read.",
    ),
    "interrupted": ("Interrotto: non si sa ancora nulla.", "Interrupted: nothing is known yet."),
}

_LONGEST_TOLD = 300


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """Return `it` where the locale says so, else `en`."""
    said = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)),
        "",
    )
    return "it" if said.partition("_")[0].partition(".")[0].lower() == "it" else "en"


def sentence(code: str, language: str, **where: str | int) -> str:
    """Return the sentence of a code; what a stranger wrote is made harmless for a terminal."""
    column = LANGUAGES.index(language)
    told = {name: _told(value, language) for name, value in where.items()}
    if "what" in where:
        told["what"] = _THINGS[str(where["what"])][column]
        told["What"] = told["what"][0].upper() + told["what"][1:]
    return _SENTENCES[code][column].format(**told)


def legible(text: str) -> str:
    """Return `text` with each character that does not print written as its escape."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _told(value: str | int, language: str) -> str:
    if isinstance(value, int):
        return f"{value:,}".replace(",", "." if language == "it" else ",")
    shown = legible(value)
    return shown if len(shown) <= _LONGEST_TOLD else f"{shown[:_LONGEST_TOLD]}…"

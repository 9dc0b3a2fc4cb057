"""What the pages of an import ask: a file, what its columns mean, a reason to take it back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from reciproca.imports.cells import MONTH_FIRST
from reciproca.imports.columns import ColumnRepeated, ColumnUnknown, Field, position_of, recognised
from reciproca.imports.mapping import LARGEST_MAPPING_BYTES, Mapping, mapping_of, read_mapping
from reciproca.imports.reader import Reader
from reciproca.imports.wellknown import shipped_mappings
from reciproca.shared.asking import Form
from reciproca.shared.errors import DomainError
from reciproca.web.importing.readers import READERS
from reciproca.web.importing.uploads import LARGEST_BYTES, LARGEST_MB, UploadTooLarge

NO_COLUMN = ""
COLUMN = "column_"
DAY_FIRST = ""


class FileForm(Form):
    """A file to bring in, and what is known of it beforehand."""

    kind = forms.ChoiceField(
        label=_("Che cosa contiene"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli che cosa contiene il file.")},
    )
    file = forms.FileField(
        label=_("File"),
        error_messages={
            "required": _("Scegli il file da importare."),
            "empty": _("Questo file è vuoto: scegline un altro."),
        },
    )
    shipped = forms.ChoiceField(
        label=_("Origine"),
        required=False,
        help_text=_("Se il file viene da qui, sappiamo già che cosa sono le colonne."),
    )
    mapping = forms.FileField(
        label=_("Mappatura"),
        required=False,
        help_text=_("Un file .toml che spiega le colonne, se qualcuno lo ha già scritto."),
    )

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        self.fields["kind"].choices = [(kind, READERS[kind].title) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["kind"].initial = kinds[0]
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.tsv,.gz,.xlsx,.json,.gdxp,.xml"
        self.fields["mapping"].widget.attrs["accept"] = ".toml"
        self.origins = {
            name: mapping
            for kind in (kinds if len(kinds) == len(READERS) else ())
            for name, mapping in shipped_mappings(kind=kind).items()
        }
        self.fields["shipped"].choices = [  # type: ignore[attr-defined]
            ("", _("Un altro file: riconosci le colonne")),
            *((name, mapping.title) for name, mapping in self.origins.items()),
        ]
        if not self.origins:
            del self.fields["shipped"]
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()

    def clean_file(self) -> "UploadedFile[Any]":
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST_BYTES:
            raise ValidationError(str(UploadTooLarge(limit=LARGEST_MB)), code="upload-too-large")
        return upload

    def clean_mapping(self) -> Mapping | None:
        upload = self.cleaned_data["mapping"]
        if upload is None:
            return None
        try:
            text = upload.read(LARGEST_MAPPING_BYTES + 1).decode("utf-8-sig")
            return read_mapping(text)
        except UnicodeDecodeError as error:
            raise ValidationError(
                _("Questo file non è una mappatura: dev’essere un testo .toml."), code="not-toml"
            ) from error
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        told = self.told_mapping()
        kind = cleaned.get("kind")
        if told is not None and kind and told.kind not in ("", kind):
            title = str(READERS[kind].title).lower()
            self.add_error(
                "kind",
                _("La mappatura scelta non è per “%(title)s”: scegli che cosa contiene il file.")
                % {"title": title},
            )
        return cleaned

    def told_mapping(self) -> Mapping | None:
        """Return the mapping that somebody chose or handed in."""
        told: Mapping | None = self.cleaned_data.get("mapping")
        return told or self.origins.get(self.cleaned_data.get("shipped", ""))


class ColumnsForm(Form):
    """What each column of a file is, and how the file is written."""

    decimal_mark = forms.ChoiceField(
        label=_("Segno dei decimali"),
        required=False,
        choices=[
            ("", _("Riconoscilo dal file")),
            (",", _("Virgola: 1.234,56")),
            (".", _("Punto: 1,234.56")),
        ],
    )
    money = forms.ChoiceField(
        label=_("Gli importi sono in"),
        choices=[("units", _("Euro")), ("cents", _("Centesimi"))],
        error_messages={"required": _("Scegli se gli importi sono in euro o in centesimi.")},
    )
    date_format = forms.ChoiceField(
        label=_("Le date sono scritte"),
        required=False,
        choices=[
            (DAY_FIRST, _("Giorno, mese, anno (31/12/2026) o anno, mese, giorno")),
            (MONTH_FIRST, _("Mese, giorno, anno (12/31/2026)")),
        ],
    )
    grouping = forms.ChoiceField(
        label=_("Un acquisto è"),
        widget=forms.RadioSelect,
        choices=[
            ("line", _("Una riga del file")),
            ("basket", _("Tutte le righe con lo stesso numero di scontrino")),
        ],
        error_messages={"required": _("Scegli che cosa fa un acquisto.")},
    )
    members = forms.ChoiceField(
        label=_("Chi non conosciamo"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli che cosa fare di chi non conosciamo.")},
    )
    sellers = forms.ChoiceField(
        label=_("Le cooperative che non conosciamo"),
        widget=forms.RadioSelect,
        choices=[
            ("refuse", _("Respingi la riga")),
            ("create", _("Crea la cooperativa, con il nome che c’è nel file")),
        ],
        error_messages={
            "required": _("Scegli che cosa fare delle cooperative che non conosciamo.")
        },
    )

    def __init__(
        self,
        *args: Any,
        reader: Reader,
        header: Sequence[str],
        mapping: Mapping,
        is_own: bool,
        organisation_fields: Sequence[Field],
        **kwargs: Any,
    ) -> None:
        self.mapping, self.our_fields = mapping, organisation_fields
        chosen = chosen_columns(mapping=mapping, header=header, fields=organisation_fields)
        self.nothing_recognised = not any(chosen.values())
        super().__init__(*args, **{**kwargs, "initial": _initial(mapping)})
        columns = [(NO_COLUMN, _("Non c’è")), *((name, name) for name in header if name)]
        for ours in organisation_fields:
            self.fields[COLUMN + ours.name] = forms.ChoiceField(
                label=str(ours.label).capitalize(),
                choices=columns,
                required=ours.is_required and ours.name not in mapping.constants,
                initial=chosen.get(ours.name, NO_COLUMN),
                error_messages={"required": _("Scegli la colonna.")},
            )
        people = [("refuse", _("Respingi la riga")), ("nobody", _("Registralo come non socio"))]
        if not is_own:
            people.append(("create", _("Crea la persona, con una carta sua")))
        self.fields["members"].choices = people  # type: ignore[attr-defined]
        form = mapping.file.date_format
        if form and form != MONTH_FIRST:
            said = (form, _("Come dice la mappatura: %(form)s") % {"form": form})
            self.fields["date_format"].choices += [said]  # type: ignore[attr-defined]
        self._drop_what_does_not_apply(reader.kind, is_own=is_own)

    def column_fields(self) -> list[forms.BoundField]:
        """Return the choices of columns, in the order of our fields."""
        return [self[COLUMN + ours.name] for ours in self.our_fields]

    def told_mapping(self) -> Mapping:
        """
        Return the mapping as it is now.

        Raises: MappingRefused.
        """
        told, cleaned = self.mapping.model_dump(mode="json"), self.cleaned_data
        told["columns"] = {
            ours.name: column for ours in self.our_fields if (column := cleaned[COLUMN + ours.name])
        }
        mark = cleaned.get("decimal_mark") or None
        if mark != self.mapping.file.decimal_mark:
            told["file"] |= {"decimal_mark": mark, "thousands_mark": None}
        told["file"]["money"] = cleaned.get("money") or "units"
        told["file"]["date_format"] = cleaned.get("date_format") or None
        if "grouping" in cleaned:
            told["grouping"] = {"by": cleaned["grouping"], "column": ""}
            for name in ("members", "sellers"):
                if name in cleaned:
                    told[name] = _table(told.get(name)) | {"unknown": cleaned[name]}
        return mapping_of(told)

    def _drop_what_does_not_apply(self, kind: str, *, is_own: bool) -> None:
        if kind != "purchases":
            for name in ("grouping", "members", "sellers"):
                del self.fields[name]
        elif is_own:
            del self.fields["sellers"]
        if kind == "cooperatives":
            for name in ("decimal_mark", "money", "date_format"):
                del self.fields[name]


class ReasonForm(Form):
    """Why a file is taken back."""

    reason = forms.CharField(
        label=_("Perché lo annulli"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Resta accanto a ogni movimento contrario."),
        error_messages={"required": _("Scrivi il motivo: resta accanto a ogni movimento.")},
    )


def chosen_columns(
    *, mapping: Mapping, header: Sequence[str], fields: Sequence[Field]
) -> dict[str, str]:
    """Return the file's column of each field: those that the mapping names and the file has."""
    if not mapping.columns:
        return recognised(header=header, fields=fields)
    told = dict(mapping.columns)
    if mapping.grouping.column:
        told["key"] = mapping.grouping.column
    found = {}
    for name, column in told.items():
        try:
            found[name] = header[position_of(column, header)]
        except (ColumnUnknown, ColumnRepeated):
            continue
    return found


def _initial(mapping: Mapping) -> dict[str, Any]:
    options = mapping.room_options
    return {
        "decimal_mark": mapping.file.decimal_mark or "",
        "money": mapping.file.money,
        "date_format": mapping.file.date_format or DAY_FIRST,
        "grouping": mapping.grouping.by,
        "members": _table(options.get("members")).get("unknown", "refuse"),
        "sellers": _table(options.get("sellers")).get("unknown", "refuse"),
    }


def _table(told: Any) -> dict[str, Any]:
    """Return a room's table of options; its short form is a word."""
    return {"unknown": told} if isinstance(told, str) else dict(told or {})

from reciproca.imports.wellknown import shipped_mappings, well_known

CINQUE_PER_MILLE = ["codice_fiscale", "denominazione", "kind", "pr", "nome_comune", "codice_comune"]


def test_a_well_known_file_is_recognised_by_its_header_and_more_columns_do_no_harm() -> None:
    found = well_known(kind="cooperatives", header=[*CINQUE_PER_MILLE, "regione"])

    shouted = well_known(kind="cooperatives", header=[name.upper() for name in CINQUE_PER_MILLE])
    assert found == shouted == shipped_mappings(kind="cooperatives")["italian_cooperatives"]


def test_a_header_that_lacks_one_of_its_columns_is_somebody_elses() -> None:
    assert well_known(kind="cooperatives", header=CINQUE_PER_MILLE[1:]) is None
    assert well_known(kind="members", header=CINQUE_PER_MILLE) is None

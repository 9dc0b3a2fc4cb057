"""First names by generation and surnames of the valleys, with those of who arrived later."""

from typing import Final

# Surnames from the valleys come up most; the last line is of families who came from farther away.
SURNAMES: Final = tuple(
    """
    Albertini Anzelini Battisti Bergamo Bertagnolli Bertolini Bevilacqua Bezzi Bonelli Bonetti Bott
    Brentari Calliari Callovini Cavallari Chini Cicolini Clauser Conci Corazza Corradini
    Cristoforetti Dallago Dallavalle Dalpiaz Dalpez Daprà Degasperi Deromedis Dolzani Eccher
    Endrizzi Erlicher Facinelli Fattor Fedrigoni Fedrizzi Flaim Flor Formolo Franch Framba Gabardi
    Gentilini Ghirardini Giovannini Girardi Giuliani Gosetti Graziadei Guadagnini Iachelini Inama
    Iob Keller Kaisermann Larcher Leonardi Lorengo Lorenzoni Maistri Malanotti Marinolli Martinelli
    Mascotti Mattedi Matteotti Melchiori Menapace Mengoni Micheli Moratti Moreschini Mosconi
    Nardelli Nicolodi Noldin Odorizzi Pancheri Pangrazzi Panizza Paternoster Pedergnana Pedrotti
    Penasa Perini Pinamonti Podetti Pombeni Poli Preti Pretti Rauzi Ravelli Redolfi Rizzardi Rizzi
    Rossi Ruatti Sandri Santini Sartori Sembianti Silvestri Slanzi Sonna Springhetti Stanchina
    Stablum Stringari Tait Tarter Tavonatti Tevini Tomasi Torresani Turri Valentini Valentinelli
    Valorz Vanzetta Vicenzi Viola Visintainer Webber Widmann Zadra Zambiasi Zanella Zanini Zanon
    Zanotelli Zappini Zeni Zini Zorzi Zucal Zuech
    Bianchi Costa Esposito Ferrari Marino Romano Ahmed Ben_Ali Diallo El_Idrissi Gjoka Hoxha Khan
    Kovalenko Kurti Lamri Munteanu Ndiaye Petrov Popescu Rodríguez Shehu Singh Tahiri Zhang
    """.replace("\n", " ").split()
)
ARRIVED = 25

# Each list is of one sex and of who was born up to the year beside it.
FEMALE: Final = (
    (
        1954,
        """
        Agnese Anna Assunta Bruna Carla Carmela Clara Dina Elda Elsa Emma Fiorenza Franca Gemma
        Giulia Giuseppina Graziella Ida Ines Irma Lidia Lina Lucia Luigina Maria Mariangela
        Nives Noemi Norma Olga Ottilia Pia Pierina Renata Rina Rita Rosa Rosanna Silvana Teresa
        Tullia Vittoria
        """,
    ),
    (
        1984,
        """
        Alessandra Anna Annalisa Antonella Barbara Carla Caterina Claudia Cristina Daniela Donatella
        Elena Elisa Federica Flavia Francesca Gabriella Giovanna Ilaria Laura Lorena Luisa
        Manuela Marcella Maria Marina Marta Michela Monica Nadia Nicoletta Ornella Paola Patrizia
        Roberta Sabrina Sandra Sara Serena Silvia Sonia Stefania Tiziana Valentina
        """,
    ),
    (
        2100,
        """
        Alessia Alice Anna Aurora Beatrice Camilla Chiara Debora Elena Eleonora Elisa Emma Federica
        Francesca Gaia Giada Giorgia Giulia Greta Irene Jasmine Lara Lisa Ludovica Maddalena Marta
        Martina Matilde Miriam Nicole Noemi Rebecca Sara Sofia Valentina Vanessa Veronica Viola
        """,
    ),
)
MALE: Final = (
    (
        1954,
        """
        Adolfo Aldo Alfonso Angelo Attilio Bruno Candido Carlo Cesare Dario Domenico Egidio Enrico
        Erminio Ettore Ezio Fausto Ferruccio Francesco Gino Giorgio Giovanni Giuseppe Guido Ivo
        Lino Livio Luigi Marcello Mario Narciso Pio Quirino Remo Renzo Rino Saverio Sergio
        Silvio Tullio Umberto Vigilio Vito
        """,
    ),
    (
        1984,
        """
        Alberto Alessandro Andrea Claudio Corrado Cristian Daniele Danilo Diego Enrico Fabio
        Fabrizio Flavio Franco Gianluca Giorgio Giuliano Ivan Lorenzo Loris Luca Marco Mario
        Massimo Mauro Michele Nicola Oscar Paolo Renato Riccardo Roberto Romano Rudi Sandro Stefano
        Tiziano Tommaso Ugo Valerio Walter
        """,
    ),
    (
        2100,
        """
        Alessandro Alessio Andrea Daniel Davide Denis Elia Emanuele Fabio Federico Filippo Francesco
        Gabriele Giacomo Gianluca Giovanni Jacopo Kevin Leonardo Lorenzo Luca Manuel Marco Mattia
        Matteo Michele Mirko Nicola Omar Patrick Pietro Riccardo Samuele Simone Stefano Thomas
        Tommaso Youssef
        """,
    ),
)


def first_names(*, female: bool, birth_year: int) -> tuple[str, ...]:
    """Return the first names that parents chose around a year."""
    lists = FEMALE if female else MALE
    return next(tuple(names.split()) for until, names in lists if birth_year <= until)

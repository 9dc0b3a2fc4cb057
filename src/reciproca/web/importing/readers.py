"""What can be imported: each room's reader by the name that commands and addresses write."""

from reciproca.imports.reader import Reader
from reciproca.joint_buying.reading import PRICELISTS
from reciproca.market.reading import PRODUCTS
from reciproca.purchases.reading import PURCHASES
from reciproca.registry.reading import COOPERATIVES, MEMBERS

READERS: dict[str, Reader] = {
    reader.kind: reader for reader in (PURCHASES, COOPERATIVES, MEMBERS, PRODUCTS, PRICELISTS)
}

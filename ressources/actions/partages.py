"""How a shared purchase is divided: pure sums, exact, in the order of joining (docs/decisions/0018).

One rule everywhere: in proportion, each share rounded down to the step, then one step more to the largest remainders,
ties to who joined first. The shares add up to what is shared, whatever the numbers.
"""

from decimal import ROUND_HALF_UP, Decimal

CENTIME = Decimal("0.01")


def _pas(valeur, pas) -> int:
    """How many steps `valeur` counts. Raises ValueError when it is no whole number of them."""
    nombre, reste = divmod(valeur, pas)
    if reste:
        raise ValueError(f"{valeur} is not a multiple of {pas}")
    return int(nombre)


def repartir(total, poids, *, pas=CENTIME) -> list[Decimal]:
    """`total` shared in proportion of `poids` (whole steps of any size), each share a multiple of `pas`.

    When `total` is at most the sum of the weights, in the same unit and step, no share passes its weight. Raises
    ValueError when there is something to share and nobody to share it.
    """
    unites = _pas(total, pas)
    # The weights as whole numbers: only their proportions count.
    entiers = [int(p.scaleb(2)) for p in poids]
    somme = sum(entiers)
    if not somme:
        if unites:
            raise ValueError("nobody to share with")
        return [Decimal(0) * pas for _ in poids]
    parts = [unites * poids // somme for poids in entiers]
    restes = sorted(range(len(parts)), key=lambda rang: (-(unites * entiers[rang] % somme), rang))
    for rang in restes[: unites - sum(parts)]:
        parts[rang] += 1
    return [part * pas for part in parts]


def a_commander(demande, tolerance, conditionnement):
    """The quantity to order: whole cases, one more when the tolerances fill it, else one fewer (Foodsoft's rule)."""
    if not conditionnement:
        return demande
    reste = demande % conditionnement
    if not reste:
        return demande
    plus = demande - reste + conditionnement
    return plus if plus - demande <= tolerance else demande - reste


def commandes(parts, *, conditionnement, pas) -> list[Decimal]:
    """What each (quantity, tolerance) gets of the order: never above both added up.

    What fills the last case is shared in proportion of the tolerances; what is missing for one, of the quantities.
    """
    quantites, tolerances = [q for q, _ in parts], [t for _, t in parts]
    demande = sum(quantites, Decimal(0))
    quantite = a_commander(demande, sum(tolerances, Decimal(0)), conditionnement)
    if quantite < demande:
        return repartir(quantite, quantites, pas=pas)
    plus = repartir(quantite - demande, tolerances, pas=pas)
    return [q + supplement for q, supplement in zip(quantites, plus, strict=True)]


def receptions(commandees, recue, *, pas) -> list[Decimal]:
    """What each gets of what came: in proportion of what was ordered for it, never above."""
    return repartir(recue, commandees, pas=pas)


def marchandise(prix, quantite) -> Decimal:
    """The bill without the delivery, to the cent."""
    return (prix * quantite).quantize(CENTIME, ROUND_HALF_UP)


def comptes(recus, *, prix, frais) -> list[tuple[Decimal, Decimal]]:
    """(goods, share of the delivery) that each owes, in euros, in proportion of what it received.

    Goods add up to the bill of the goods and deliveries to the delivery, to the cent.
    """
    total = marchandise(prix, sum(recus, Decimal(0)))
    return list(zip(repartir(total, recus), repartir(frais, recus), strict=True))


def prix_au_palier(paliers, quantite):
    """The unit price of the highest tier reached; below the first, the first; None without tiers.

    `paliers`: (from quantity, price) pairs in any order.
    """
    ordonnes = sorted(paliers)
    if not ordonnes:
        return None
    atteints = [prix for seuil, prix in ordonnes if seuil <= quantite]
    return atteints[-1] if atteints else ordonnes[0][1]

"""Sizes and numbers as people say them."""


def accorder(nombre: int, singulier: str, pluriel: str) -> str:
    """« 1 travail attend », « 3 travaux attendent »; French counts 0 as one."""
    return f"{nombre}\u00a0{pluriel if nombre > 1 else singulier}"


def octets(nombre: int) -> str:
    """« 12 Go », « 850 Mo »: three figures are enough to decide."""
    if nombre >= 10**9:
        return f"{nombre / 10**9:.1f}".replace(".", ",").removesuffix(",0") + "\u00a0Go"
    return f"{nombre // 10**6}\u00a0Mo"

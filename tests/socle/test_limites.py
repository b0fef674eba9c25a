import threading

import pytest
from django.db import connection

from pole_ess.socle.limites import LimiteDepassee, compter
from pole_ess.socle.models import Compteur


@pytest.mark.django_db(transaction=True)
def test_limite_tient_entre_fils_paralleles():
    refus, comptes = [], []

    def un_essai():
        try:
            comptes.append(compter("essai", maximum=5, secondes=3600))
        except LimiteDepassee:
            refus.append(1)
        finally:
            connection.close()

    fils = [threading.Thread(target=un_essai) for _ in range(20)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(comptes) == [1, 2, 3, 4, 5]
    assert len(refus) == 15
    assert Compteur.objects.get(cle="essai").compte == 20

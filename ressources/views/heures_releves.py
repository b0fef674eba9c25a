"""The statement of a year of an account of hours: accessible PDF, or CSV."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, StreamingHttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from annuaire.exports import lignes_csv
from pole_ess.socle.documents import pdf, reponse_pdf
from pole_ess.socle.models import ReglagesPole
from ressources.documents import releve_heures
from ressources.views.heures import compte_ou_404

ANNEES = range(2000, 2101)


@require_safe
@login_required
def releve(request, pk, annee, format):
    """For who manages the account; a past year no longer changes."""
    compte = compte_ou_404(request, pk)
    if annee not in ANNEES or format not in ("pdf", "csv"):
        raise Http404
    le_releve = releve_heures.Releve(compte, annee)
    nom = f"heures-{annee}-{slugify(compte.nom)[:40]}"
    if format == "pdf":
        return reponse_pdf(pdf("releve_heures", releve_heures.donnees(le_releve, pole=ReglagesPole.actuels())), nom)
    reponse = StreamingHttpResponse(
        lignes_csv(releve_heures.ENTETES, le_releve.pour_tableur()), content_type="text/csv; charset=utf-8"
    )
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.csv"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse

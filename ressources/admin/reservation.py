"""Bookings: read by staff, who confirm, refuse and cancel through the same acts; the rest is done on its page."""

from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from annuaire.admin.communs import LectureSeule, PoleModelAdmin, exiger, page_d_acte
from annuaire.admin.formulaires import MotifFacultatifForm, MotifForm, SansMotifForm
from ressources.actions import TransitionInterdite, reservations
from ressources.agenda import jours_de
from ressources.models import Reservation
from ressources.templatetags.reservations import dates_de_reservation

from .communs import ActesDePage

ACTES = {
    "confirmer": {
        "titre": "Confirmer la réservation pour {nom}",
        "lien": "Confirmer",
        "explication": "Les dates sont tenues pour {nom}, qui reçoit un message.",
        "bouton": "Confirmer la réservation",
        "form_class": SansMotifForm,
        "fait": "La réservation pour {nom} est confirmée.",
    },
    "refuser": {
        "titre": "Refuser la demande de {nom}",
        "lien": "Refuser",
        "explication": "{nom} reçoit votre raison.",
        "bouton": "Refuser et envoyer la raison",
        "form_class": MotifForm,
        "danger": True,
        "fait": "La demande de {nom} est refusée ; la raison part par e-mail.",
    },
    "annuler": {
        "titre": "Annuler la réservation pour {nom}",
        "lien": "Annuler",
        "explication": "Les dates redeviennent libres ; les deux structures sont prévenues.",
        "bouton": "Annuler la réservation",
        "form_class": MotifFacultatifForm,
        "danger": True,
        "fait": "La réservation pour {nom} est annulée.",
    },
}


@admin.register(Reservation)
class ReservationAdmin(ActesDePage, LectureSeule, PoleModelAdmin):
    list_display = ["quoi", "structure", "quand", "quantite", "etat", "retard", "cree_le"]
    list_filter = ["etat", "etat_caution", "cree_le"]
    list_select_related = ["calendrier__annonce", "structure"]
    search_fields = ["calendrier__annonce__titre", "calendrier__annonce__structure__nom", "structure__nom"]
    ordering = ["-cree_le", "-pk"]
    fields = [
        *["calendrier", "structure", "par", "dates", "quantite", "etat", "message", "motif"],
        *["caution", "etat_caution", "constat_depart", "etat_retour", "constat_retour", "quantite_rendue"],
        *["cree_le", "decidee_le", "remise_le", "rendue_le"],
    ]
    readonly_fields = ["dates"]

    @admin.display(description="annonce", ordering="calendrier__annonce__titre")
    def quoi(self, reservation):
        return reservation.calendrier.annonce

    @admin.display(description="dates", ordering="periode")
    def quand(self, reservation):
        """Short, so that a line of the list stays a line: « 04/12/2026 au 06/12/2026 »."""
        debut, fin = jours_de(reservation.periode)
        return f"{debut:%d/%m/%Y}" if debut == fin else f"{debut:%d/%m/%Y} au {fin:%d/%m/%Y}"

    @admin.display(description="dates")
    def dates(self, reservation):
        return dates_de_reservation(reservation)

    @admin.display(description="retour")
    def retard(self, reservation):
        return "en retard" if reservation.est_en_retard else ""

    def actes_de(self, reservation) -> list:
        liens = [(reservation.get_absolute_url(), "Ouvrir sa page", False)]
        for acte in reservations.actes_possibles(reservation):
            if acte in ACTES:
                url = reverse("admin:ressources_reservation_acte", args=[reservation.pk, acte])
                liens.append((url, ACTES[acte]["lien"], ACTES[acte].get("danger", False)))
        return liens

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/acte/<str:acte>/", vue(self.acte), name="ressources_reservation_acte"),
            *super().get_urls(),
        ]

    def acte(self, request, pk, acte):
        exiger(self.peut_agir(request) and acte in ACTES)
        lues = Reservation.objects.select_related("calendrier__annonce__structure", "structure")
        reservation = get_object_or_404(lues, pk=pk)
        page = dict(ACTES[acte])
        fait, _lien = page.pop("fait"), page.pop("lien")
        page |= {cle: page[cle].format(nom=reservation.structure.nom) for cle in ("titre", "explication")}

        def agir(donnees):
            try:
                getattr(reservations, acte)(reservation, par=request.user, **donnees)
            except reservations.ReservationImpossible as refus:
                raise TransitionInterdite(str(refus)) from refus
            return fait.format(nom=reservation.structure.nom)

        retour = reverse("admin:ressources_reservation_change", args=[reservation.pk])
        return page_d_acte(self, request, objet=reservation, agir=agir, retour=retour, **page)

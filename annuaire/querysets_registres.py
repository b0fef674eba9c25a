"""What public registers know, and what the portal may still say of it."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

JOURS_INVITATION = 180
"""An invitation not answered by then has passed; its link only serves to object."""
JOURS_AVANT_RAPPEL = 21


class EntreeRegistreQuerySet(models.QuerySet):
    def non_listees(self):
        """Registered, alive, and without a sheet: to see, or invited already."""
        return self.filter(etat__in=["a_voir", "invitee"], fermee_le=None)

    def a_inviter(self):
        """Those that may be invited: never invited, alive, not set aside, not objected. A demonstration's are."""
        return self.filter(etat="a_voir", fermee_le=None, invitation=None)

    def a_rapprocher(self):
        """Those that look like a sheet, for staff to say."""
        return self.non_listees().exclude(proposee=None)


class InvitationRegistreQuerySet(models.QuerySet):
    def a_rappeler(self):
        """By mail, three weeks old, never reminded, not answered, and whose entry is still to be listed."""
        limite = timezone.now() - timedelta(days=JOURS_AVANT_RAPPEL)
        return self.en_cours().filter(voie="courriel", envoyee_le__lte=limite, relancee_le=None).exclude(courriel="")

    def en_cours(self):
        limite = timezone.now() - timedelta(days=JOURS_INVITATION)
        return self.filter(proposee_le=None, entree__etat="invitee", entree__fermee_le=None, envoyee_le__gt=limite)

    def passees(self):
        """Those that hold an address with no further use."""
        limite = timezone.now() - timedelta(days=JOURS_INVITATION)
        return self.exclude(courriel="").filter(envoyee_le__lte=limite)

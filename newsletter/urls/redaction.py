from django.urls import path

from newsletter.views import (
    gestes,
    rappels,
    redaction,
    redaction_apercu,
    redaction_appel,
    redaction_blocs,
    redaction_envoi,
)

urlpatterns = [
    path("redaction/", redaction.liste, name="redaction"),
    path("redaction/appel/", redaction_appel.appel, name="appel"),
    path("redaction/<int:pk>/", redaction.rediger, name="rediger"),
    path("redaction/<int:pk>/bloc/<int:bloc>/", redaction_blocs.bloc, name="bloc"),
    path("redaction/<int:pk>/bloc/<int:bloc>/images/", redaction_blocs.bloc_images, name="bloc_images"),
    path("redaction/<int:pk>/element/<int:element>/", redaction_blocs.element, name="element"),
    path("redaction/<int:pk>/apercu/", redaction_apercu.apercu, name="apercu"),
    path("redaction/<int:pk>/apercu/cadre/", redaction_apercu.apercu_cadre, name="apercu_cadre"),
    path("redaction/<int:pk>/essai/", redaction_apercu.essai, name="essai"),
    path("redaction/<int:pk>/prevenir/", rappels.prevenir, name="prevenir"),
    path("redaction/<int:pk>/envoyer/", redaction_envoi.envoyer, name="envoyer"),
    path("redaction/<int:pk>/envoi/", redaction_envoi.suivi, name="suivi"),
    path("redaction/<int:pk>/envoi/<int:envoi>/", redaction_envoi.envoi, name="envoi"),
    path("geste/<str:jeton>/", gestes.miennes, name="gestes"),
    path("geste/<str:jeton>/<int:element>/", gestes.geste, name="geste"),
]

"""django-newsletter sending one message, run by the Python of its own environment: `python comparaison_newsletter.py`.

PORT, URL (of a PostgreSQL database), NOMBRE and ARTICLE in the environment; says « pret », starts on a line, prints
JSON. As its documentation tells: one newsletter, one message of one article, `submit_queue`.
"""

import json
import os
import sys
import time
from datetime import timedelta

import django
from django.conf import settings

connexion = json.loads(os.environ["BASE"])
settings.configure(
    SECRET_KEY="bench",  # noqa: S106 - a throw-away database
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **connexion}},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.sites",
        "newsletter",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    ROOT_URLCONF="newsletter.urls",
    SITE_ID=1,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(os.environ["PORT"]),
    NEWSLETTER_THUMBNAIL=os.environ.get("VIGNETTES", "sorl-thumbnail"),
)
django.setup()

from django.core.management import call_command  # noqa: E402 - after django.setup()
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from newsletter.models import Article, Message, Newsletter, Submission, Subscription  # noqa: E402

call_command("migrate", verbosity=0)
for modele in (Submission, Article, Message, Subscription, Newsletter):
    modele.objects.all().delete()
lettre = Newsletter.objects.create(title="Lettre", slug="lettre", email="lettre@pole.example.org", sender="Pole")
nombre = int(os.environ["NOMBRE"])
Subscription.objects.bulk_create(
    Subscription(newsletter=lettre, email_field=f"abonne{rang}@example.org", name_field="A", subscribed=True,
                 subscribe_date=timezone.now(), activation_code=f"{rang:040}")
    for rang in range(nombre)
)  # fmt: skip
message = Message.objects.create(title="Bonjour", slug="bonjour", newsletter=lettre)
Article.objects.create(post=message, title="Article", text=os.environ["ARTICLE"], sortorder=1)
depot = Submission.from_message(message)
Submission.objects.filter(pk=depot.pk).update(publish_date=timezone.now() - timedelta(hours=1), prepared=True)

requetes = [0]


def compter(execute, sql, params, many, context):
    requetes[0] += 1
    return execute(sql, params, many, context)


print("pret", flush=True)
sys.stdin.readline()
depart = time.monotonic()
with connection.execute_wrapper(compter):
    Submission.submit_queue()
print(json.dumps({"secondes": time.monotonic() - depart, "requetes": requetes[0]}), flush=True)

"""Forms of the account pages: allauth's with our labels, and the member's own."""

from allauth.account import forms as allauth_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html

from annuaire.forms.formulaires import dire_en_clair
from annuaire.models import Utilisateur

AIDE_MOT_DE_PASSE = "Dix caractères au moins. Trois mots sans lien font un bon mot de passe."
AIDE_CODE = "Le code reçu par e-mail, tel quel : majuscules et tirets ne comptent pas."
AIDE_TOTP = "Les six chiffres affichés par votre application, ou l'un de vos codes de secours."
LIBELLES = {
    # field of allauth -> (label, help)
    "login": ("Adresse e-mail", ""),
    "email": ("Adresse e-mail", ""),
    "password": ("Mot de passe", None),
    "remember": ("Rester connecté sur cet appareil", "À ne cocher que sur votre propre appareil."),
    "oldpassword": ("Mot de passe actuel", None),
    "password1": ("Mot de passe", AIDE_MOT_DE_PASSE),
}


class _EnFrancais:
    """Our labels and help; no placeholder, which vanishes as one types and is read badly by screen readers."""

    libelles: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)  # typed once: a slip is mended by a code or a link
        for nom, champ in self.fields.items():
            champ.widget.attrs.pop("placeholder", None)
            dire_en_clair(champ)
            libelle, aide = (LIBELLES | self.libelles).get(nom, (None, None))
            if libelle:
                champ.label = libelle
            if aide is not None:
                champ.help_text = aide


class ConnexionForm(_EnFrancais, allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = format_html(
            '<a href="{}">Mot de passe oublié</a>', reverse_lazy("account_reset_password")
        )


class InscriptionForm(_EnFrancais, allauth_forms.SignupForm):
    libelles = {"email": ("Adresse e-mail", "Un code y est envoyé pour vérifier que c'est bien la vôtre.")}


class CodeParCourrielForm(_EnFrancais, allauth_forms.RequestLoginCodeForm):
    libelles = {"email": ("Adresse e-mail", "Celle de votre compte.")}


class CodeConnexionForm(_EnFrancais, allauth_forms.ConfirmLoginCodeForm):
    libelles = {"code": ("Code de connexion", AIDE_CODE)}


class CodeAdresseForm(_EnFrancais, allauth_forms.ConfirmEmailVerificationCodeForm):
    libelles = {"code": ("Code de confirmation", AIDE_CODE)}


class AdresseForm(_EnFrancais, allauth_forms.AddEmailForm):
    libelles = {"email": ("Nouvelle adresse e-mail", "L'ancienne reste en service jusqu'à la confirmation.")}


class AutreAdresseForm(_EnFrancais, allauth_forms.ChangeEmailForm):
    libelles = {"email": ("Autre adresse e-mail", "")}


class MotDePasseChangerForm(_EnFrancais, allauth_forms.ChangePasswordForm):
    libelles = {"password1": ("Nouveau mot de passe", AIDE_MOT_DE_PASSE)}


class MotDePasseChoisirForm(_EnFrancais, allauth_forms.SetPasswordForm):
    pass


class MotDePasseOublieForm(_EnFrancais, allauth_forms.ResetPasswordForm):
    libelles = {"email": ("Adresse e-mail", "Celle de votre compte.")}


class MotDePasseRefaireForm(_EnFrancais, allauth_forms.ResetPasswordKeyForm):
    libelles = {"password1": ("Nouveau mot de passe", AIDE_MOT_DE_PASSE)}


class ConfirmerIdentiteForm(_EnFrancais, allauth_forms.ReauthenticateForm):
    libelles = {"password": ("Votre mot de passe", "")}


class DoubleForm(_EnFrancais, mfa_forms.AuthenticateForm):
    libelles = {"code": ("Code", AIDE_TOTP)}


class DoubleConfirmerForm(_EnFrancais, mfa_forms.ReauthenticateForm):
    libelles = {"code": ("Code", AIDE_TOTP)}


class DoubleActiverForm(_EnFrancais, totp_forms.ActivateTOTPForm):
    libelles = {"code": ("Code à six chiffres", "Celui que l'application affiche maintenant.")}


class ProfilForm(forms.ModelForm):
    """The name shown to the members of one's structures and to the hub's staff."""

    class Meta:
        model = Utilisateur
        fields = ["nom"]
        help_texts = {"nom": "Vu par vos collègues de structure et par l'équipe du pôle, jamais par les visiteurs."}
        widgets = {"nom": forms.TextInput(attrs={"autocomplete": "name"})}

    def clean_nom(self):
        return " ".join(self.cleaned_data["nom"].split())


class SuppressionForm(forms.Form):
    """Typing one's own address: a click is not enough to erase an account."""

    adresse = forms.CharField(
        label="Votre adresse e-mail, pour confirmer",
        help_text="Tapez l'adresse de votre compte.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, utilisateur, **kwargs):
        self.utilisateur = utilisateur
        super().__init__(*args, **kwargs)

    def clean_adresse(self):
        adresse = self.cleaned_data["adresse"].strip()
        if adresse.lower() != self.utilisateur.email.lower():
            raise forms.ValidationError("Ce n'est pas l'adresse de ce compte.", code="autre_adresse")
        return adresse

/* Follows the count that the page shows under a text: data-compteur names its place. Shown, not announced. */
document.querySelectorAll("textarea[data-compteur]").forEach(function (champ) {
  "use strict";
  var place = document.getElementById(champ.dataset.compteur);
  if (!place) { return; }
  champ.addEventListener("input", function () {
    var nombre = Array.from(champ.value.trim()).length;
    place.textContent = nombre + (nombre > 1 ? " caractères sur " : " caractère sur ") + place.dataset.maximum;
  });
});

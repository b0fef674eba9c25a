/* Blocks and items of the letter are dragged by their title, within their own list; the buttons do the same
   without this file. The order leaves by a form, and the page comes back as the server wrote it. */
(function () {
  "use strict";
  var tenu = null;
  document.querySelectorAll("[data-range]").forEach(function (liste) {
    var lignes = function () { return Array.prototype.slice.call(liste.children); };
    var form = document.querySelector('[data-ranger="' + liste.dataset.ordreDe + '"]');
    var dit = document.querySelector("[data-dit-ordre]");
    if (!form || lignes().length < 2) { return; }
    function effacer() { lignes().forEach(function (l) { l.classList.remove("depose", "depose-apres", "glisse"); }); }
    function sous(e) { return lignes().find(function (l) { return l.contains(e.target); }); }
    function apres(ligne, e) { var r = ligne.getBoundingClientRect(); return e.clientY > r.top + r.height / 2; }
    lignes().forEach(function (ligne) {
      var poignee = Array.prototype.find.call(ligne.querySelectorAll("[data-poignee]"), function (p) {
        return p.closest("[data-cle]") === ligne;
      });
      if (!poignee) { return; }
      poignee.draggable = true;
      poignee.addEventListener("dragstart", function (e) {
        e.stopPropagation();
        tenu = ligne;
        e.dataTransfer.effectAllowed = "move";
        e.dataTransfer.setData("text/plain", "");
        ligne.classList.add("glisse");
      });
      poignee.addEventListener("dragend", function () { tenu = null; effacer(); });
    });
    liste.addEventListener("dragover", function (e) {
      var ligne = sous(e);
      if (!tenu || tenu.parentNode !== liste || !ligne) { return; }
      e.preventDefault();
      e.stopPropagation();
      lignes().forEach(function (l) { l.classList.remove("depose", "depose-apres"); });
      if (ligne !== tenu) { ligne.classList.add(apres(ligne, e) ? "depose-apres" : "depose"); }
    });
    liste.addEventListener("drop", function (e) {
      var ligne = sous(e);
      if (!tenu || tenu.parentNode !== liste || !ligne) { return; }
      e.preventDefault();
      e.stopPropagation();
      if (ligne !== tenu) {
        liste.insertBefore(tenu, apres(ligne, e) ? ligne.nextSibling : ligne);
        form.elements.ordre.value = lignes().map(function (l) { return l.dataset.cle; }).join(",");
        if (dit) { dit.textContent = "Déplacé : la page se recharge."; }
        form.submit();
      }
      tenu = null;
      effacer();
    });
  });
})();

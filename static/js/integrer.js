/* « Copier » puts the code in the clipboard, and says so; without JavaScript the text is there to select. */
(function () {
  "use strict";
  var bouton = document.querySelector("[data-copier]");
  if (!bouton) { return; }
  var code = document.getElementById(bouton.dataset.copier);
  var dit = document.querySelector("[data-copie]");
  bouton.hidden = false;
  bouton.addEventListener("click", function () {
    code.select();
    var copie = navigator.clipboard ? navigator.clipboard.writeText(code.value) : Promise.reject(new Error("clipboard"));
    copie.then(function () { dit.textContent = "Copié."; }, function () { dit.textContent = "Le code est sélectionné : copiez-le avec Ctrl+C."; });
  });
})();

/* Django's search-as-you-type lists have no name for who does not see them: give them that of their label.
   After the page has loaded, jQuery runs this behind what makes those lists. */
function nommer() {
  for (const liste of document.querySelectorAll(".select2-selection[role=combobox]")) {
    const choix = liste.closest(".select2-container")?.previousElementSibling;
    const etiquette = choix?.labels?.[0];
    if (!etiquette) continue;
    etiquette.id ||= `etiquette-${choix.id}`;
    liste.setAttribute("aria-labelledby", `${etiquette.id} ${liste.getAttribute("aria-labelledby") ?? ""}`.trim());
    liste.querySelector(".select2-selection__rendered")?.setAttribute("aria-labelledby", etiquette.id);
  }
}
addEventListener("load", () => django.jQuery(nommer));

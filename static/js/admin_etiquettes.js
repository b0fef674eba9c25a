/* Django's search-as-you-type lists have no name for who does not see them: give them that of their label. */
addEventListener("load", () => {
  for (const liste of document.querySelectorAll(".select2-selection[role=combobox]")) {
    const choix = liste.closest(".select2-container")?.previousElementSibling;
    const etiquette = choix?.labels?.[0];
    if (!etiquette) continue;
    etiquette.id ||= `etiquette-${choix.id}`;
    liste.setAttribute("aria-labelledby", `${etiquette.id} ${liste.getAttribute("aria-labelledby") ?? ""}`.trim());
    const texte = liste.querySelector(".select2-selection__rendered");
    texte?.setAttribute("aria-labelledby", etiquette.id);
  }
});

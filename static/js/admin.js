/* The only script of our own in the admin: the button that prints the slip. */
for (const bouton of document.querySelectorAll("[data-imprimer]")) bouton.addEventListener("click", () => window.print());

/* Everything here is an improvement: each page works without it. */
(() => {
  "use strict";

  const menu = () => document.getElementById("menu");
  const opener = () => document.querySelector("[data-menu-open]");
  const isOpen = () => location.hash === "#menu";

  /* The drawer: opened by a link to #menu. The script keeps the focus inside and leaves no trace in the history. */
  function openMenu() {
    location.replace("#menu");
    const panel = menu().querySelector(".rn-rail__in");
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-modal", "true");
    panel.setAttribute("aria-label", opener().textContent.trim());
    for (const other of document.querySelectorAll(".rn-mast, .rn-main")) other.inert = true;
    panel.querySelector("[data-menu-close]").focus();
  }

  function closeMenu() {
    location.replace("#_");
    history.replaceState(null, "", location.pathname + location.search);
    const panel = menu().querySelector(".rn-rail__in");
    for (const name of ["role", "aria-modal", "aria-label"]) panel.removeAttribute(name);
    for (const other of document.querySelectorAll(".rn-mast, .rn-main")) other.inert = false;
    opener().focus();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-menu-open]")) {
      event.preventDefault();
      openMenu();
    } else if (isOpen() && event.target.closest("[data-menu-close]")) {
      event.preventDefault();
      closeMenu();
    }
    for (const open of document.querySelectorAll("details[data-menu][open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (isOpen()) closeMenu();
    for (const open of document.querySelectorAll("details[data-menu][open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  matchMedia("(min-width: 75em)").addEventListener("change", (wide) => {
    if (wide.matches && isOpen()) closeMenu();
  });

  /* A failed form: the focus goes to the list of what must be put right. */
  function focusErrors(root) {
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  /* A box that picks all rows, and the count of those picked. */
  function countPicked(form) {
    const boxes = [...form.querySelectorAll("[data-pick]")];
    const picked = boxes.filter((box) => box.checked).length;
    const all = form.querySelector("[data-pick-all]");
    if (all) {
      all.checked = boxes.length > 0 && picked === boxes.length;
      all.indeterminate = picked > 0 && picked < boxes.length;
    }
    for (const place of form.querySelectorAll("[data-pick-count]")) place.textContent = picked;
    for (const box of boxes) box.closest("tr")?.classList.toggle("is-on", box.checked);
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form");
    if (event.target.matches("[data-pick-all]")) {
      for (const box of form.querySelectorAll("[data-pick]")) box.checked = event.target.checked;
    }
    if (event.target.matches("[data-pick], [data-pick-all]")) countPicked(form);
    if (event.target.matches("[data-submit-on-change]")) form.requestSubmit();
  });

  /* A form is sent once, however often the button is pressed. */
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    else if (event.target.method === "post" && !event.target.matches("[hx-post], [data-again]")) event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  document.addEventListener("DOMContentLoaded", () => focusErrors(document));
  document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));
})();

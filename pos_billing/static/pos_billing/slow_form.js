// A form whose work takes a while: says so, and is sent once.
for (const form of document.querySelectorAll("form[data-slow]")) {
  form.addEventListener("submit", () => {
    const shown = form.querySelector("[data-slow-progress]");
    shown.querySelector("p").textContent = form.dataset.slow;
    shown.hidden = false;
    setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; }));
  });
}

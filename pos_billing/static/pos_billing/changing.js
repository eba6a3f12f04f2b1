// Forms of changes: what a plan earns is said while its price is typed. Without this script the same is said after the
// first step; nothing depends on it.
(() => {
  document.querySelector("main [autofocus]")?.focus();
  const form = document.querySelector("form[data-currency]");
  const price = form?.querySelector("input[name=cents]");
  const parents = form?.querySelector("select[data-costs]");
  if (!price || !(parents || form.dataset.parentCents)) return;
  const said = document.createElement("output");
  said.className = "earns";
  said.setAttribute("aria-live", "polite");
  price.insertAdjacentElement("afterend", said);
  const written = new Intl.NumberFormat(document.documentElement.lang || "en", {
    style: "currency", currency: form.dataset.currency || "USD",
  });
  const say = () => {
    const cost = parents ? parents.selectedOptions[0]?.dataset.cents : form.dataset.parentCents;
    const typed = price.value.trim();
    if (cost === undefined || typed === "" || Number.isNaN(Number(typed))) { said.textContent = ""; return; }
    const earned = Math.round(Number(typed) * 100) - Number(cost);
    said.textContent = earned < 0
      ? `Loses ${written.format(-earned / 100)} a month on each: the parent plan costs ${written.format(cost / 100)}.`
      : `Earns ${written.format(earned / 100)} a month on each: the parent plan costs ${written.format(cost / 100)}.`;
    said.classList.toggle("bad-money", earned < 0);
  };
  price.addEventListener("input", say);
  parents?.addEventListener("change", say);
  say();
})();

// A form that is filled with what holds on a day is filled anew when another day is chosen and nothing was typed yet.
(() => {
  const filled = document.querySelector("form input[name=filled_for]");
  const day = filled?.form.querySelector("input[name=day]");
  if (!day) return;
  const initial = new URLSearchParams(new FormData(filled.form)).toString();
  day.addEventListener("change", () => {
    const now = new FormData(filled.form);
    now.set("day", filled.value);
    if (new URLSearchParams(now).toString() !== initial || !day.value) return;
    const address = new URL(window.location.href);
    address.searchParams.set("day", day.value);
    window.location.assign(address);
  });
})();

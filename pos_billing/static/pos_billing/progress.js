// Follows a run that is under way, and shows its result once it is over. Without this script the page reloads itself.
(() => {
  const place = document.querySelector("[data-progress]");
  if (!place) return;
  const bar = place.querySelector("progress");
  const text = place.querySelector("[data-progress-text]");
  const look = async () => {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
      const state = await answer.json();
      if (state.over || state.waiting !== ("waiting" in place.dataset)) { location.reload(); return; }
      if (state.total) {
        bar.max = state.total;
        bar.value = state.done;
        text.textContent = `${state.done.toLocaleString()} of ${state.total.toLocaleString()} rated`;
      }
    } catch {
      text.textContent = "The site does not answer; trying again";
    }
    setTimeout(look, 800);
  };
  setTimeout(look, 400);
})();

// The menu folds away on a narrow screen. Without this script it stays open.
(() => {
  const fold = document.querySelector("details.menu-fold");
  if (!fold) return;
  const narrow = window.matchMedia("(max-width: 60rem)");
  const follow = () => { fold.open = !narrow.matches; };
  narrow.addEventListener("change", follow);
  follow();
})();

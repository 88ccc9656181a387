
(() => {
  const at = (id) => document.getElementById(id);
  const data = at("scene");
  const view = data ? view3d(at("view"), JSON.parse(data.textContent)) : null;

  const choices = [...document.querySelectorAll("input[name=example]")];
  const choose = () => {
    const chosen = choices.find((choice) => choice.checked) || choices[0];
    for (const article of document.querySelectorAll("[data-example]")) article.hidden = article.dataset.example !== chosen.value;
    if (view) view.change({ example: Number(chosen.value) });
  };
  choices.forEach((choice) => choice.addEventListener("change", choose));
  if (choices.length) choose();
  if (!view) return;

  at("zoom-in").addEventListener("click", () => view.zoomBy(1.4));
  at("zoom-out").addEventListener("click", () => view.zoomBy(1 / 1.4));
  at("reset").addEventListener("click", () => {
    at("centre").value = "-1";
    view.change({ centre: -1 });
    view.reset();
  });
  at("centre").addEventListener("change", (event) => view.change({ centre: Number(event.target.value) }));
  for (const what of ["draws", "truth"]) {
    at(`show-${what}`).addEventListener("change", (event) => view.change({ [what]: event.target.checked }));
  }

  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const spin = at("spin");
  let spinning = false;
  const setSpinning = (on) => {
    spinning = on && !calm.matches;
    spin.setAttribute("aria-pressed", String(spinning));
    spin.hidden = calm.matches;
    if (spinning) requestAnimationFrame(step);
  };
  let before = 0;
  function step(now) {
    if (!spinning) return;
    if (before) view.turnBy(0.0006 * Math.min(50, now - before), 0);
    before = now;
    requestAnimationFrame(step);
  }
  spin.addEventListener("click", () => {
    before = 0;
    setSpinning(!spinning);
  });
  calm.addEventListener("change", () => setSpinning(false));
  setSpinning(false);
})();

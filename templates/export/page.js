
"use strict";
const tasks = [...document.querySelectorAll("li.task")];
const words = new Map(tasks.map((task) => [task, task.textContent.toLowerCase()]));
const search = document.getElementById("search");
const state = document.getElementById("state");
const phase = document.getElementById("phase");
const found = document.getElementById("found");
function filter() {
  const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const task of tasks) {
    const fits = wanted.every((word) => words.get(task).includes(word))
      && (!state.value || task.dataset.state === state.value)
      && (!phase.value || task.dataset.phase === phase.value);
    task.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  const filtered = wanted.length > 0 || state.value || phase.value;
  found.textContent = filtered ? `${shown} of ${tasks.length} tasks shown` : "";
}
for (const control of [search, state, phase]) control.addEventListener("input", filter);
// `plan.html#q=payment` opens the page with a search, so that a search can be linked to.
function fromAddress() {
  if (location.hash.startsWith("#q=")) {
    search.value = decodeURIComponent(location.hash.slice(3).replace(/\+/g, " "));
    filter();
  }
}
addEventListener("hashchange", fromAddress);
fromAddress();
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const part of closed) part.open = true;
});
addEventListener("afterprint", () => { for (const part of closed) part.open = false; });

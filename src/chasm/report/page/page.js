"use strict";
// What belongs together carries the same numbers of cells in data-cells: cells, lines, nodes.
const all = [...document.querySelectorAll("[data-cells]")];
const byCell = new Map();
for (const one of all) {
  for (const cell of one.dataset.cells.split(" ")) {
    if (!byCell.has(cell)) byCell.set(cell, []);
    byCell.get(cell).push(one);
  }
}
const notebook = document.getElementById("notebook");
const code = document.getElementById("package");
const marks = [...document.querySelectorAll("[data-file]")];
const said = document.getElementById("said");
let lit = [];
let held = null;

function light(origin) {
  for (const one of lit) one.classList.remove("lit");
  lit = [];
  if (origin) {
    const cells = origin.dataset.cells.split(" ").filter(Boolean);
    lit = [...new Set(cells.flatMap((cell) => byCell.get(cell) || []))];
    for (const one of lit) one.classList.add("lit");
  }
  for (const mark of marks) {
    const sheet = document.getElementById(mark.dataset.file);
    mark.classList.toggle("lit", lit.some((one) => sheet.contains(one)));
  }
}

// The notebook's own statements first, what stands around them only where there are none.
function across(origin) {
  const pane = code.contains(origin) ? notebook : code;
  const found = lit.filter((one) => pane.contains(one));
  return found.find((one) => one.classList.contains("carried")) || found[0];
}

function show(one, pane) {
  if (!one || pane.scrollHeight <= pane.clientHeight) return;
  const sheet = one.closest("details");
  if (sheet) sheet.open = true;
  const box = one.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (box.top >= frame.top + 40 && box.bottom <= frame.bottom - 20) return;
  pane.scrollTop += box.top - frame.top - Math.min(120, frame.height / 3);
}

function hold(one) {
  held = one;
  light(one);
  const other = across(one);
  if (!one.classList.contains("node")) show(other, code.contains(one) ? notebook : code);
  tell(one, other);
}

// A screen reader is told where the lines of a cell went; a phone, which has no room for both
// sides, shows it with a link to the other one.
function tell(one, other) {
  const passages = lit.filter((o) => o.classList.contains("carried")).length;
  const told = code.contains(one) ? one.title
    : !one.classList.contains("code") ? ""
    : passages ? "became " + passages + (passages === 1 ? " passage" : " passages") + " of the package"
    : "is not in the package";
  said.replaceChildren(...(told ? [told] : []));
  if (!told || !other) return;
  const link = document.createElement("a");
  link.href = "#" + other.id;
  link.textContent = code.contains(one) ? "to cell " + other.dataset.cells : "show";
  said.append(" ", link);
}

function letGo() {
  held = null;
  light(null);
  said.replaceChildren();
}

// Whoever rests on a cell or on a line is shown the other side, unless some of it is in sight.
let resting = 0;
let byKeys = false;
function over(target) {
  const one = target.closest("[data-cells]");
  light(one || held);
  clearTimeout(resting);
  if (!one || one.classList.contains("node")) return;
  const pane = code.contains(one) ? notebook : code;
  resting = setTimeout(() => {
    const frame = pane.getBoundingClientRect();
    const seen = lit.some((other) => {
      const box = other.getBoundingClientRect();
      return pane.contains(other) && !other.classList.contains("around")
        && box.bottom > frame.top + 60 && box.top < frame.bottom;
    });
    if (!seen) show(across(one), pane);
  }, 250);
}
// What the keyboard scrolls under a resting mouse is not what its reader points at.
document.addEventListener("mouseover", (event) => {
  if (!byKeys) over(event.target);
});
document.addEventListener("mousemove", (event) => {
  if (!byKeys || !(event.movementX || event.movementY)) return;
  byKeys = false;
  over(event.target);
});
document.addEventListener("focusin", (event) => {
  const one = event.target.closest("[data-cells]");
  if (one) hold(one);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-cells], #said")) letGo();
});

function step(pane, from, by) {
  const stops = [...pane.querySelectorAll(":scope > .cell, .sheet[open] .block")];
  const at = stops.indexOf(from);
  const next = stops[at < 0 ? 0 : Math.min(Math.max(at + by, 0), stops.length - 1)];
  if (!next) return;
  for (const stop of stops) if (stop.tabIndex === 0) stop.tabIndex = -1;
  next.tabIndex = 0;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  byKeys = true;
  const stop = document.activeElement.closest(".cell, .block");
  const self = document.activeElement === stop;
  const letter = event.key === "j" || event.key === "k";
  if (event.key in moves && (self || letter)) {
    event.preventDefault();
    step(code.contains(document.activeElement) ? code : notebook, stop, moves[event.key]);
  } else if (event.key === "Enter" && self && stop) {
    const other = across(stop);
    if (other) {
      event.preventDefault();
      other.focus({ preventScroll: true });
      other.scrollIntoView({ block: "nearest" });
    }
  } else if (event.key === "Escape") {
    letGo();
    document.activeElement.blur();
  }
});
const first = code.querySelector(".block");
if (first) first.tabIndex = 0;
const canvas = document.querySelector(".canvas");
const start = canvas.querySelector(".node");
if (start) {
  const box = start.getBoundingClientRect();
  const frame = canvas.getBoundingClientRect();
  canvas.scrollLeft = box.left + box.width / 2 - frame.left - frame.width / 2;
}

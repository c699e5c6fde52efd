(() => {
  "use strict";
  const form = document.getElementById("filter");
  const words = document.getElementById("words");
  const shown = document.getElementById("shown");
  const body = document.querySelector("[aria-labelledby=images] tbody");
  if (!body) return;
  const rows = [...body.rows];
  const timelines = [...document.querySelectorAll(".timeline")];
  const texts = new Map([...rows, ...timelines].map((item) => [item, item.textContent.toLowerCase()]));
  const picked = new Set();

  const filter = () => {
    const terms = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const [item, text] of texts) {
      const fits = terms.every((word) => text.includes(word));
      item.hidden = !fits || (picked.size > 0 && !item.dataset.verdict.split(" ").some((word) => picked.has(word)));
    }
    const left = rows.filter((row) => !row.hidden).length;
    shown.value = left + " of " + rows.length + " shown";
  };

  const buttons = [...document.querySelectorAll(".counts li")].map((item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.append(...item.childNodes);
    item.append(button);
    button.addEventListener("click", () => {
      const verdict = item.dataset.verdict;
      if (!picked.delete(verdict)) picked.add(verdict);
      button.setAttribute("aria-pressed", String(picked.has(verdict)));
      filter();
    });
    return button;
  });

  document.getElementById("all").addEventListener("click", () => {
    words.value = "";
    picked.clear();
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
    filter();
  });
  words.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();

  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.key ?? cell.textContent.toLowerCase();
  };
  const heads = [...document.querySelectorAll("th[data-sorts]")];
  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const turn = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", turn === 1 ? "ascending" : "descending");
      const column = head.cellIndex;
      const sorted = [...rows].sort((a, b) => {
        const one = key(a, column);
        const two = key(b, column);
        return one === two ? 0 : one < two ? -turn : turn;
      });
      body.append(...sorted);
    });
  }
})();

/* report.js -- sorts the tables of a report and filters its lists. Stands in each page, which
 * is complete without it. The address may say how: report/index.html#sort=-bytes&filter=2019 */
"use strict";
(() => {
  const asked = new URLSearchParams(location.hash.slice(1));
  const order = new Intl.Collator(undefined, { numeric: true });

  const value = (row, i) => {
    const cell = row.cells[i];
    return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent;
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : order.compare(a, b));

  const sort = (table, head, down) => {
    const body = table.tBodies[0];
    const i = head.cellIndex;
    const rows = Array.from(body.rows, (row) => ({ row, value: value(row, i) }));
    rows.sort((a, b) => (down ? compare(b.value, a.value) : compare(a.value, b.value)));
    body.append(...rows.map((entry) => entry.row));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () =>
        sort(table, head, head.getAttribute("aria-sort") === "ascending"));
      const word = asked.get("sort");
      if (word === head.dataset.sort) sort(table, head, false);
      else if (word === "-" + head.dataset.sort) sort(table, head, true);
    }
  }

  for (const box of document.querySelectorAll(".filter")) {
    const input = box.querySelector("input");
    const items = Array.from(document.getElementById(input.dataset.for).children);
    const texts = items.map((item) => item.textContent.toLowerCase());
    const filter = () => {
      const word = input.value.toLowerCase();
      let n = 0;
      items.forEach((item, i) => {
        item.hidden = !texts[i].includes(word);
        if (!item.hidden) n++;
      });
      box.querySelector("output").textContent = word ? n + " of " + items.length : "";
    };
    /* Sorting moves the rows, but they stay the same ones. */
    input.addEventListener("input", filter);
    box.hidden = false;
    input.value = asked.get("filter") || "";
    filter();
  }
})();

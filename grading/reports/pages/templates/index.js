
(() => {
  const table = document.getElementById("table");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const search = document.getElementById("search");
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const heads = [...table.tHead.rows[0].cells];
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // Sort: once up, once down, then as the report has it.
  const value = (row, column) => {
    const cell = row.cells[column];
    return "sort" in cell.dataset ? Number(cell.dataset.sort) : cell.textContent;
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      const way = before === "ascending" ? "descending" : before === "descending" ? null : "ascending";
      heads.forEach((each) => { each.removeAttribute("aria-sort"); });
      const sorted = [...rows];
      if (way) {
        head.setAttribute("aria-sort", way);
        const sign = way === "ascending" ? 1 : -1;
        sorted.sort((a, b) => sign * compare(value(a, column), value(b, column)));
      }
      body.append(...sorted);
    });
  });

  // Search: every word has to be somewhere in the row, or be one of its causes.
  const texts = rows.map((row) => plain(`${[...row.cells].map((cell) => cell.textContent).join(" ")} ${row.dataset.causes}`));
  const filter = () => {
    const words = plain(query.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every((word) => texts[place].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    found.textContent = words.length ? `${shown} of ${rows.length} shown` : "";
  };
  query.addEventListener("input", filter);
  search.hidden = false;
  filter();

  document.querySelectorAll("[data-show]").forEach((place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "show";
    button.setAttribute("aria-label", place.dataset.label);
    button.addEventListener("click", () => {
      query.value = place.dataset.show;
      filter();
      query.focus();
      document.getElementById("students").scrollIntoView();
    });
    place.append(button);
  });
})();

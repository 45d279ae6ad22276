/* The filters and the list: only the rows in sight are elements, however many there are. */

const list = { found: [], at: -1, search: "", view: false, order: "by_gravity", rows: new Map(), height: 0 };

function drawFilters() {
  const form = $("filters");
  const focused = form.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const open = new Set([...form.querySelectorAll("details[open]")].map((one) => one.dataset.facet));
  form.onsubmit = (event) => event.preventDefault();
  const search = el("input", {
    type: "search", class: "search", placeholder: t("search"), "aria-label": t("search"), "data-key": "search",
    oninput: (event) => { list.search = event.target.value; narrow(); },
  });
  search.value = list.search;
  const chips = FACETS.filter((facet) => facet.chips).map((facet) => el("div", { class: "chips", role: "group", "aria-label": t(facet.key) },
    [...facet.values.keys()].map((value) => el("button", {
      type: "button", class: "chip " + value, "data-key": facet.key + value,
      "aria-pressed": String(facet.chosen.has(value)), onclick: () => flip(facet, value),
    }, facet.name(value), " ", el("b", { "data-count": facet.key, "data-value": value })))));
  const menus = FACETS.filter((facet) => !facet.chips && facet.values.size > 0 && !(facet.values.size === 1 && facet.values.has(""))).map((facet) =>
    el("details", { class: "menu", "data-facet": facet.key, open: open.has(facet.key), ontoggle: onlyOne },
      el("summary", { "data-key": "menu" + facet.key }, t(facet.key), facet.chosen.size ? el("b", {}, ` ${facet.chosen.size}`) : null),
      el("div", { class: "options", role: "group", "aria-label": t(facet.key) }, [...facet.values.keys()].map((value) => {
        const box = el("input", { type: "checkbox", "data-key": facet.key + value, onchange: () => flip(facet, value) });
        box.checked = facet.chosen.has(value);
        return el("label", {}, box, el("span", {}, foreign(facet.name(value), 60)), el("b", { "data-count": facet.key, "data-value": value }));
      }))));
  const within = el("input", { type: "checkbox", "data-key": "view", onchange: (event) => { list.view = event.target.checked; narrow(); } });
  within.checked = list.view;
  const chosen = FACETS.some((facet) => facet.chosen.size) || list.search || list.view;
  form.replaceChildren(search, ...chips, el("div", { class: "menus" }, menus),
    el("div", { class: "row" }, el("label", { class: "within" }, within, " ", t("in_view")),
      el("button", { type: "button", class: "quiet", "data-key": "clear", hidden: !chosen, onclick: clearFilters }, t("clear"))));
  if (focused) form.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  drawCounts();
}

/** Lets one menu be open at a time. */
function onlyOne(event) {
  if (event.target.open) for (const other of $("filters").querySelectorAll("details[open]")) if (other !== event.target) other.open = false;
}

/** Closes menus that the reader has left: by a click or the focus elsewhere, or by Escape. */
function leaveMenus(event) {
  for (const menu of $("filters").querySelectorAll("details[open]")) {
    if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) {
      menu.open = false;
      if (event.type === "keydown") menu.querySelector("summary").focus();
    }
  }
}

function drawCounts() {
  const facets = new Map(FACETS.map((facet) => [facet.key, facet]));
  for (const count of $("filters").querySelectorAll("[data-count]")) {
    const number = facets.get(count.dataset.count).values.get(count.dataset.value) || 0;
    count.textContent = number;
    count.parentElement.classList.toggle("zero", number === 0);
  }
}

function flip(facet, value) {
  if (!facet.chosen.delete(value)) facet.chosen.add(value);
  narrow();
  drawFilters();
}

function clearFilters() {
  for (const facet of FACETS) facet.chosen.clear();
  list.search = "";
  list.view = false;
  narrow();
  drawFilters();
  $("filters").querySelector(".search").focus();
}

/** Filters and orders anew. */
function narrow() {
  const chosen = list.found[list.at];
  list.found = filtered(list.search, list.view ? inView() : null).sort(ORDERS[list.order]);
  list.at = chosen ? list.found.indexOf(chosen) : -1;
  $("tally").textContent = t("tally", list.found.length, FINDINGS.length);
  const clear = $("filters").querySelector('[data-key="clear"]');
  if (clear) clear.hidden = !(FACETS.some((facet) => facet.chosen.size) || list.search || list.view);
  drawCounts();
  forget();
  showFindings(list.found);
}

/** Drops all rows, to draw them anew. */
function forget() {
  for (const row of list.rows.values()) row.remove();
  list.rows.clear();
  drawRows();
}

function rowHeight() {
  if (!list.height) {
    const probe = el("div", { class: "option probe" });
    $("rows").append(probe);
    list.height = probe.getBoundingClientRect().height || 80;
    probe.remove();
  }
  return list.height;
}

function drawRows() {
  const box = $("list");
  const height = rowHeight();
  $("rows").style.height = list.found.length * height + "px";
  let empty = $("rows").querySelector(".empty");
  if (!list.found.length && !empty) $("rows").append(el("p", { class: "empty" }, t("nothing")));
  if (list.found.length && empty) empty.remove();
  const first = Math.max(0, Math.floor(box.scrollTop / height) - 4);
  const last = Math.min(list.found.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + 4);
  for (const [at, row] of list.rows) if (at < first || at >= last) { row.remove(); list.rows.delete(at); }
  for (let at = first; at < last; at++) {
    if (list.rows.has(at)) continue;
    const row = drawRow(list.found[at], at);
    row.style.top = at * height + "px";
    list.rows.set(at, row);
    $("rows").append(row);
  }
  const active = list.rows.get(list.at);
  if (active) box.setAttribute("aria-activedescendant", active.id);
  else box.removeAttribute("aria-activedescendant");
}

/** Names the weight of a finding: a conflict by its severity, anything else by its verdict. */
function weight(finding) {
  if (finding.waived) return t("waived");
  return finding.verdict === "conflict" ? severityName(finding.severity) : verdictName(finding.verdict);
}

function drawRow(finding, at) {
  const size = finding.ground.length ? finding.ground[0].shown[0] : "";
  const more = finding.ground.length > 1 ? ` +${finding.ground.length - 1}` : "";
  return el("div", {
    class: "option tone-" + finding.tone, role: "option", id: "option-" + finding.at, "aria-selected": String(at === list.at),
    "aria-posinset": at + 1, "aria-setsize": list.found.length, onclick: () => choose(finding, { from: "list" }),
  },
    el("div", { class: "line" }, el("span", { class: "mark" }, weight(finding)),
      el("span", { class: "law" }, foreign(finding.law.id + (finding.label ? "#" + finding.label : ""), 40)),
      finding.baseline ? el("span", { class: "tag-word" }, t("baseline_" + finding.baseline)) : null,
      el("span", { class: "size" }, size + more)),
    el("div", { class: "line title" }, foreign(finding.law.title, 80)),
    el("div", { class: "line who" }, foreign(joined([finding.subject.id, finding.named].map((one) => cut(one, 60))))));
}

/** Chooses a finding: list, map and detail follow. */
function choose(finding, { from, quiet } = {}) {
  list.at = finding ? list.found.indexOf(finding) : -1;
  for (const [at, row] of list.rows) row.setAttribute("aria-selected", String(at === list.at));
  if (finding && from !== "list") reveal(list.at);
  drawRows();
  drawDetail(finding);
  showChosen(finding, from !== "none");
  if (!quiet) history.replaceState(null, "", finding ? "#" + encodeURIComponent(finding.id) : location.href.split("#")[0]);
  // One below the other, what follows may lie out of sight.
  if (finding && from === "list" && matchMedia("(max-width: 63.99rem), (max-height: 33.99rem)").matches) $("panel-findings").scrollIntoView();
  if (finding && from === "map") $("said").textContent = joined([weight(finding), finding.law.title, cut(finding.subject.id, 60)]);
}

function reveal(at) {
  const box = $("list");
  const height = rowHeight();
  if (at < 0) return;
  if (at * height < box.scrollTop) box.scrollTop = at * height;
  else if ((at + 1) * height > box.scrollTop + box.clientHeight) box.scrollTop = (at + 1) * height - box.clientHeight;
}

function openList() {
  const box = $("list");
  box.addEventListener("scroll", drawRows, { passive: true });
  new ResizeObserver(() => { list.height = 0; forget(); }).observe(box);
  let waiting = 0;
  box.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(box.clientHeight / rowHeight()) - 1);
    const last = list.found.length - 1;
    const to = { ArrowDown: list.at + 1, ArrowUp: list.at - 1, Home: 0, End: last, PageDown: list.at + page, PageUp: list.at - page }[event.key];
    if (event.key === "Enter" && list.at >= 0) {
      event.preventDefault();
      return $("detail").focus();
    }
    if (event.key === "Escape" && list.at >= 0) return choose(null);
    if (to === undefined || last < 0) return;
    event.preventDefault();
    const finding = list.found[Math.max(0, Math.min(last, to))];
    list.at = list.found.indexOf(finding);
    reveal(list.at);
    // A held key runs down the list; map and detail follow when it rests.
    for (const [at, row] of list.rows) row.setAttribute("aria-selected", String(at === list.at));
    drawRows();
    clearTimeout(waiting);
    waiting = setTimeout(() => choose(finding, { from: "keys" }), event.repeat ? 120 : 0);
  });
  $("detail").addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); box.focus(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(input|select|textarea)$/i.test(event.target.tagName)) {
      event.preventDefault();
      show("findings");
      $("filters").querySelector(".search").focus();
    }
  });
  for (const kind of ["pointerdown", "focusin"]) document.addEventListener(kind, leaveMenus);
  $("filters").addEventListener("keydown", leaveMenus);
  $("order").addEventListener("change", (event) => { list.order = event.target.value; narrow(); });
}

function drawOrder() {
  const box = $("order");
  box.setAttribute("aria-label", t("order"));
  box.replaceChildren(...Object.keys(ORDERS).map((key) => el("option", { value: key }, t(key))));
  box.value = list.order;
}

/** The map has moved: the list follows if it is asked to. */
function seen() {
  if (list.view) narrow();
}

/* Opens the page: sheets, languages, and what the address asks for. */

const SHEETS = { rules: rulesSheet, duties: dutiesSheet, documents: documentsSheet, data: dataSheet };
const TABS = ["findings", ...Object.keys(SHEETS)];
let shown = "findings";

function drawTabs() {
  const counts = {
    findings: FINDINGS.length, rules: ABOUT.rules.length, duties: FINDINGS.filter((one) => one.verdict === "obligation").length,
    documents: documents().length, data: ABOUT.issues.length,
  };
  $("tabs").replaceChildren(...TABS.map((key) => el("button", {
    type: "button", role: "tab", id: "tab-" + key, "aria-controls": "panel-" + key, "aria-selected": String(key === shown),
    tabindex: key === shown ? 0 : -1, onclick: () => show(key), onkeydown: turn,
  }, t(key), " ", el("b", {}, counts[key]))));
}

/** Arrow keys go from tab to tab. */
function turn(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  show(TABS[(TABS.indexOf(shown) + step + TABS.length) % TABS.length]);
  $("tab-" + shown).focus();
}

function show(key) {
  shown = key;
  for (const tab of TABS) {
    $("panel-" + tab).hidden = tab !== key;
    $("tab-" + tab)?.setAttribute("aria-selected", String(tab === key));
    $("tab-" + tab)?.setAttribute("tabindex", tab === key ? "0" : "-1");
  }
  if (SHEETS[key]) $("panel-" + key).replaceChildren(el("div", { class: "page" }, SHEETS[key]()));
  else view.map?.invalidateSize({ animate: false });
}

function drawAll() {
  document.documentElement.lang = language ? "zh-CN" : "en";
  for (const place of document.querySelectorAll("[data-words]")) place.textContent = t(place.dataset.words);
  document.title = `${cut(ABOUT.submission.name, 80)} · ${t(ABOUT.gate.accepted ? "accepted" : "refused")}`;
  $("name").replaceChildren(foreign(ABOUT.submission.name, 200));
  $("facts").textContent = factsLine();
  $("gate").className = "gate " + (ABOUT.gate.accepted ? "good" : "bad");
  $("gate").replaceChildren(el("strong", {}, t(ABOUT.gate.accepted ? "accepted" : "refused")), el("span", {}, gateLine()));
  $("switch").textContent = t("other");
  $("switch").lang = language ? "en" : "zh-CN";
  $("notice").textContent = `${said(ABOUT.notice)} · ${t("made", ABOUT.guiju.version)}`;
  $("list").setAttribute("aria-label", t("findings"));
  $("map").setAttribute("aria-label", t("map"));
  drawTabs();
  drawOrder();
  drawFilters();
  drawLegend();
  narrow();
  const chosen = list.found[list.at] || view.chosen;
  drawDetail(chosen);
  showChosen(chosen, false);
  show(shown);
}

function asked() {
  let id = "";
  try { id = decodeURIComponent(location.hash.slice(1)); } catch { /* not an id of ours */ }
  return FINDINGS.find((one) => one.id === id);
}

function open() {
  language = BLOCK.language === "zh" ? 1 : 0;
  $("app").hidden = false;
  openMap();
  openList();
  drawAll();
  home(false);
  $("switch").addEventListener("click", () => { language = 1 - language; drawAll(); });
  $("printer").addEventListener("click", () => print());
  addEventListener("hashchange", () => { const finding = asked(); if (finding && finding !== view.chosen) choose(finding, { from: "address" }); });
  const finding = asked();
  if (finding) choose(finding, { from: "address" });
}

open();

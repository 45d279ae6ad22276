/* The finding that was chosen, whole. */

function copier(words, what) {
  const button = el("button", { type: "button", class: "copy", onclick: async () => {
    await copy(typeof what === "function" ? what() : what);
    button.textContent = t("copied");
    $("said").textContent = t("copied");
    setTimeout(() => { button.textContent = words; }, 1500);
  } }, words);
  return button;
}

/** Copies; a page from a file may not have the clipboard, then by a selection. */
async function copy(what) {
  try {
    await navigator.clipboard.writeText(what);
  } catch {
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = what;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** Returns the boundary points of a piece as survey tables have them: number, ring, X, Y. */
function boundaryPoints(piece) {
  const rows = [];
  let number = 1, ringNumber = 0;
  for (const part of piece.shape.parts) for (const ring of part) {
    ringNumber += 1;
    for (let at = 0; at < ring.length; at += 2) {
      rows.push(["J" + number, ringNumber, northing(ring[at + 1] + ORIGIN[1]), northing(ring[at] + ORIGIN[0])]);
      number += 1;
    }
  }
  return rows;
}

const section = (key, ...children) => {
  const inside = children.flat(Infinity).filter(Boolean);
  return inside.length ? el("section", {}, el("h3", {}, t(key)), inside) : null;
};

const pairs = (rows) => {
  const inside = rows.filter(Boolean);
  return inside.length ? el("dl", {}, inside.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])) : null;
};

function badges(finding) {
  return el("div", { class: "badges" },
    el("span", { class: "badge tone-" + finding.tone }, verdictName(finding.verdict)),
    el("span", { class: "badge plain-" + finding.severity }, severityName(finding.severity)),
    finding.waived ? el("span", { class: "badge tone-excepted" }, t("waived")) : null,
    finding.baseline ? el("span", { class: "badge" }, t("baseline_" + finding.baseline)) : null,
    finding.law.departments.map((name) => el("span", { class: "badge" }, foreign(departmentName(name), 40))));
}

function placeName(subject) {
  const path = text(subject.path_at);
  return path ? path + (subject.line ? ":" + subject.line : "") : "";
}

function thing(subject) {
  const name = subject.name && subject.name !== subject.id ? subject.name : null;
  return [layerName(text(subject.kind_at)), " ", foreign(subject.id, 120), name ? [" ", foreign(name, 200)] : null];
}

/** Lists what is missing: what, why, where to put it. */
function missingList(rows) {
  return el("ul", { class: "missing" }, rows.map(([what, reason, where]) =>
    el("li", {}, el("b", {}, foreign(text(what), 200)), ` — ${both(reason)}`, where ? el("div", { class: "where" }, foreign(cut(both(where), 300))) : null)));
}

function facts(finding) {
  return section("facts",
    el("p", { class: "rule-line" }, el("code", {}, foreign(text(finding.condition_at), 600)),
      finding.comparison ? [el("br"), el("strong", {}, foreign(finding.comparison, 400))] : null),
    finding.quantities ? el("table", { class: "values" }, el("tbody", {}, finding.quantities.map(([name, shown, error]) =>
      el("tr", {}, el("th", { scope: "row" }, el("code", {}, foreign(text(name), 200))),
        el("td", {}, foreign(shown, 300), error >= 0.005 ? el("small", {}, " " + t("error_bound", error.toPrecision(2))) : null))))) : null,
    finding.margin ? el("p", {}, t("margin") + " ", el("strong", {}, foreign(finding.margin, 60))) : null);
}

function placeBlock(piece, at, all) {
  const points = piece.shape.parts.reduce((sum, part) => sum + part.reduce((more, ring) => more + ring.length / 2, 0), 0);
  const about = [
    piece.width ? t("width", piece.width) : null,
    piece.of_subject ? `${t("of_subject")} ${piece.of_subject}` : null,
    piece.of_feature ? `${t("of_feature")} ${piece.of_feature}` : null,
    piece.error ? t("error_bound", piece.error) : null,
    piece.plane ? t("plane", piece.plane) : null,
  ].filter(Boolean).join(" · ");
  const plane = position(piece.point);
  const lonlat = piece.lonlat ? degrees(piece.lonlat) : null;
  const ring = () => boundaryPoints(piece).map((row) => row.join("\t")).join("\n");
  return el("div", { class: "place" },
    el("p", { class: "size" }, all > 1 ? el("span", { class: "number" }, at + 1) : null, el("strong", {}, piece.shown[0]),
      piece.shown[1] ? el("span", {}, `（${piece.shown[1]}）`) : null,
      piece.feature !== undefined ? el("span", { class: "feature" }, ` ${layerName(text(piece.layer_at))} `, foreign(piece.feature, 80)) : null),
    about ? el("p", { class: "small" }, about) : null,
    piece.sliver ? el("p", { class: "small warn" }, t("sliver", both(piece.sliver))) : null,
    el("p", { class: "coordinates" }, el("code", {}, plane), copier(t("copy"), plane)),
    lonlat ? el("p", { class: "coordinates" }, el("code", {}, lonlat), copier(t("copy"), lonlat)) : null,
    points > 1 ? el("p", {}, copier(t("copy_ring", points), ring)) : null);
}

function basis(finding) {
  const law = finding.law;
  const sure = law.confidence ? said(BLOCK.words.confidence[law.confidence]) : "";
  return section("basis",
    (law.basis || []).length
      ? el("ul", { class: "basis" }, law.basis.map((one) => el("li", {}, "《", foreign(one.title, 200), "》", foreign(one.article, 200),
        one.number ? el("small", {}, " ", foreign(one.number, 80)) : null)))
      : el("p", {}, t("no_basis")),
    el("p", { class: "small" + (law.confidence === "verified" ? "" : " warn") }, sure),
    law.text ? el("details", {}, el("summary", {}, t("rule_text"), " ", el("small", {}, foreign(ruleAt(finding), 120))),
      el("pre", { tabindex: "0" }, foreign(cut(law.text, 8000)))) : null);
}

function ruleAt(finding) {
  const [path, line] = finding.place_at;
  return text(path) + (line ? ":" + line : "");
}

function exceptionBlock(finding) {
  const one = finding.exception;
  if (!one) return null;
  return section("exception", el("p", {}, t("exception_" + one.state)),
    one.condition_at === undefined ? null : el("p", {}, t("unless") + " ", el("code", {}, foreign(text(one.condition_at), 600))),
    one.missing ? missingList(one.missing) : null);
}

function cure(one) {
  const tone = { clean: "excepted", conflict: "conditional", undetermined: "undetermined" }[one.checked];
  const state = one.checked ? "checked_" + one.checked : one.not_checked ? "not_checked_" + one.not_checked : null;
  return el("li", {}, said(one.text), " ", el("span", { class: "small" }, "（", t("instead", ""), thing({ kind_at: one.kind_at, id: one.id }), "）"),
    state ? el("span", { class: "badge" + (tone ? " tone-" + tone : "") }, t(state)) : null,
    one.remaining ? el("ul", {}, one.remaining.map(([rule, title, verdict, isNew]) => el("li", {}, verdictName(verdict), " ",
      foreign(text(rule), 40), " ", foreign(text(title), 80), isNew ? el("small", {}, " · " + t("brought")) : null))) : null,
    one.poor ? el("p", { class: "small warn" }, t("poor"), joined(one.poor.map(([area, width]) => `${area}（${t("width", width)}）`))) : null);
}

function remedyBlock(finding) {
  const rows = (finding.remedies || []).map((one) => one.outline ? cure(one) : el("li", {}, foreign(cut(text(one.words_at), 600))));
  return rows.length ? section("remedies", el("ul", {}, rows)) : null;
}

function waiverBlock(finding) {
  const one = finding.waiver;
  if (!one) return null;
  return section("waiver",
    el("p", {}, el("span", { class: "badge tone-" + (one.valid ? "excepted" : "conditional") }, t("waiver_" + one.state)), " ", foreign(one.document, 120)),
    pairs([one.issuer && [t("issuer"), foreign(one.issuer, 200)], one.expires && [t("expires"), one.expires], one.reason && [t("reason"), foreign(one.reason, 600)]]));
}

function baselineBlock(finding) {
  if (!finding.baseline) return null;
  const before = finding.earlier;
  return section("baseline", el("p", {}, t("baseline_" + finding.baseline),
    before && before.margin ? [" · ", t("earlier", before.margin.shown)] : null));
}

/** Returns the blocks of a finding, for the page and for paper. */
function blocks(finding) {
  const places = finding.ground.map((piece, at) => placeBlock(piece, at, finding.ground.length));
  return [
    facts(finding),
    finding.missing ? section("missing", missingList(finding.missing)) : null,
    places.length ? section("places", places) : null,
    exceptionBlock(finding),
    remedyBlock(finding),
    finding.feedback ? section("feedback", el("ul", {}, finding.feedback.map(([to, words]) =>
      el("li", {}, t("to", layerName(text(to))), "：", foreign(cut(words, 600)))))) : null,
    basis(finding),
    waiverBlock(finding),
    baselineBlock(finding),
    section("about", pairs([
      [layerName(text(finding.subject.kind_at)), thing(finding.subject)],
      finding.subject.package_at !== undefined && [t("package"), foreign(text(finding.subject.package_at), 120)],
      finding.subject.unit_at !== undefined && [t("unit"), foreign(text(finding.subject.unit_at), 120)],
      placeName(finding.subject) && [t("path"), el("code", {}, foreign(placeName(finding.subject), 200))],
      ...(finding.bindings || []).map((one) => [t("with"), [thing(one), placeName(one) ? el("code", {}, " ", foreign(placeName(one), 200)) : null]]),
      [t("id"), el("code", {}, foreign(finding.id, 300))],
    ])),
  ];
}

function drawDetail(finding) {
  const box = $("detail");
  box.hidden = !finding;
  $("panel-findings").classList.toggle("with-detail", Boolean(finding));
  if (!finding) return box.replaceChildren();
  box.scrollTop = 0;
  box.setAttribute("aria-label", joined([verdictName(finding.verdict), cut(finding.subject.id, 60)]));
  box.replaceChildren(
    el("header", { class: "tone-" + finding.tone },
      el("div", { class: "line" }, el("span", { class: "law" }, foreign(finding.law.id, 40), finding.label ? el("small", {}, " ", t("label", cut(finding.label, 40))) : null),
        el("button", { type: "button", class: "quiet close", "aria-label": t("close"), onclick: () => { choose(null); $("list").focus(); } }, "×")),
      el("h2", {}, foreign(finding.law.title, 200)), badges(finding)),
    el("p", { class: "message" }, foreign(finding.message, 1500)),
    finding.spot ? el("p", {}, el("button", { type: "button", class: "quiet", onclick: () => showChosen(finding, true) }, t("show"))) : null,
    ...blocks(finding).filter(Boolean));
}

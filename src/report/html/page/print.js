/* On paper: cover, summary, the findings as filtered with a small map each, and the other sheets, on A4. */

/** The most findings, and the most of them with a map, that go to paper at once. */
const PAPER = 1000;
const PLATES = 300;

/** Draws a small map of a finding: what lies around, the subject, the ground, the cure. */
function plate(finding) {
  const around = finding.box || (finding.feature && finding.feature.shape.box);
  if (!around) return null;
  const [wide, high] = [220, 150];
  const own = finding.feature ? finding.feature.shape.box : around;
  const far = Math.max(own[2] - own[0], own[3] - own[1]) > 25 * Math.max(around[2] - around[0], around[3] - around[1], 20);
  const [west, south, east, north] = far ? around : merged(around, own);
  const scale = 1 / Math.max((east - west) / (wide * 0.72), (north - south) / (high * 0.72), 0.02);
  const [cx, cy] = [(west + east) / 2, (south + north) / 2];
  const window = [cx - wide / 2 / scale, cy - high / 2 / scale, cx + wide / 2 / scale, cy + high / 2 / scale];
  const toX = (x) => ((x - window[0]) * scale).toFixed(1), toY = (y) => ((window[3] - y) * scale).toFixed(1);
  const path = (shape) => shape.parts.flat().filter((ring) => ring.length).map((ring) => {
    let d = "", x, y;
    for (let at = 0; at < ring.length; at += 2) {
      // What paper cannot show need not be in the file.
      if (at && Math.hypot(ring[at] - x, ring[at + 1] - y) * scale < 0.4) continue;
      [x, y] = [ring[at], ring[at + 1]];
      d += `${at ? "L" : "M"}${toX(x)} ${toY(y)}`;
    }
    return shape.kind === "A" ? d + "Z" : d;
  }).join("");
  const box = svg("svg", { viewBox: `0 0 ${wide} ${high}`, class: "plate", role: "img" });
  const draw = (shape, ink, fill) => box.append(svg("path", {
    d: path(shape), fill: shape.kind === "A" ? fill || ink.fill || "none" : "none", "fill-opacity": ink.opacity, "fill-rule": "evenodd",
    stroke: ink.line, "stroke-width": Math.max(0.4, ink.width * 2), "stroke-dasharray": ink.dash ? ink.dash.map((mm) => mm * 2.5).join(" ") : undefined,
  }));
  for (const layer of LAYERS) {
    if (!(layer.visible ?? layer.shown)) continue;
    for (const feature of layer.features) if (meets(feature.shape.box, window)) draw(feature.shape, layer.ink, feature.fill);
  }
  if (finding.feature) draw(finding.feature.shape, BLOCK.map.subject);
  for (const remedy of finding.remedies || []) if (remedy.outline) draw((remedy.shape = remedy.shape || outline(remedy.outline)), BLOCK.map.remedy);
  for (const piece of finding.ground) draw(piece.shape, BLOCK.map.conflict);
  const step = stepFor(scale * 2.2);
  const length = step * scale;
  box.append(svg("path", { d: `M8 ${high - 8}v-4m0 4h${length.toFixed(1)}v-4`, fill: "none", stroke: "#000", "stroke-width": 1.2 }));
  const label = svg("text", { x: 12 + length, y: high - 8, "font-size": 9, stroke: "#fff", "stroke-width": 2, "paint-order": "stroke" });
  label.textContent = `${step} m`;
  box.append(label);
  return box;
}

function paperFinding(finding, at) {
  return el("article", { class: "item" },
    el("header", { class: "tone-" + finding.tone }, el("h3", {}, `${at + 1}  `, foreign(finding.law.id + (finding.label ? "#" + finding.label : ""), 60), "  ", foreign(finding.law.title, 120)), badges(finding)),
    el("div", { class: "sides" }, at < PLATES ? plate(finding) : null, el("div", { class: "words" }, el("p", { class: "message" }, foreign(finding.message, 800)), blocks(finding))));
}

/** Says which filters are set. */
function filterLine() {
  const parts = FACETS.filter((facet) => facet.chosen.size).map((facet) => `${t(facet.key)}: ${joined([...facet.chosen].map((one) => cut(facet.name(one), 40)))}`);
  if (list.search) parts.push(`“${cut(list.search, 40)}”`);
  if (list.view) parts.push(t("in_view"));
  return parts.join("; ");
}

function fillPaper() {
  const found = list.found.slice(0, PAPER);
  const filters = filterLine();
  const count = (verdict) => FINDINGS.filter((one) => one.verdict === verdict).length;
  $("paper").replaceChildren(
    el("section", { class: "cover" },
      el("p", { class: "kind" }, t("prepared")), el("h1", {}, foreign(ABOUT.submission.name, 200)), el("p", {}, factsLine()),
      el("p", { class: "verdict " + (ABOUT.gate.accepted ? "good" : "bad") }, t(ABOUT.gate.accepted ? "accepted" : "refused"), " · ", gateLine()),
      el("table", { class: "counts" }, el("tbody", {}, VERDICTS.slice(0, 4).map((verdict) => el("tr", {}, el("th", { scope: "row" }, verdictName(verdict)), el("td", { class: "number" }, count(verdict)))))),
      el("p", { class: "small" }, said(ABOUT.notice)),
      filters ? el("p", { class: "small" }, t("paper_filtered", list.found.length, FINDINGS.length, filters)) : null),
    el("section", {}, el("h2", {}, t("findings")), found.map(paperFinding),
      list.found.length > found.length ? el("p", {}, t("paper_cut", list.found.length - found.length)) : null),
    ...[rulesSheet, dutiesSheet, documentsSheet, dataSheet].map((sheet) => el("section", { class: "annex" }, sheet())),
    el("p", { class: "small" }, said(ABOUT.notice), " · ", t("made", ABOUT.guiju.version)));
}

addEventListener("beforeprint", fillPaper);
addEventListener("afterprint", () => $("paper").replaceChildren());

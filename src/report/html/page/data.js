/* The data block: read once, outlines decoded, each finding given what lists and maps ask of it. */

const BLOCK = JSON.parse($("data").textContent);
const ABOUT = BLOCK.about;
const TEXTS = BLOCK.texts;
const text = (at) => (at === undefined ? undefined : TEXTS[at]);
const both = (pair) => (pair ? TEXTS[pair[language]] : undefined);

/** Reads an outline: parts, of rings, of flat coordinates in metres from the origin, and the box around. */
function outline(coded) {
  const parts = [[[]]];
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  let ring = parts[0][0];
  let x = 0, y = 0, number = 0, scale = 1, second = false;
  for (let at = 1; at < coded.length; at++) {
    const c = coded.charCodeAt(at);
    if (c === 59) { ring = []; parts.push([ring]); continue; }
    if (c === 44) { ring = []; parts[parts.length - 1].push(ring); continue; }
    const digit = c >= 97 ? c - 71 : c >= 65 ? c - 65 : c >= 48 ? c + 4 : c === 43 ? 62 : 63;
    // Not by shifts: numbers of millimetres outgrow 32 bits.
    number += (digit & 31) * scale;
    scale *= 32;
    if (digit >= 32) continue;
    const value = number % 2 ? -(number - 1) / 2 : number / 2;
    number = 0;
    scale = 1;
    if (second) {
      y += value;
      const [east, north] = [x / 1000, y / 1000];
      ring.push(east, north);
      if (east < box[0]) box[0] = east;
      if (north < box[1]) box[1] = north;
      if (east > box[2]) box[2] = east;
      if (north > box[3]) box[3] = north;
    } else x += value;
    second = !second;
  }
  return { kind: coded[0], parts, box };
}

/** Tells whether an area holds a point: odd crossings over all rings. */
function holds(shape, x, y) {
  const [west, south, east, north] = shape.box;
  if (shape.kind !== "A" || x < west || x > east || y < south || y > north) return false;
  let inside = false;
  for (const part of shape.parts) for (const ring of part) {
    for (let at = 0, last = ring.length - 2; at < ring.length; last = at, at += 2) {
      const [ax, ay, bx, by] = [ring[at], ring[at + 1], ring[last], ring[last + 1]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

const merged = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
const meets = (a, b) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/* Features of the map by layer and id. */
const LAYERS = BLOCK.map.layers;
const FEATURES = new Map();
for (const layer of LAYERS) {
  for (const feature of layer.features) {
    feature.layer = layer;
    feature.shape = outline(feature.outline);
    FEATURES.set(layer.name + "\u0000" + feature.id, feature);
  }
}
const featureOf = (layer, id) => FEATURES.get(layer + "\u0000" + id);

const NAMES = new Map(ABOUT.layers.map((named) => [named.name, named.text]));
const DEPARTMENTS = new Map(ABOUT.departments.map((named) => [named.name, named.text]));
const layerName = (name) => (NAMES.has(name) ? said(NAMES.get(name)) : name);
const departmentName = (name) => (DEPARTMENTS.has(name) ? said(DEPARTMENTS.get(name)) : name);

const FINDINGS = BLOCK.findings;
const GRAVITY = { prohibited: 0, conditional: 1, advisory: 2 };
FINDINGS.forEach((finding, at) => {
  finding.at = at;
  finding.law = ABOUT.rules[finding.rule] || { id: "", title: "", departments: [], basis: [], text: "" };
  finding.ground = finding.ground || [];
  finding.size = 0;
  for (const piece of finding.ground) {
    piece.shape = outline(piece.outline);
    finding.size += piece.size;
  }
  const subject = finding.subject;
  finding.feature = featureOf(text(subject.kind_at), subject.id);
  finding.box = finding.ground.reduce((box, piece) => (box ? merged(box, piece.shape.box) : piece.shape.box), null);
  if (finding.box) {
    const [east, north] = finding.ground[0].point;
    finding.spot = [east - BLOCK.origin[0], north - BLOCK.origin[1]];
  } else if (finding.feature) {
    const [west, south, east, north] = finding.feature.shape.box;
    finding.spot = [(west + east) / 2, (south + north) / 2];
  }
  finding.named = subject.name && subject.name !== subject.id ? subject.name : "";
  const evidence = finding.ground.map((piece) => piece.feature).filter(Boolean);
  const words = [finding.id, finding.law.title, subject.name, finding.message, text(subject.package_at), ...evidence];
  finding.words = words.filter(Boolean).map((word) => cut(word, 400)).join("\n").toLowerCase();
  finding.waived = Boolean(finding.waiver && finding.waiver.valid);
  // What the list and the map colour it by.
  finding.tone = finding.waived ? "excepted" : finding.verdict === "conflict" ? finding.severity : finding.verdict;
});

const verdictName = (name) => said(BLOCK.words.verdict[name]);
const severityName = (name) => said(BLOCK.words.severity[name]);

/** Writes a position as surveyors do: X is the northing. */
const northing = (north) => north.toFixed(3);
const position = ([east, north]) => `X=${northing(north)} Y=${northing(east)}`;
const degrees = ([east, north]) =>
  `${Math.abs(east).toFixed(8)}°${east < 0 ? "W" : "E"} ${Math.abs(north).toFixed(8)}°${north < 0 ? "S" : "N"}`;

/* What narrows the list: each facet names the values of a finding and what they are called. */
const FACETS = [
  { key: "verdict", chips: true, of: (one) => [one.verdict], name: verdictName,
    order: ["conflict", "undetermined", "excepted", "obligation", "pass", "not_applicable"] },
  { key: "severity", chips: true, of: (one) => [one.severity], name: severityName,
    order: ["prohibited", "conditional", "advisory"] },
  { key: "department", of: (one) => one.law.departments, name: departmentName },
  { key: "rule", of: (one) => [one.law.id], name: (id) => ruleName(id) },
  { key: "package", of: (one) => [text(one.subject.package_at) || ""], name: (id) => id || t("none") },
  { key: "review", of: (one) => [one.baseline && "baseline_" + one.baseline, one.waived && "waived"].filter(Boolean),
    name: (key) => t(key) },
];
const TITLES = new Map(ABOUT.rules.map((rule) => [rule.id, rule.title]));
const ruleName = (id) => `${id} ${cut(TITLES.get(id) || "", 40)}`;
for (const facet of FACETS) {
  facet.chosen = new Set();
  facet.values = new Map();
  for (const finding of FINDINGS) for (const value of facet.of(finding)) facet.values.set(value, 0);
  if (facet.order) facet.values = new Map(facet.order.filter((one) => facet.values.has(one)).map((one) => [one, 0]));
}

/** Filters: returns the findings that meet all facets, and gives every value the count it has among those that meet the others. */
function filtered(search, view) {
  const needle = search.trim().toLowerCase();
  for (const facet of FACETS) for (const value of facet.values.keys()) facet.values.set(value, 0);
  const found = [];
  for (const finding of FINDINGS) {
    if (needle && !finding.words.includes(needle)) continue;
    if (view && !(finding.box ? meets(finding.box, view) : finding.spot && meets([...finding.spot, ...finding.spot], view))) continue;
    let failed = null, failures = 0;
    for (const facet of FACETS) {
      if (facet.chosen.size && !facet.of(finding).some((value) => facet.chosen.has(value))) {
        failed = facet;
        failures += 1;
      }
    }
    if (failures === 0) found.push(finding);
    for (const facet of FACETS) {
      if (failures === 0 || (failures === 1 && failed === facet)) {
        for (const value of facet.of(finding)) facet.values.set(value, facet.values.get(value) + 1);
      }
    }
  }
  return found;
}

const ORDERS = {
  by_gravity: (a, b) => a.at - b.at,
  by_size: (a, b) => b.size - a.size || a.at - b.at,
  by_subject: (a, b) => (a.subject.id < b.subject.id ? -1 : a.subject.id > b.subject.id ? 1 : a.at - b.at),
};

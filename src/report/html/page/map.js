/* The map: the submission's plane as it is, in metres from the block's origin. Leaflet pans, zooms and draws shapes; grid, dots and what
 * a click means are done here. */

const MM_PX = 96 / 25.4;
const ORIGIN = BLOCK.origin;
const TONES = ["prohibited", "conditional", "advisory", "undetermined", "obligation", "excepted"];

const view = { map: null, shown: [], chosen: null, grid: true, ground: true, last: null, keep: false };

/** Returns the colours that the page's style gives to tones on the map. */
function colours() {
  const style = getComputedStyle($("map"));
  const found = {};
  for (const name of [...TONES, "grid", "grid-ink", "ring"]) found[name] = style.getPropertyValue("--" + name).trim();
  return found;
}

/** Returns vertices as the library nests them: north first. */
function nested(shape) {
  const pairs = (ring) => {
    const out = [];
    for (let at = 0; at < ring.length; at += 2) out.push([ring[at + 1], ring[at]]);
    return out;
  };
  return shape.kind === "A" ? shape.parts.map((part) => part.map(pairs)) : shape.parts.map((part) => pairs(part[0]));
}

/** Returns a tile of a hatched fill for a canvas. */
const tiles = new Map();
function hatched(ink, fill) {
  const key = [ink.hatch, fill, ink.line, ink.opacity].join();
  if (tiles.has(key)) return tiles.get(key);
  const side = 10;
  const tile = el("canvas", { width: side, height: side });
  const pen = tile.getContext("2d");
  if (fill) {
    pen.globalAlpha = ink.opacity;
    pen.fillStyle = fill;
    pen.fillRect(0, 0, side, side);
  }
  pen.globalAlpha = 0.45;
  pen.strokeStyle = ink.line;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    if (ink.hatch !== "falling") { pen.moveTo(shift, side); pen.lineTo(shift + side, 0); }
    if (ink.hatch !== "rising") { pen.moveTo(shift, 0); pen.lineTo(shift + side, side); }
  }
  pen.stroke();
  const pattern = pen.createPattern(tile, "repeat");
  tiles.set(key, pattern);
  return pattern;
}

/** Returns the library's options for a style. */
function inked(ink, fill, renderer) {
  const colour = fill || ink.fill;
  const options = {
    renderer, interactive: false, smoothFactor: 0.5,
    color: ink.line, weight: Math.max(ink.width * MM_PX * 0.8, 0.5), opacity: 1,
    fill: Boolean(colour || ink.hatch),
    fillColor: ink.hatch ? hatched(ink, colour) : colour, fillOpacity: ink.hatch ? 1 : ink.opacity,
  };
  if (ink.dash) options.dashArray = ink.dash.map((mm) => Math.max(1, mm * MM_PX * 0.8)).join(" ");
  return options;
}

function drawn(shape, options) {
  if (shape.kind === "P") {
    const points = shape.parts.flatMap((part) => part[0]);
    return L.circleMarker([points[1], points[0]], { ...options, radius: 5, fill: true });
  }
  return shape.kind === "A" ? L.polygon(nested(shape), options) : L.polyline(nested(shape), { ...options, fill: false });
}

function openMap() {
  const boxes = FINDINGS.filter((one) => one.spot).map((one) => one.box || [...one.spot, ...one.spot]);
  view.extent = boxes.length ? boxes.reduce(merged) : null;
  if (!view.extent) {
    $("map").append(el("p", { class: "empty" }, t("no_map")));
    view.empty = true;
    return;
  }
  const map = L.map($("map"), {
    crs: L.CRS.Simple, attributionControl: false, zoomControl: false, zoomSnap: 0.25, zoomDelta: 1, minZoom: -9, maxZoom: 7,
    wheelPxPerZoomLevel: 90, maxBoundsViscosity: 0,
  });
  view.map = map;
  for (const [name, height] of [["context", 350], ["ground", 420], ["chosen", 440]]) {
    map.createPane(name).style.zIndex = height;
    view[name + "Pen"] = L.canvas({ pane: name, padding: 0.25 });
  }
  for (const layer of LAYERS) {
    layer.group = L.featureGroup(
      layer.features.map((feature) => drawn(feature.shape, inked(layer.ink, feature.fill, view.contextPen))));
    if (layer.shown) layer.group.addTo(map);
  }
  for (const finding of FINDINGS) {
    finding.drawings = finding.ground.map((piece) => drawn(piece.shape, { renderer: view.groundPen, interactive: false, smoothFactor: 0 }));
  }
  view.groundGroup = L.layerGroup().addTo(map);
  view.chosenGroup = L.layerGroup().addTo(map);
  view.scale = L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
  overlay(map);
  home(false);
  map.on("click", (event) => hit(event.latlng.lng, event.latlng.lat));
  map.on("mousemove", (event) => {
    const place = [event.latlng.lng + ORIGIN[0], event.latlng.lat + ORIGIN[1]];
    $("cursor").textContent = `X=${place[1].toFixed(2)} Y=${place[0].toFixed(2)}`;
  });
  map.on("moveend", () => seen());
  new ResizeObserver(() => { map.invalidateSize({ animate: false }); fitLegend(); }).observe($("map"));
}

function bounds([west, south, east, north]) {
  return L.latLngBounds([south, west], [north, east]);
}

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function home(animate = true) {
  if (view.map) view.map.fitBounds(bounds(view.extent).pad(0.06), { animate: animate && !still(), ...margins() });
}

/** Returns the room that the box of layers takes from the map. */
function margins() {
  const all = $("legend").querySelector(".all");
  return { paddingTopLeft: [56, 20], paddingBottomRight: [(all && all.open ? all.offsetWidth : 0) + 12, 30] };
}

/** Returns what the map shows, for the facet that follows it. */
function inView() {
  if (!view.map) return null;
  const shown = view.map.getBounds();
  return [shown.getWest(), shown.getSouth(), shown.getEast(), shown.getNorth()];
}

/** Sets which findings the map shows. */
function showFindings(list) {
  view.shown = list;
  redrawGround();
}

function redrawGround() {
  if (!view.map) return;
  const colour = colours();
  view.groundGroup.clearLayers();
  if (view.ground) {
    for (const finding of view.shown) {
      const style = { color: colour[finding.tone], weight: 1.2, fillColor: colour[finding.tone], fillOpacity: 0.35 };
      for (const drawing of finding.drawings) {
        drawing.setStyle(style);
        view.groundGroup.addLayer(drawing);
      }
    }
  }
  view.draw();
}

/** Draws the chosen finding: subject, what it met, the exact ground, the outline of the cure. */
function showChosen(finding, go) {
  view.chosen = finding;
  if (!view.map) return;
  const group = view.chosenGroup;
  group.clearLayers();
  $("here").textContent = "";
  view.map.getPane("context").classList.toggle("faded", Boolean(finding));
  if (!finding) return view.draw();
  const put = (shape, ink, fill) => group.addLayer(drawn(shape, { ...inked(ink, fill, view.chosenPen), smoothFactor: 0 }));
  const label = (shape, name, kind) => {
    const [west, south, east, north] = shape.box;
    const at = [kind === "subject" ? north : south, (west + east) / 2];
    const content = el("span", { class: "name" }, foreign(name, 24));
    const direction = kind === "subject" ? "top" : "bottom";
    group.addLayer(L.tooltip(at, { content, permanent: true, direction, className: "tag " + kind, interactive: false }));
  };
  let box = finding.box;
  const others = new Map();
  for (const piece of finding.ground) {
    const feature = piece.feature !== undefined && featureOf(text(piece.layer_at), piece.feature);
    if (feature) others.set(feature, feature);
  }
  for (const bound of finding.bindings || []) {
    const feature = featureOf(text(bound.kind_at), bound.id);
    if (feature) others.set(feature, feature);
  }
  for (const feature of others.values()) put(feature.shape, { ...feature.layer.ink, width: feature.layer.ink.width + 0.3 }, feature.fill);
  if (finding.feature) {
    put(finding.feature.shape, BLOCK.map.subject);
    const own = finding.feature.shape.box;
    const near = box ? Math.max(box[2] - box[0], box[3] - box[1], 20) * 25 : Infinity;
    // A subject that dwarfs the ground would leave a dot of it.
    if (Math.max(own[2] - own[0], own[3] - own[1]) < near) box = box ? merged(box, own) : own;
  }
  for (const remedy of finding.remedies || []) {
    if (!remedy.outline) continue;
    remedy.shape = remedy.shape || outline(remedy.outline);
    if (remedy.shape.parts[0][0].length) put(remedy.shape, BLOCK.map.remedy);
  }
  for (const piece of finding.ground) {
    put(piece.shape, BLOCK.map.conflict);
    const [east, north] = piece.point;
    group.addLayer(L.circleMarker([north - ORIGIN[1], east - ORIGIN[0]],
      { renderer: view.chosenPen, interactive: false, radius: 3, color: "#fff", weight: 1.5, fillColor: "#b0001e", fillOpacity: 1 }));
  }
  if (finding.feature) label(finding.feature.shape, finding.named || finding.subject.id, "subject");
  for (const feature of [...others.values()].slice(0, 4)) {
    const met = finding.ground.find((piece) => piece.feature === feature.id);
    label(met ? met.shape : feature.shape, `${said(feature.layer.text)} ${feature.id}`, "met");
  }
  if (go && box) {
    // The view of one's own click stays where it is, if what was chosen is in it.
    if (!(view.keep && view.map.getBounds().contains(bounds(box)))) {
      view.map.fitBounds(bounds(box).pad(0.3), { maxZoom: 3, animate: !still(), duration: 0.35, ...margins() });
    }
  }
  view.draw();
}

/** Finds what lies under a point: the smallest ground first, then dots, then subjects; a second click there takes the next. */
function hit(x, y) {
  const reach = 7 / view.map.getZoomScale(view.map.getZoom(), 0);
  const found = [];
  for (const finding of view.shown) {
    if (finding.ground.some((piece) => holds(piece.shape, x, y))) found.push([0, finding.size, finding]);
    else if (finding.spot && Math.hypot(finding.spot[0] - x, finding.spot[1] - y) < reach) found.push([1, finding.size, finding]);
    else if (finding.feature && holds(finding.feature.shape, x, y)) found.push([2, finding.size, finding]);
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2].at - b[2].at);
  const names = LAYERS.filter((layer) => layer.visible ?? layer.shown).flatMap((layer) =>
    layer.features.filter((feature) => holds(feature.shape, x, y))
      .map((feature) => joined([`${said(layer.text)} ${cut(feature.id, 24)}`, feature.code]))).reverse();
  if (found.length) {
    const again = view.last && Math.hypot(view.last.x - x, view.last.y - y) < reach;
    const next = again ? (view.last.turn + 1) % found.length : 0;
    view.last = { x, y, turn: next };
    view.keep = true;
    choose(found[next][2], { from: "map" });
    view.keep = false;
  }
  const parts = [];
  if (found.length > 1) parts.push(t("here_findings", found.length));
  if (names.length) parts.push(t("here", joined(names.slice(0, 4))));
  $("here").textContent = parts.join(" · ");
}

/** Draws grid and dots over the map, whenever it has moved. */
function overlay(map) {
  const canvas = el("canvas", { class: "over", "aria-hidden": "true" });
  $("map").append(canvas);
  let asked = false;
  const draw = () => {
    asked = false;
    const size = map.getSize();
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(size.x * ratio) || canvas.height !== Math.round(size.y * ratio)) {
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, size.x, size.y);
    const colour = colours();
    const scale = map.getZoomScale(map.getZoom(), 0);
    const corner = map.containerPointToLatLng([0, 0]);
    const toX = (x) => (x - corner.lng) * scale;
    const toY = (y) => (corner.lat - y) * scale;
    if (view.grid) grid(pen, size, corner, scale, toX, toY, colour);
    dots(pen, size, scale, toX, toY, colour);
  };
  view.draw = () => {
    if (!asked) requestAnimationFrame(draw);
    asked = true;
  };
  map.on("move zoomend resize viewreset", view.draw);
  map.on("zoomanim", () => canvas.classList.add("away"));
  map.on("zoomend", () => canvas.classList.remove("away"));
}

/** Returns a step of 1, 2 or 5 that stands some 130 pixels apart. */
function stepFor(scale) {
  const wanted = 130 / scale;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= wanted);
}

function grid(pen, size, corner, scale, toX, toY, colour) {
  const step = stepFor(scale);
  const label = (metres) => (step < 1 ? metres.toFixed(1) : String(Math.round(metres))).replace(/\B(?=(\d{3})+(?!\d))/g, " ");
  pen.strokeStyle = colour.grid;
  pen.lineWidth = 1;
  pen.font = "11px " + getComputedStyle(document.body).fontFamily;
  const [west, north] = [corner.lng + ORIGIN[0], corner.lat + ORIGIN[1]];
  const lines = [], labels = [];
  for (let east = Math.ceil(west / step) * step; toX(east - ORIGIN[0]) < size.x; east += step) {
    const x = Math.round(toX(east - ORIGIN[0])) + 0.5;
    lines.push([x, 0, x, size.y]);
    if (x > 70 && x < size.x - 150) labels.push([label(east), x, 12, "center"]);
  }
  for (let up = Math.floor(north / step) * step; toY(up - ORIGIN[1]) < size.y; up -= step) {
    const y = Math.round(toY(up - ORIGIN[1])) + 0.5;
    lines.push([0, y, size.x, y]);
    if (y > 24 && y < size.y - 50) labels.push([label(up), 4, y - 4, "left"]);
  }
  pen.beginPath();
  for (const [ax, ay, bx, by] of lines) { pen.moveTo(ax, ay); pen.lineTo(bx, by); }
  pen.stroke();
  for (const [words, x, y, side] of labels) {
    pen.textAlign = side;
    pen.lineWidth = 3;
    pen.strokeStyle = colour.ring;
    pen.strokeText(words, x, y);
    pen.fillStyle = colour["grid-ink"];
    pen.fillText(words, x, y);
  }
}

/** Draws a dot for every finding whose ground is too small to see, a ring where it has none. */
function dots(pen, size, scale, toX, toY, colour) {
  const piles = new Map();
  for (const finding of view.shown) {
    if (!finding.spot || (finding.box && !view.ground)) continue;
    const box = finding.box;
    if (box && Math.max(box[2] - box[0], box[3] - box[1]) * scale > 14) continue;
    const [x, y] = [toX(finding.spot[0]), toY(finding.spot[1])];
    if (x < -9 || y < -9 || x > size.x + 9 || y > size.y + 9) continue;
    const key = finding.tone + (box ? "" : "/hollow");
    if (!piles.has(key)) piles.set(key, []);
    piles.get(key).push(x, y);
  }
  for (const tone of [...TONES].reverse()) for (const hollow of ["/hollow", ""]) {
    const pile = piles.get(tone + hollow);
    if (!pile) continue;
    pen.beginPath();
    for (let at = 0; at < pile.length; at += 2) {
      pen.moveTo(pile[at] + 5, pile[at + 1]);
      pen.arc(pile[at], pile[at + 1], 5, 0, 7);
    }
    pen.lineWidth = hollow ? 2 : 1.5;
    pen.strokeStyle = hollow ? colour[tone] : colour.ring;
    pen.fillStyle = hollow ? colour.ring : colour[tone];
    pen.globalAlpha = 0.95;
    pen.fill();
    pen.stroke();
    pen.globalAlpha = 1;
  }
  const chosen = view.chosen;
  if (chosen && chosen.spot) {
    pen.beginPath();
    pen.arc(toX(chosen.spot[0]), toY(chosen.spot[1]), 11, 0, 7);
    pen.lineWidth = 2.5;
    pen.strokeStyle = colour.ring;
    pen.stroke();
    pen.lineWidth = 1.5;
    pen.strokeStyle = colour[chosen.tone];
    pen.stroke();
  }
}

/** Returns a little drawing of a style. */
function swatch(ink, fills) {
  const drawing = svg("svg", { width: 26, height: 16, viewBox: "0 0 26 16", "aria-hidden": "true", class: "swatch" });
  const colour = ink.fill;
  const many = (fills || []).slice(0, 6);
  if (many.length > 1) many.forEach((fill, at) => drawing.append(
    svg("rect", { x: 1 + (24 / many.length) * at, y: 1, width: 24 / many.length, height: 14, fill, "fill-opacity": 0.9 })));
  drawing.append(svg("rect", {
    x: 1, y: 1, width: 24, height: 14, fill: many.length > 1 ? "none" : many[0] || colour || "none",
    "fill-opacity": many.length ? 0.9 : Math.min(1, ink.opacity * 1.3), stroke: ink.line, "stroke-width": Math.max(1, ink.width * 3),
    "stroke-dasharray": ink.dash ? ink.dash.map((mm) => mm * 2.5).join(" ") : undefined,
  }));
  if (ink.hatch) for (const at of [-6, 2, 10, 18]) {
    if (ink.hatch !== "falling") drawing.append(svg("path", { d: `M${at} 15l14 -14`, stroke: ink.line, "stroke-width": 0.7 }));
    if (ink.hatch !== "rising") drawing.append(svg("path", { d: `M${at} 1l14 14`, stroke: ink.line, "stroke-width": 0.7 }));
  }
  return drawing;
}

/** Returns what codes of a layer's features begin with, by colour. */
function codesOf(layers) {
  const found = new Map();
  for (const layer of layers) for (const { fill, code } of layer.features) {
    if (!fill || !code) continue;
    const known = found.get(fill);
    let same = 0;
    while (known !== undefined && same < Math.min(known.length, code.length) && known[same] === code[same]) same++;
    found.set(fill, known === undefined ? code : known.slice(0, Math.max(same, 1)));
  }
  return [...found].sort((a, b) => (a[1] < b[1] ? -1 : 1));
}

/** Draws the box of layers, with what each looks like. */
function drawLegend() {
  const box = $("legend");
  const open = new Map([...box.querySelectorAll("details")].map((one) => [one.className, one.open]));
  const row = (name, on, ink, change, extra, fills) => el("label", { class: "layer" },
    el("input", { type: "checkbox", checked: on, onchange: (event) => change(event.target.checked) }),
    swatch(ink, fills), el("span", {}, name, extra ? el("small", {}, " " + extra) : null));
  const layerRow = (layer) => row(said(layer.text), layer.visible ?? layer.shown, layer.ink, (on) => toggle(layer, on),
    layer.left_out ? t("left_out", layer.left_out) : "", [...new Set(layer.features.map((feature) => feature.fill).filter(Boolean))]);
  const line = (tone) => ({ fill: `var(--${tone})`, opacity: 0.6, line: `var(--${tone})`, width: 0.3 });
  const key = (name, ink) => el("span", { class: "layer fixed" }, swatch(ink), el("span", {}, t(name)));
  const upper = [...LAYERS].reverse();
  const rest = upper.filter((layer) => !layer.shown);
  const codes = codesOf(LAYERS.filter((layer) => layer.shown));
  box.replaceChildren(
    el("div", { class: "buttons" },
      el("button", { type: "button", "aria-label": t("zoom_in"), title: t("zoom_in"), onclick: () => view.map?.zoomIn() }, "+"),
      el("button", { type: "button", "aria-label": t("zoom_out"), title: t("zoom_out"), onclick: () => view.map?.zoomOut() }, "−"),
      el("button", { type: "button", "aria-label": t("home"), title: t("home"), onclick: () => home() }, "⤢")),
    el("details", { class: "all", open: open.get("all") ?? legendFits() }, el("summary", { onclick: () => { view.legendSet = true; } }, t("legend")), el("div", { class: "layers" },
      row(t("ground"), view.ground, line("prohibited"), (on) => { view.ground = on; redrawGround(); }),
      row(t("grid"), view.grid, { opacity: 0, line: "var(--grid-ink)", width: 0.2 }, (on) => { view.grid = on; view.draw(); }),
      el("span", { class: "layer fixed" }, svg("svg", { width: 26, height: 16, viewBox: "0 0 26 16", "aria-hidden": "true", class: "swatch" },
        svg("circle", { cx: 13, cy: 8, r: 5, fill: "#fff", stroke: "var(--undetermined)", "stroke-width": 2 })), el("span", {}, t("no_ground"))),
      key("subject", BLOCK.map.subject), key("remedy", BLOCK.map.remedy),
      upper.filter((layer) => layer.shown).map(layerRow),
      rest.length ? el("details", { class: "rest", open: open.get("rest") }, el("summary", {}, `${t("rest")}（${rest.length}）`), rest.map(layerRow)) : null,
      codes.length > 1 ? el("details", { class: "codes", open: open.get("codes") }, el("summary", {}, t("codes")), el("div", {}, codes.map(([fill, code]) =>
        el("span", {}, swatch({ opacity: 0.9, line: "#777", width: 0.1 }, [fill]), cut(code, 6))))) : null,
      el("p", { class: "truth" }, t("tolerance", BLOCK.map.fine_m.toFixed(2), BLOCK.map.coarse_m.toFixed(2))))));
}

/** Tells whether the box of layers leaves the map room. */
const legendFits = () => $("map").clientWidth > 900;

/** Opens and closes the box of layers with the room there is, unless the reader has. */
function fitLegend() {
  const all = $("legend").querySelector(".all");
  if (all && !view.legendSet) all.open = legendFits();
}

/** Shows or hides a layer; those that lie above it are lifted again. */
function toggle(layer, on) {
  layer.visible = on;
  if (!view.map) return;
  if (!on) return layer.group.remove();
  layer.group.addTo(view.map);
  for (const above of LAYERS.slice(LAYERS.indexOf(layer) + 1)) if (above.visible ?? above.shown) above.group.bringToFront();
}

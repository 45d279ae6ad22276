// Opens the map page as a reader does: from a file, in Chromium, without a network. `GUIJU` names the program that makes the pages.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const ROOT = resolve(import.meta.dirname, "../..");
const GUIJU = process.env.GUIJU ?? join(ROOT, "target/release/guiju");
const ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const scratch = mkdtempSync(join(tmpdir(), "guiju-page-"));
let context;

/** Checks a sample and returns the page's path. */
function pageOf(sample, language) {
  const out = join(scratch, `${sample}-${language}`);
  try {
    execFileSync(GUIJU, ["check", join(ROOT, "fixtures/submissions", sample), "--out", out, "--quiet", "--lang", language], { stdio: "pipe" });
  } catch (error) {
    assert.equal(error.status, 1, String(error.stderr));
  }
  return join(out, "report.html");
}

/** Opens a page; whatever it asks for beside itself and whatever it complains of is a failure. It is open when `ready` is there. */
async function open(path, options = {}, ready = ".option") {
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) faults.push(message.text()); });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => { if (!request.url().startsWith(`file://${path}`)) faults.push(`asked for ${request.url()}`); });
  page.on("dialog", (dialog) => { faults.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  await page.emulateMedia(options.media ?? {});
  await page.setViewportSize(options.size ?? { width: 1440, height: 900 });
  await page.goto(`file://${path}${options.hash ?? ""}`);
  await page.locator(ready).first().waitFor();
  return { page, faults };
}

const tally = (page) => page.locator("#tally").textContent();
const numbers = (text) => text.match(/\d+/g).map(Number);
const chosen = (page) => page.evaluate(() => view.chosen?.id);

before(async () => {
  context = await chromium.launchPersistentContext(join(scratch, "profile"), { executablePath: "/usr/bin/chromium", args: ARGS });
});

after(async () => {
  await context?.close();
  rmSync(scratch, { recursive: true, force: true });
});

let sample;
const bali = () => (sample ??= pageOf("bali-lake", "zh"));

test("filters combine, and the counts are those of the list", async () => {
  assert.ok(statSync(bali()).size < 5e6);
  const { page, faults } = await open(bali());
  const all = JSON.parse(readFileSync(join(bali(), "../report.json"), "utf8")).findings;
  assert.deepEqual(numbers(await tally(page)), [all.length, all.length]);
  await page.click('.chip.conflict');
  const conflicts = all.filter((one) => one.verdict === "conflict");
  assert.deepEqual(numbers(await tally(page)), [all.length, conflicts.length]);
  await page.click('.chip.conditional');
  const both = conflicts.filter((one) => one.severity === "conditional");
  assert.deepEqual(numbers(await tally(page)), [all.length, both.length]);
  await page.click('.menu[data-facet="department"] summary');
  const option = page.locator('.menu[data-facet="department"] label').first();
  const promised = Number(await option.locator("b").textContent());
  await option.click();
  assert.equal(numbers(await tally(page))[1], promised);
  assert.ok(promised > 0 && promised < both.length);
  await page.fill(".search", "no such thing anywhere");
  assert.equal(numbers(await tally(page))[1], 0);
  await page.click('[data-key="clear"]');
  assert.deepEqual(numbers(await tally(page)), [all.length, all.length]);
  assert.deepEqual(faults, []);
  await page.close();
});

test("the map follows the list, and the list the map", async () => {
  const { page, faults } = await open(bali());
  const before = await page.evaluate(() => view.map.getZoom());
  await page.locator(".option", { has: page.locator(".size:not(:empty)") }).first().click();
  const id = await chosen(page);
  await page.waitForFunction((zoom) => view.map.getZoom() > zoom, before);
  assert.ok(await page.evaluate(() => view.map.getBounds().contains(bounds(view.chosen.box))));
  assert.ok(await page.locator("#detail .message").isVisible());
  assert.equal(decodeURIComponent(new URL(page.url()).hash.slice(1)), id);
  // Another finding with ground, far down the list: a click on its ground chooses it.
  const goal = await page.evaluate(() => {
    const last = FINDINGS.findLast((one) => one.ground.length === 1 && one.verdict === "conflict" && one.size > 500
      && !FINDINGS.some((other) => other !== one && other.ground.some((piece) => holds(piece.shape, ...one.spot))));
    view.map.fitBounds(bounds(last.box).pad(0.5), { animate: false });
    const at = view.map.latLngToContainerPoint([last.spot[1], last.spot[0]]);
    return { id: last.id, at: last.at, x: at.x, y: at.y };
  });
  await page.locator("#map").click({ position: { x: goal.x, y: goal.y } });
  assert.equal(await chosen(page), goal.id);
  await page.locator(`#option-${goal.at}[aria-selected="true"]`).waitFor();
  assert.ok(await page.evaluate((at) => {
    const [row, box] = [$("option-" + at).getBoundingClientRect(), $("list").getBoundingClientRect()];
    return row.top >= box.top - 1 && row.bottom <= box.bottom + 1;
  }, goal.at), "the row is in sight");
  assert.deepEqual(faults, []);
  await page.close();
});

test("all of it can be done by keyboard", async () => {
  const { page, faults } = await open(bali());
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  await page.locator("#list").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => view.chosen === list.found[1]);
  assert.equal(await page.locator("#list").getAttribute("aria-activedescendant"), `option-${await page.evaluate(() => view.chosen.at)}`);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "detail");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.id), "list");
  await page.keyboard.press("End");
  await page.waitForFunction(() => view.chosen === list.found.at(-1));
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.className), "search");
  await page.locator("#tab-findings").focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.locator("#panel-rules table").isVisible());
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid", "focus can be seen");
  assert.deepEqual(faults, []);
  await page.close();
});

test("both languages, every sheet, an address of a finding", async () => {
  const { page, faults } = await open(bali(), { hash: "#" + encodeURIComponent("PBF-01/parcel:P-018") });
  assert.equal(await chosen(page), "PBF-01/parcel:P-018");
  assert.match(await page.locator("#detail").textContent(), /占用永久基本农田.*X=\d+\.\d{3} Y=39\d+\.\d{3}.*°E.*第/s);
  await page.click("#switch");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  assert.match(await page.locator("#detail").textContent(), /What was found.*Copy boundary points.*Basis/s);
  for (const sheet of ["rules", "duties", "documents", "data"]) {
    await page.click("#tab-" + sheet);
    assert.ok((await page.locator(`#panel-${sheet} tbody tr`).count()) > 0, sheet);
  }
  assert.match(await page.locator("#panel-data").textContent(), /[0-9a-f]{64}/);
  assert.match(await page.locator("#notice").textContent(), /not an approval/);
  assert.deepEqual(faults, []);
  await page.close();
});

test("prints what is filtered, on A4", async () => {
  const { page, faults } = await open(bali());
  await page.click(".chip.obligation");
  const bytes = await page.pdf({ preferCSSPageSize: true });
  assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
  const [, width, height] = bytes.toString("latin1").match(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/);
  assert.deepEqual([Math.round(width), Math.round(height)], [595, 842]);
  // What went to paper is put away again; filled once more it holds one item a finding, and a map for each that has ground.
  assert.equal(await page.evaluate(() => $("paper").childElementCount), 0);
  const [items, plates, expected] = await page.evaluate(() => {
    fillPaper();
    return [document.querySelectorAll("#paper .item").length, document.querySelectorAll("#paper .plate").length, list.found.length];
  });
  assert.ok(expected > 0 && items === expected && plates > 0);
  assert.deepEqual(faults, []);
  await page.close();
});

test("fits a narrow window, 200 % and a dark room without losing anything sideways", async () => {
  for (const [size, media] of [[{ width: 720, height: 450 }, {}], [{ width: 390, height: 800 }, { colorScheme: "dark" }]]) {
    const { page, faults } = await open(bali(), { size, media });
    await page.locator(".option").first().click();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1));
    assert.ok(await page.locator("#detail .message").isVisible());
    assert.deepEqual(faults, []);
    await page.close();
  }
});

test("hostile names are shown and nothing else", async () => {
  const { page, faults } = await open(pageOf("hostile", "en"));
  for (const at of await page.evaluate(() => FINDINGS.map((one) => one.at))) {
    await page.evaluate((at) => choose(FINDINGS[at], { from: "test" }), at);
  }
  for (const sheet of ["rules", "duties", "documents", "data", "findings"]) await page.click("#tab-" + sheet);
  await page.click("#switch");
  await page.evaluate(() => fillPaper());
  const found = await page.evaluate(() => ({
    pwned: globalThis.pwned,
    scripts: document.scripts.length,
    strange: document.querySelectorAll("img, iframe, object, embed, a[href^='javascript'], svg[onload], textarea, link").length,
    handlers: [...document.querySelectorAll("*")].filter((one) => [...one.attributes].some((attribute) => attribute.name.startsWith("on"))).length,
    polluted: {}.constructor !== Object,
  }));
  assert.deepEqual(found, { pwned: undefined, scripts: 3, strange: 0, handlers: 0, polluted: false });
  assert.ok(await page.evaluate(() => $("paper").textContent.includes("<script>globalThis.pwned=1</script>")), "shown as text");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), "long names do not push the page aside");
  assert.deepEqual(faults, []);
  await page.close();
});

test("what has changed is one quiet page", async () => {
  const folder = join(scratch, "changed");
  cpSync(join(ROOT, "fixtures/submissions/waived"), folder, { recursive: true });
  const run = (words) => {
    const { status, stdout, stderr } = spawnSync(GUIJU, words, { encoding: "utf8", maxBuffer: 1 << 28 });
    assert.ok(status === 0 || status === 1, stderr);
    return stdout;
  };
  const save = (name) => {
    writeFileSync(join(folder, name), run(["check", folder, "--no-out", "--quiet", "--format", "json"]));
    return join(folder, name);
  };
  const before = save("before.json");
  const parcels = join(folder, "data/parcels.geojson");
  // One parcel goes deeper, one has another name, which tries to do harm.
  const text = readFileSync(parcels, "utf8").replaceAll("[39500400, 3300090]", "[39500400, 3300080]").replaceAll("[39500450, 3300090]", "[39500450, 3300080]");
  writeFileSync(parcels, text.replace("P-04", "<img src=x onerror=globalThis.pwned=1>"));
  const path = join(folder, "diff.html");
  writeFileSync(path, run(["diff", before, save("after.json"), "--format", "html", "--lang", "zh"]));
  for (const options of [{}, { media: { colorScheme: "dark" } }, { size: { width: 390, height: 800 } }]) {
    const { page, faults } = await open(path, options, "table");
    assert.equal(await page.locator("h1").textContent(), "两次检查结果比较");
    assert.match(await page.locator("body").textContent(), /加重 × 1.*P-05/s);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1));
    assert.equal(await page.evaluate(() => document.querySelectorAll("img, script, iframe, a").length + Number("pwned" in globalThis)), 0);
    const [ink, paper] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.documentElement).colorScheme]);
    assert.ok(ink && paper === "light dark");
    assert.deepEqual(faults, []);
    await page.close();
  }
});

test("ten thousand findings stay fluid", async () => {
  const text = readFileSync(bali(), "utf8");
  const [, head, data, tail] = text.match(/^(.*<script type="application\/json" id="data">)(.*?)(<\/script>.*)$/s);
  const block = JSON.parse(data);
  const grounded = block.findings.filter((one) => one.ground);
  const many = Array.from({ length: 10_000 }, (_, at) => {
    const one = structuredClone(grounded[at % grounded.length]);
    one.id += "~" + at;
    return one;
  });
  block.findings = many;
  const path = join(scratch, "many.html");
  const json = JSON.stringify(block).replace(/[<>&]/g, (c) => "\\u00" + c.charCodeAt(0).toString(16));
  writeFileSync(path, head + json + tail);
  assert.ok(statSync(path).size < 15e6, `${statSync(path).size} bytes`);
  const started = Date.now();
  const { page, faults } = await open(path);
  const opened = Date.now() - started;
  assert.deepEqual(numbers(await tally(page)), [10_000, 10_000]);
  assert.ok((await page.locator(".option").count()) < 60, "only rows in sight are elements");
  const spent = await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const time = async (what) => { const start = performance.now(); what(); await frame(); return Math.round(performance.now() - start); };
    const times = { filter: 0, scroll: 0, choose: 0, pan: 0 };
    times.filter = await time(() => flip(FACETS[1], "conditional"));
    times.scroll = await time(() => { $("list").scrollTop = 100_000; });
    times.choose = await time(() => choose(list.found[2000], { from: "test" }));
    home(false);
    await frame();
    times.pan = await time(() => view.map.panBy([80, 40], { animate: false }));
    return times;
  });
  console.log(`# 10,000 findings: ${statSync(path).size} bytes, open ${opened} ms, ${JSON.stringify(spent)}`);
  assert.ok(opened < 10_000 && Object.values(spent).every((ms) => ms < 1500), JSON.stringify({ opened, ...spent }));
  assert.deepEqual(faults, []);
  await page.close();
});

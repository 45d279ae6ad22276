/* The other sheets: accounting by rule, duties, what to supply, data and basis. Paper prints the same. */

function table(heads, rows, options = {}) {
  return el("div", { class: "wide" }, el("table", { class: options.class },
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, rows),
    options.foot ? el("tfoot", {}, options.foot) : null));
}

const VERDICTS = ["conflict", "undetermined", "excepted", "obligation", "pass", "not_applicable"];
const number = (count) => (count ? count.toLocaleString("en-US") : el("span", { class: "nought" }, "·"));

function rulesSheet() {
  const row = (rule) => el("tr", {},
    el("th", { scope: "row" }, rule.applied === "yes" && FINDINGS.some((one) => one.law === rule)
      ? el("button", { type: "button", class: "link", onclick: () => onlyRule(rule.id) }, foreign(rule.id, 40)) : foreign(rule.id, 40)),
    el("td", {}, foreign(rule.title, 80), rule.applied === "yes" ? null : el("small", {}, " · " + said(BLOCK.words.applied[rule.applied]))),
    el("td", {}, severityName(rule.severity)),
    el("td", {}, joined(rule.departments.map((name) => cut(departmentName(name), 40)))),
    el("td", { class: "number" }, number(rule.examined)),
    VERDICTS.map((verdict) => el("td", { class: "number count-" + verdict }, number(rule.counts[verdict]))));
  const totals = VERDICTS.map((verdict) => ABOUT.counts[verdict]);
  const foot = el("tr", {}, el("th", { scope: "row", colspan: 4 }, t("total")),
    el("td", { class: "number" }, number(totals.reduce((sum, one) => sum + one, 0))), totals.map((one) => el("td", { class: "number" }, number(one))));
  return [el("h2", {}, t("rules")), el("p", { class: "lead" }, t("accounting")),
    table([t("rule"), t("title"), t("severity"), t("departments"), t("examined"), ...VERDICTS.map(verdictName)], ABOUT.rules.map(row), { class: "accounts", foot })];
}

/** Shows the findings of one rule. */
function onlyRule(id) {
  for (const facet of FACETS) facet.chosen.clear();
  FACETS.find((facet) => facet.key === "rule").chosen.add(id);
  show("findings");
  narrow();
  drawFilters();
}

function opener(finding) {
  return el("button", { type: "button", class: "link", onclick: () => { show("findings"); if (!list.found.includes(finding)) clearFilters(); choose(finding, { from: "sheet" }); } },
    foreign(finding.law.id + (finding.label ? "#" + finding.label : ""), 40), " ", foreign(finding.subject.id, 40));
}

function dutiesSheet() {
  const duties = FINDINGS.filter((one) => one.verdict === "obligation");
  const groups = new Map();
  for (const duty of duties) {
    const key = joined(duty.law.departments.map(departmentName));
    groups.set(key, [...(groups.get(key) || []), duty]);
  }
  return [el("h2", {}, t("duties")), el("p", { class: "lead" }, duties.length ? t("duties_note") : t("no_duties")),
    [...groups].map(([department, some]) => [el("h3", {}, foreign(department, 80)),
      table([t("about"), t("duty"), t("remedies"), t("basis")], some.map((duty) => el("tr", {},
        el("th", { scope: "row" }, opener(duty)), el("td", {}, foreign(duty.message, 600)),
        el("td", {}, (duty.remedies || []).filter((one) => one.words_at !== undefined).map((one) => el("p", {}, foreign(text(one.words_at), 400)))),
        el("td", {}, (duty.law.basis || []).map((one) => el("p", {}, "《", foreign(one.title, 80), "》", foreign(one.article, 80)))))))])];
}

/** Groups what is missing by what it is and where it belongs; most waited for first. */
function documents() {
  const wanted = new Map();
  for (const finding of FINDINGS) {
    for (const row of [...(finding.missing || []), ...((finding.exception && finding.exception.missing) || [])]) {
      const key = JSON.stringify([row[0], row[1], row[2]]);
      if (!wanted.has(key)) wanted.set(key, { row, findings: new Set() });
      wanted.get(key).findings.add(finding);
    }
  }
  return [...wanted.values()].sort((a, b) => b.findings.size - a.findings.size);
}

const NAMED = 12;

function documentsSheet() {
  const wanted = documents();
  return [el("h2", {}, t("documents")), el("p", { class: "lead" }, wanted.length ? t("documents_note") : t("no_documents")),
    wanted.length ? table([t("what"), t("reason"), t("where"), t("waiting")], wanted.map(({ row: [what, reason, where], findings }) => el("tr", {},
      el("th", { scope: "row" }, foreign(text(what), 200)), el("td", {}, both(reason)), el("td", {}, where ? foreign(cut(both(where), 300)) : ""),
      el("td", {}, el("div", { class: "links" }, [...findings].slice(0, NAMED).map(opener), findings.size > NAMED ? el("span", {}, ` +${findings.size - NAMED}`) : null))))) : null];
}

function dataSheet() {
  const submission = ABOUT.submission;
  const parts = [el("h2", {}, t("data")), el("p", { class: "lead" }, factsLine())];
  if (submission.params.length) parts.push(el("h3", {}, t("params")), table([t("param"), t("value")],
    submission.params.map((one) => el("tr", {}, el("th", { scope: "row" }, el("code", {}, foreign(one.name, 80))), el("td", {}, foreign(one.value, 200))))));
  parts.push(el("h3", {}, t("packs")), table([t("packs"), t("version"), "SHA-256"],
    ABOUT.packs.map((one) => el("tr", {}, el("th", { scope: "row" }, foreign(one.name, 80)), el("td", {}, foreign(one.version, 40)), el("td", {}, el("code", { class: "hash" }, one.sha256))))));
  parts.push(el("h3", {}, t("inputs")), table([t("path"), t("layer"), t("features"), t("issues_short"), "SHA-256"],
    ABOUT.inputs.map((one) => el("tr", {}, el("th", { scope: "row" }, foreign(one.path, 160)), el("td", {}, one.layer ? foreign(layerName(one.layer), 60) : ""),
      el("td", { class: "number" }, number(one.features)), el("td", { class: "number" }, number(one.issues)), el("td", {}, el("code", { class: "hash" }, one.sha256))))));
  parts.push(el("h3", {}, t("issues")), ABOUT.issues.length
    ? table([t("severity"), t("what"), t("path"), t("features")], ABOUT.issues.map((one) => el("tr", {},
      el("td", {}, el("span", { class: "badge issue-" + one.severity }, t(one.severity))), el("td", {}, foreign(said(one.text), 500), " ", el("small", {}, one.code)),
      el("td", {}, el("code", {}, foreign(one.path + (one.line ? `:${one.line}:${one.column || 1}` : ""), 160))),
      el("td", {}, one.feature ? foreign(one.feature, 80) : "", one.point ? el("div", { class: "small" }, position(one.point)) : null))))
    : el("p", {}, t("no_issues")));
  if (ABOUT.waivers.length) parts.push(el("h3", {}, t("waivers")), table([t("rule"), t("about"), t("document"), t("issuer"), t("reason"), t("expires"), t("state")],
    ABOUT.waivers.map((one) => el("tr", {}, el("th", { scope: "row" }, foreign(one.rule, 40)), el("td", {}, foreign(one.subject, 80)), el("td", {}, foreign(one.document, 80)),
      el("td", {}, foreign(one.issuer, 80)), el("td", {}, foreign(one.reason, 300)), el("td", {}, one.expires), el("td", {}, t("waiver_" + one.state))))));
  if (ABOUT.baseline) {
    const counts = ABOUT.baseline.counts;
    parts.push(el("h3", {}, t("baseline")), el("p", {}, foreign(ABOUT.baseline.path, 160), " · ", foreign(ABOUT.baseline.submission, 80), " · ", ABOUT.baseline.as_of, " · ",
      ["new", "worse", "better", "old", "gone"].map((key) => `${t("baseline_" + key)} ${counts[key]}`).join(" · ")));
    if (ABOUT.baseline.gone.length) parts.push(el("h4", {}, t("gone")), table([t("rule"), t("about"), t("what")],
      ABOUT.baseline.gone.slice(0, 1000).map((one) => el("tr", {}, el("th", { scope: "row" }, foreign(one.rule, 40)), el("td", {}, foreign(one.subject, 80)), el("td", {}, foreign(one.message, 400))))));
  }
  return parts;
}

/** Says in one line what was checked, by what. */
function factsLine() {
  const submission = ABOUT.submission;
  return [
    cut(submission.id, 60), submission.region ? t("region", cut(submission.region, 12)) : "", t("as_of", submission.as_of),
    BLOCK.crs ? `${BLOCK.crs}（${submission.crs}）` : submission.crs, said(BLOCK.words.area),
    submission.changed_since && !submission.changed_since.complete ? t("changed_since", cut(submission.changed_since.revision, 40)) : "",
    joined(ABOUT.packs.map((pack) => `${cut(pack.name, 30)} ${cut(pack.version, 20)}`)),
  ].filter(Boolean).join(" · ");
}

function gateLine() {
  const threshold = said(BLOCK.words.fail_on);
  if (!ABOUT.gate.accepted) return t("gate_shut", threshold, FINDINGS.filter((one) => one.bars).length);
  return ABOUT.gate.fail_on === "never" ? t("gate_never") : t("gate_open", threshold);
}

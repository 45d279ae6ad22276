/* Words of the page in both languages, and how elements are made: text goes in as text, never as markup. */

const WORDS = {
  skip: ["Skip to the list of findings", "跳到结果列表"],
  print: ["Print", "打印"],
  other: ["中文", "English"],
  hint: ["↑ ↓ choose · Enter read · Esc back · / search", "↑ ↓ 选择 · Enter 阅读 · Esc 返回 · / 搜索"],
  accepted: ["accepted", "通过"],
  refused: ["not accepted", "不通过"],
  gate_open: ["no conflict at or above “{0}”", "没有达到“{0}”门槛的冲突"],
  gate_never: ["no threshold is set", "未设门槛"],
  gate_shut: ["{1} at or above “{0}”", "{1} 条冲突达到“{0}”门槛"],
  findings: ["Findings", "核查结果"],
  rules: ["Accounting by rule", "规则核算"],
  duties: ["Duties", "责任清单"],
  documents: ["To supply", "待补材料"],
  data: ["Data and basis", "数据与依据"],
  search: ["Search id, name, text", "搜索编号、名称、内容"],
  verdict: ["Verdict", "结论"],
  severity: ["Severity", "等级"],
  department: ["Department", "部门"],
  rule: ["Rule", "规则"],
  package: ["Package", "资产包"],
  review: ["Review", "比较与豁免"],
  in_view: ["In the map's view only", "仅图幅范围内"],
  clear: ["Clear all", "清除筛选"],
  none: ["none", "未归入"],
  tally: ["{0} of {1} findings", "共 {1} 条，显示 {0} 条"],
  by_gravity: ["gravest first", "按等级排列"],
  by_size: ["largest first", "按占地排列"],
  by_subject: ["by subject", "按对象排列"],
  order: ["Order", "排列"],
  nothing: ["No finding meets all filters.", "没有符合全部筛选条件的结果。"],
  map: ["Map of the findings. Arrow keys move it, plus and minus zoom; a click chooses the finding there.",
    "核查结果地图。方向键移动，加减号缩放；点击选择该处的结果。"],
  legend: ["Layers", "图层"],
  rest: ["More layers", "其他图层"],
  codes: ["Codes of use", "用地分类代码"],
  grid: ["Grid", "坐标网"],
  ground: ["Ground of findings", "结果所涉范围"],
  subject: ["Subject", "核查对象"],
  remedy: ["Remedy", "整改后范围"],
  no_ground: ["without ground: at its subject", "无图形（标于对象处）"],
  left_out: ["{0} not drawn", "{0} 个未绘"],
  home: ["Whole extent", "全图"],
  zoom_in: ["Zoom in", "放大"],
  zoom_out: ["Zoom out", "缩小"],
  no_map: ["No finding has ground: there is nothing to draw.", "没有带图形的结果，无图可绘。"],
  here: ["Here: {0}", "此处：{0}"],
  here_findings: ["{0} findings here; click again for the next", "此处有 {0} 条结果，再次点击看下一条"],
  close: ["Close", "关闭"],
  label: ["part “{0}”", "分项“{0}”"],
  facts: ["What was found", "认定"],
  margin: ["past the limit by", "超出限值"],
  error_bound: ["± {0}", "误差 ± {0}"],
  places: ["Ground", "位置与范围"],
  of_subject: ["of the subject", "占对象"],
  of_feature: ["of the feature", "占图斑"],
  plane: ["in the plane {0}", "平面面积 {0}"],
  width: ["width {0}", "宽 {0}"],
  sliver: ["sliver: {0}", "碎片：{0}"],
  copy: ["Copy", "复制"],
  copied: ["Copied", "已复制"],
  copy_ring: ["Copy boundary points ({0})", "复制界址点（{0} 个）"],
  show: ["Show on the map", "在图上显示"],
  basis: ["Basis", "依据"],
  no_basis: ["no source says this", "无出处"],
  rule_text: ["The rule as written", "规则原文"],
  exception: ["Exception", "例外"],
  exception_holds: ["The exception holds.", "例外成立。"],
  exception_fails: ["The exception does not hold.", "例外不成立。"],
  exception_not_shown: ["The exception is not shown: what it depends on is missing.", "例外未获证明：缺少所依据的材料。"],
  unless: ["unless", "除非"],
  missing: ["What is missing", "缺少"],
  remedies: ["Remedies", "整改"],
  checked_clean: ["checked: clean", "复核无冲突"],
  checked_conflict: ["checked: conflicts are left", "复核仍有冲突"],
  checked_undetermined: ["checked: something stays undetermined", "复核后仍有无法判定"],
  not_checked_nothing_left: ["nothing is left to check", "无剩余，未复核"],
  not_checked_too_many: ["not checked: too many cures in one run", "整改过多，未逐一复核"],
  brought: ["brought by the cure", "整改所致"],
  poor: ["parts too small or too thin: ", "过小或过窄的部分："],
  instead: ["instead of {0}", "替换 {0}"],
  feedback: ["To report back", "反馈"],
  to: ["to {0}", "致 {0}"],
  waiver: ["Waiver", "豁免"],
  waived: ["waived", "已豁免"],
  waiver_holds: ["holds", "有效"],
  waiver_expired: ["expired", "已过期"],
  waiver_out_of_scope: ["does not cover all of the ground", "未覆盖全部范围"],
  waiver_unused: ["unused", "未用到"],
  baseline: ["Compared with the earlier result", "与此前结果相比"],
  baseline_new: ["new", "新增"],
  baseline_old: ["known", "原有"],
  baseline_worse: ["worse", "加重"],
  baseline_better: ["better", "减轻"],
  baseline_gone: ["gone", "已消除"],
  earlier: ["earlier: {0}", "此前：{0}"],
  about: ["Subject", "对象"],
  unit: ["unit", "配置单元"],
  with: ["with", "相关对象"],
  id: ["finding", "结果编号"],
  examined: ["examined", "已查"],
  total: ["total", "合计"],
  title: ["title", "名称"],
  departments: ["departments", "部门"],
  state: ["state", "状态"],
  accounting: ["Every subject that a rule examined is in exactly one column; the columns add up to “examined”.",
    "每条规则核查的每个对象恰好计入一栏，各栏之和等于“已查”。"],
  duties_note: ["Duties that come with the supply, by department.", "随供应附带的责任，按部门列出。"],
  no_duties: ["No rule imposes a duty.", "没有规则产生附带责任。"],
  documents_note: ["What was not there, and which findings wait for it. Supplying it may settle them either way.",
    "核查时缺少的材料与数据，以及因此未能判定的结果。补齐后可能通过，也可能不通过。"],
  no_documents: ["Nothing was missing.", "没有缺少的材料。"],
  what: ["what", "内容"],
  reason: ["why", "原因"],
  where: ["where it belongs", "补在何处"],
  waiting: ["waited for by", "相关结果"],
  duty: ["duty", "责任"],
  packs: ["Packs of rules", "规则包"],
  version: ["version", "版本"],
  inputs: ["Files read", "读入文件"],
  path: ["file", "文件"],
  layer: ["layer", "图层"],
  features: ["read", "数量"],
  issues: ["Issues of the data", "数据问题"],
  issues_short: ["issues", "问题"],
  no_issues: ["No issue was found in the data.", "数据未发现问题。"],
  error: ["error", "错误"],
  warning: ["warning", "警告"],
  note: ["note", "说明"],
  params: ["Params set by the manifest", "清单设定的参数"],
  param: ["param", "参数"],
  value: ["value", "值"],
  waivers: ["Waivers", "豁免"],
  document: ["document", "文号"],
  issuer: ["authority", "批准机关"],
  expires: ["until", "有效至"],
  gone: ["Findings that are no more", "已消除的结果"],
  made: ["made by Guiju {0}", "由规矩 {0} 生成"],
  region: ["region {0}", "行政区 {0}"],
  as_of: ["as of {0}", "基准日 {0}"],
  changed_since: ["only what a change since {0} can reach", "仅核查自 {0} 以来的变更所及对象"],
  tolerance: ["Lines on the map are within {0} m of the data near findings and {1} m elsewhere; grounds of findings are exact to a millimetre. Scale and grid are those of the plane.",
    "图上线条与数据之差：结果附近不超过 {0} 米，其余不超过 {1} 米；结果范围精确到毫米。比例尺与坐标网均为投影平面。"],
  paper_filtered: ["Printed: {0} of {1} findings, as filtered: {2}", "本次打印：按筛选（{2}）列出 {0} 条，共 {1} 条"],
  paper_cut: ["{0} more findings are in report.json and in the page itself; filter before printing to have them on paper.",
    "另有 {0} 条未打印，见 report.json 及本页；筛选后可再打印。"],
  prepared: ["Pre-check of a land plan", "规划方案预检报告"],
};

let language = 0;

/** Returns words of the page; `{0}` … stand for the rest. */
function t(key, ...rest) {
  return WORDS[key][language].replace(/\{(\d)\}/g, (_, at) => rest[at]);
}

/** Returns a text of the report in the page's language. */
const said = (text) => (language ? text.zh : text.en);

/** Joins a list as the page's language does. */
const joined = (list) => list.filter(Boolean).join(language ? "、" : ", ");

/** Makes an element: attributes by name (`on…` handlers by function), then children, of which texts stay texts. */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  add(made, children);
  return made;
}

function add(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Makes an element of a drawing. */
function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Cuts a text that would flood its place. */
function cut(text, most) {
  const letters = Array.from(text.length > most * 2 ? text.slice(0, most * 2) : text);
  return letters.length > most ? letters.slice(0, most).join("") + "…" : text;
}

/** Returns a foreign text isolated from the direction of what stands around it. */
const foreign = (text, most) => el("bdi", { class: "foreign" }, most ? cut(text, most) : text);

const $ = (id) => document.getElementById(id);

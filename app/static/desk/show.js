// An answer of the API as people read it: fields with their names, lists as tables, findings with article and remedy.
import { send } from "./api.js";
import * as contract from "./contract.js";
import { h } from "./dom.js";
import { either, fieldName, isOther, keyNames, say, written } from "./words.js";

const ASIDE = new Set(["available_actions", "version", "id", "next_cursor"]);
const COLUMNS = 7;
// How many values stand open in a page; more of them are folded.
const FLAT = 8;

const isScalar = (value) => value === null || typeof value !== "object";
const isFinding = (value) => value?.rule !== undefined && value.message_zh !== undefined;

/** What to call a thing: its name, its number, or what it is of; nothing where it has none of them. */
export function labelOf(row) {
  const named = ["name", "organisation_name", "published_name", "awarded_name", "payee_name", "title", "legal_name", "filename", "number", "login", "year", "act", "code"];
  const found = named.map((name) => row[name]).filter((value) => value !== undefined && value !== null);
  const said = [row.name_zh && either({ zh: row.name_zh, en: row.name_en }), ...found].filter(Boolean);
  return said.slice(0, 2).join(" · ");
}

/** Any value with its shape in the contract. */
export function show(value, schema, name = "") {
  if (value === null || value === undefined || value === "") return "—";
  if (isFinding(value)) return finding(value);
  if (Array.isArray(value)) return many(value, contract.shape(contract.shape(schema).items), name);
  if (typeof value === "object") return object(value, contract.shape(schema));
  const address = name.endsWith("_id") ? contract.addressOf(name, value) : null;
  if (address) return h("a", { href: `#${address}` }, say("open"));
  if (typeof value === "string" && value.startsWith("/v1/")) return place(value);
  return written(name, value, contract.shape(schema));
}

// An address of the service: what is a file is handed out, what is not is opened.
function place(address) {
  if (contract.reading(address)?.answer.json) return h("a", { href: `#${address}` }, say("open"));
  const file = address.split("/").at(-1);
  return handing(address, file.includes(".") ? `${say("download")} ${file}` : say("download"));
}

/** A button that hands a file of the service to whoever sits here; what is refused is told under it. */
export function handing(address, name, accept) {
  const told = h("div");
  const hand = async () => {
    try {
      await download(address, accept);
      told.replaceChildren();
    } catch (refused) {
      if (!refused.problem) throw refused;
      told.replaceChildren(refusal(refused.problem));
    }
  };
  return h("div", {}, h("button", { type: "button", onclick: hand }, name), told);
}

async function download(address, accept) {
  const file = await send("GET", address, { bytes: true, accept });
  const made = URL.createObjectURL(file.content);
  h("a", { href: made, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(made), 60_000);
}

/** Whether a field says something to whoever reads the page. */
export function isShown(name, item) {
  return !ASIDE.has(name) && !isOther(name) && item !== null && !(Array.isArray(item) && !item.length);
}

function object(value, schema) {
  const rows = Object.entries(value).filter(([name, item]) => isShown(name, item));
  const called = schema.additionalProperties ? keyNames(Object.keys(value)) : fieldName;
  const of = (name) => schema.properties?.[name] ?? schema.additionalProperties;
  const flat = rows.filter(([, item]) => weight(item) <= FLAT);
  const deep = rows.filter(([, item]) => weight(item) > FLAT);
  return [
    h("dl", {}, flat.map(([name, item]) => [h("dt", {}, called(name)), h("dd", {}, show(item, of(name), name))])),
    deep.map(([name, item]) => folded(name, item, of(name))),
  ];
}

// What is long is looked at when it is asked for.
function folded(name, item, schema) {
  const place = h("details", {}, h("summary", {}, fieldName(name), Array.isArray(item) ? ` (${item.length})` : ""));
  place.addEventListener("toggle", () => place.childElementCount === 1 && place.append(...[show(item, schema, name)].flat(3)));
  return place;
}

function weight(value) {
  if (isScalar(value)) return 1;
  return Object.values(value).reduce((sum, item) => sum + weight(item), 0);
}

function many(values, schema, name) {
  if (values.every(isScalar)) return h("ul", {}, values.map((item) => h("li", {}, show(item, schema, name))));
  if (values.every(isFinding)) return h("ul", { class: "findings" }, values.map((item) => h("li", {}, finding(item))));
  return h("ol", {}, values.map((item) => h("li", {}, show(item, schema, name))));
}

/** One rule's answer: what it says, its article, what to do. */
export function finding(item) {
  const remedy = either({ zh: item.remedy_zh, en: item.remedy_en });
  return h(
    "div",
    { class: `finding ${item.outcome}` },
    h("p", {}, either({ zh: item.message_zh, en: item.message_en }), " ", h("span", { class: "article" }, say("article", item.article))),
    remedy ? h("p", { class: "remedy" }, say("next"), remedy) : null,
  );
}

/** What the service refuses: why, by which article, what to do next; faults of fields are told beside their fields. */
export function refusal(problem) {
  const unplaced = (problem.errors ?? []).filter((fault) => !placed(fault));
  return h(
    "div",
    { class: "refusal", role: "alert", tabindex: "-1" },
    h("h3", {}, say("refused")),
    h("p", {}, problem.detail ?? problem.title),
    unplaced.length ? h("ul", {}, unplaced.map((fault) => h("li", {}, `${fault.pointer} ${fault.message}`))) : null,
    (problem.violations ?? []).map(finding),
    h("p", { class: "request" }, `${say("on_request")} ${problem.request_id}`),
  );
}

function placed(fault) {
  const place = [...document.querySelectorAll("[data-fault]")].find((item) => item.dataset.fault === fault.pointer);
  if (place) place.textContent = fault.message;
  return place !== undefined;
}

/** A list as a table; what a row has more is shown when it is opened, by `inside`. */
export function table(rows, schema, addressed, inside) {
  const item = contract.shape(schema);
  const names = columns(rows);
  return h(
    "div",
    { class: "wide" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, fieldName(name))), h("td"))),
      h("tbody", {}, rows.map((row) => line(row, item, names, addressed(row), inside))),
    ),
  );
}

function columns(rows) {
  const found = new Set(rows.flatMap((row) => Object.keys(row).filter((name) => isScalar(row[name]) && row[name] !== null)));
  return [...found].filter((name) => !ASIDE.has(name) && !isOther(name) && !name.endsWith("_id")).slice(0, COLUMNS);
}

function line(row, item, names, address, inside) {
  const cells = names.map((name) => h("td", {}, show(row[name], item.properties?.[name], name)));
  if (address) return h("tr", {}, cells, h("td", {}, h("a", { href: `#${address}`, "aria-label": `${say("open")} ${labelOf(row)}` }, say("open"))));
  const place = h("td", { colspan: names.length + 1 });
  const opened = h("tr", { hidden: true }, place);
  const open = (event) => {
    opened.hidden = !opened.hidden;
    event.target.setAttribute("aria-expanded", String(!opened.hidden));
    if (!place.hasChildNodes()) place.append(...[show(row, item), inside(row)].flat(3).filter(Boolean));
  };
  const button = h("button", { type: "button", "aria-expanded": "false", "aria-label": `${say("open")} ${labelOf(row)}`, onclick: open }, say("open"));
  return [h("tr", {}, cells, h("td", {}, button)), opened];
}

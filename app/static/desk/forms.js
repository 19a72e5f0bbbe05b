// A form from its description, and the JSON that is filled in. Nothing here knows any form.
import { language, read, send } from "./api.js";
import * as contract from "./contract.js";
import { h } from "./dom.js";
import { labelOf } from "./show.js";
import { either, fieldName, say, vocabulary } from "./words.js";

let made = 0;

/** The fields of a description's body. `value()` is what is filled in; undefined where nothing is. */
export function bodyOf(form, given = {}, page = "") {
  return group(form.body, { pointer: "", given, page, top: true });
}

// A decimal is a number or its digits: as digits it stays what was typed.
const types = (node) => [node.type ?? node.anyOf?.map((item) => item.type) ?? []].flat();
const told = (node, part) => either({ zh: node[`${part}_zh`], en: node[`${part}_en`] });
// What is said in the other language alone is not said here.
const helped = (node) => node[`help_${language()}`] ?? "";

function control(node, at) {
  if (types(node)[0] === "object") return node.properties ? group(node, at) : entries(node, at);
  if (types(node)[0] === "array") return several(node, at);
  return single(node, at);
}

function group(node, at) {
  const order = Object.entries(node.properties ?? {}).sort(([, one], [, other]) => one.order - other.order);
  const found = new Map(order.map(([name, part]) => [name, field(name, part, node, at)]));
  const grouped = new Set((node.groups ?? []).flatMap((item) => item.fields));
  const sets = (node.groups ?? []).map((item) =>
    h("fieldset", {}, h("legend", {}, either(item)), item.fields.map((name) => found.get(name)?.element)),
  );
  const others = [...found].filter(([name]) => !grouped.has(name)).map(([, item]) => item.element);
  const needed = (name) => (node.required ?? []).includes(name);
  // Of what is left empty, lists and groups that must be there are said to be empty.
  const whole = () =>
    [...found].map(([name, item]) => [name, item.value() ?? (needed(name) ? item.blank?.() : undefined)]).filter(([, item]) => item !== undefined);
  const blank = () => Object.fromEntries(whole());
  const value = () => (at.top || [...found.values()].some((item) => item.value() !== undefined) ? blank() : undefined);
  return { element: h("div", { class: "group" }, others, sets), value, blank };
}

function field(name, node, owner, at) {
  const pointer = `${at.pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const required = (owner.required ?? []).includes(name);
  const within = control(node, { ...at, name, pointer, required, top: false, given: at.given?.[name] });
  const input = within.element.matches("input, select, textarea") ? within.element : null;
  const label = told(node, "label") || fieldName(name);
  const marks = [required ? h("span", { class: "needed" }, " *") : null, node.asked ? h("small", {}, ` ${say("wanted")}`) : null];
  const help = [helped(node), bounds(node)].filter(Boolean).join(" ");
  const id = `f${++made}`;
  if (input) {
    input.id = id;
    if (help) input.setAttribute("aria-describedby", `${id}h`);
  }
  const caption = [label, node.counted_in ? `（${either(node.counted_in)}）` : null, marks];
  const parts = [
    help ? h("p", { class: "help", id: `${id}h` }, help) : null,
    within.element,
    h("p", { class: "fault", "data-fault": pointer, role: "alert" }),
  ];
  const element = input
    ? h("div", { class: "field" }, h("label", { for: id }, caption), parts)
    : h("fieldset", { class: "field" }, h("legend", {}, caption), parts);
  return { element, value: within.value, blank: within.blank };
}

function bounds(node) {
  if (node.at_least && node.at_most) return `${node.at_least}–${node.at_most}`;
  return node.at_least ? `≥ ${node.at_least}` : node.at_most ? `≤ ${node.at_most}` : "";
}

function choice(options, value, attributes = {}) {
  const listed = options.map(([key, text]) => h("option", { value: key }, text));
  return h("select", { ...attributes, value: null }, h("option", { value: "" }, say("choose")), listed);
}

function single(node, at) {
  const given = at.given ?? null;
  if (types(node).includes("boolean")) {
    const element = choice([["true", say("yes")], ["false", say("no")]], "", { "data-pointer": at.pointer });
    element.value = given === null ? "" : String(given);
    return { element, value: () => (element.value === "" ? empty(node, at) : element.value === "true") };
  }
  const listed = node.options?.map((item) => [String(item.value), either(item)]);
  if (listed) {
    const element = choice(listed, "", { "data-pointer": at.pointer });
    element.value = given === null ? "" : String(given);
    return { element, value: () => (element.value === "" ? empty(node, at) : cast(node, element.value)) };
  }
  if (node.widget === "reference") return reference(node, at);
  return node.chosen_from ? suggested(node, at, given) : typed(node, at, given);
}

function typed(node, at, given) {
  const factor = node.counted_in?.factor ?? 1;
  const kind = { date: "date", datetime: "datetime-local", number: "number" }[node.widget] ?? "text";
  const number = kind === "number";
  const attributes = { "data-pointer": at.pointer, maxlength: number ? null : (node.maxLength ?? null) };
  const element =
    node.widget === "textarea"
      ? h("textarea", { ...attributes, rows: 4 })
      : h("input", { ...attributes, type: kind, step: number ? (node.step ?? "any") : null, autocomplete: "off", "data-factor": factor });
  if (given !== null) element.value = kind === "datetime-local" ? inShanghai(given) : number ? given / factor : given;
  const value = () => {
    const text = element.value.trim();
    if (text === "") return empty(node, at);
    if (kind === "datetime-local") return `${text.length === 16 ? `${text}:00` : text}+08:00`;
    if (!number) return text;
    return types(node).includes("integer") ? Math.round(Number(text) * factor) : Number(text) * factor;
  };
  return { element, value };
}

// What may be typed as well: a code has more digits than its list.
function suggested(node, at, given) {
  const found = typed(node, at, given);
  const list = h("datalist", { id: `l${++made}` });
  choices(node, at).then((options) => list.append(...options.map(([key, text]) => h("option", { value: key }, text))));
  found.element.setAttribute("list", list.id);
  queueMicrotask(() => found.element.after(list));
  return found;
}

function inShanghai(instant) {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 19);
}

// What is left empty is not said; what was said before and is emptied is taken back, where the service takes that.
function empty(node, at) {
  return at.given !== undefined && at.given !== null && types(node).includes("null") ? null : undefined;
}

const cast = (node, text) => (types(node).includes("integer") ? Number(text) : text);

function several(node, at) {
  const item = node.items ?? {};
  if (item.options || item.widget === "reference") return chosen(item, at);
  const rows = [];
  const place = h("div", { class: "rows" });
  const add = (given) => {
    const row = control(item, { ...at, pointer: `${at.pointer}/${rows.length}`, required: true, given });
    const element = h(
      "div",
      { class: "row" },
      row.element,
      h("button", { type: "button", onclick: () => remove(row, element) }, say("drop")),
    );
    rows.push(row);
    place.append(element);
  };
  const remove = (row, element) => {
    rows.splice(rows.indexOf(row), 1);
    element.remove();
    button.focus();
  };
  const button = h("button", { type: "button", "data-add": at.pointer, onclick: () => add() }, say("add"));
  for (const one of at.given ?? []) add(one);
  const value = () => {
    const filled = rows.map((row) => row.value()).filter((one) => one !== undefined);
    return filled.length || at.given?.length ? filled : undefined;
  };
  return { element: h("div", {}, place, button), value, blank: () => [] };
}

// Several of a list: a box for each.
function chosen(item, at) {
  const place = h("div", { class: "boxes", "data-pointer": at.pointer });
  const given = new Set((at.given ?? []).map(String));
  const fillIn = (options) =>
    place.append(
      ...options.map(([key, text]) => {
        const box = h("input", { type: "checkbox", value: key });
        box.checked = given.has(key);
        return h("label", {}, box, ` ${text}`);
      }),
    );
  if (item.options) fillIn(item.options.map((option) => [String(option.value), either(option)]));
  else choices(item, at).then(fillIn);
  const value = () => {
    const keys = [...place.querySelectorAll("input:checked")].map((box) => cast(item, box.value));
    return keys.length || at.given?.length ? keys : undefined;
  };
  return { element: place, value, blank: () => [] };
}

function entries(node, at) {
  const rows = [];
  const place = h("div", { class: "rows" });
  const inner = typeof node.additionalProperties === "object" ? node.additionalProperties : { type: "string" };
  const add = (name = "", given = undefined) => {
    const key = control(node.propertyNames ?? { type: "string" }, { ...at, pointer: `${at.pointer}/*`, given: name });
    const item = control(inner, { ...at, pointer: `${at.pointer}/${name}`, required: true, given });
    rows.push({ key, item });
    place.append(h("div", { class: "row" }, h("label", {}, say("name"), key.element), h("label", {}, say("value"), item.element)));
  };
  for (const [name, given] of Object.entries(at.given ?? {})) add(name, given);
  const value = () => {
    const filled = rows.map(({ key, item }) => [key.value(), item.value()]).filter(([name, one]) => name && one !== undefined);
    return filled.length ? Object.fromEntries(filled) : undefined;
  };
  const button = h("button", { type: "button", "data-add": at.pointer, onclick: () => add() }, say("add"));
  return { element: h("div", {}, place, button), value, blank: () => ({}) };
}

// The id of something: from the list in which it is found, or of the file that is handed in for it.
function reference(node, at) {
  const { upload } = node.chosen_from && !/opinion|attachment/.test(node.chosen_from) ? {} : contract.listOf(at.name);
  if (upload) return uploaded(upload, node, at);
  const element = h("select", { "data-pointer": at.pointer }, h("option", { value: "" }, say("choose")));
  const typedIn = h("input", { type: "text", "data-pointer": at.pointer, value: at.given ?? "" });
  choices(node, at).then((options) => {
    if (!options.length) element.replaceWith(typedIn);
    element.append(...options.map(([key, text]) => h("option", { value: key }, text)));
    element.value = at.given ?? "";
  });
  const value = () => (element.isConnected ? element.value : typedIn.value.trim()) || empty(node, at);
  return { element, value };
}

function uploaded(upload, node, at) {
  let id = at.given ?? null;
  const told = h("span", {}, id ?? "");
  const take = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    told.textContent = say("loading");
    const path = `${upload.path}?filename=${encodeURIComponent(file.name)}`;
    const answer = await send("POST", path, { file, type: upload.fileType }).catch((refused) => refused);
    id = answer.id ?? null;
    told.textContent = answer.id ? file.name : answer.message;
  };
  const input = h("input", { type: "file", "data-pointer": at.pointer, onchange: take });
  return { element: h("div", {}, input, told), value: () => id ?? empty(node, at) };
}

/** What a value is chosen from: pairs of what is sent and what people read. */
async function choices(node, at) {
  const lists = vocabulary();
  if (node.chosen_from === "areas") return lists.areas.map((name) => [name, name]);
  if (node.chosen_from === "sectors") {
    return lists.sectors.flatMap((section) => section.divisions.map((item) => [item.value, `${item.value} ${either(item)}`]));
  }
  if (node.chosen_from === "departments") return lists.departments.map((item) => [item.value, either(item)]);
  if (node.chosen_from === "recommending_units") return lists.recommending_units.map((item) => [item.id, item.name]);
  const path = node.chosen_from === "attachments" ? `${at.page}/attachments` : contract.listOf(at.name).list?.path;
  if (!path || !contract.reading(path)) return [];
  return rowsOf(await read(path)).map((row) => [row.id, labelOf(row) || row.id]);
}

export const rowsOf = (answer) => (Array.isArray(answer) ? answer : (answer.items ?? []));

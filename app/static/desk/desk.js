// The desk: what the contract, the vocabularies, the forms and the objects themselves say, for whoever is signed in.
import * as api from "./api.js";
import * as contract from "./contract.js";
import { h, tell } from "./dom.js";
import { bodyOf, rowsOf } from "./forms.js";
import { finding, handing, isShown, labelOf, refusal, show, table } from "./show.js";
import * as words from "./words.js";

const { say, either } = words;
const main = document.querySelector("main");
const nav = document.querySelector("nav");
const header = document.querySelector("header");
// What can be done before one is signed in, by what the service calls it.
const FIRST = ["register_organisation", "accept_invitation", "enrol_second_factor", "confirm_second_factor"];
let me = null;
let shownFor = 0;

async function start() {
  document.documentElement.lang = api.language() === "zh" ? "zh-CN" : "en";
  await words.load();
  if (!api.signedIn()) return signIn();
  try {
    me = await api.read("/v1/me");
  } catch {
    return signIn();
  }
  await contract.load(me.role);
  head();
  open();
}

function head() {
  const other = h("button", { type: "button", onclick: switchLanguage }, say("other"));
  const out = h("button", { type: "button", onclick: leave }, say("sign_out"));
  const menu = h("button", { type: "button", class: "menu", "aria-controls": "contents", onclick: () => unfold(!nav.classList.contains("open")) }, say("menu"));
  header.replaceChildren(
    h("a", { href: "#", class: "brand" }, say("award"), " ", h("span", {}, say("desk"))),
    h("div", {}, me ? h("span", { class: "who" }, `${me.login ?? ""} · ${words.wordOf("Role", me.role)}`) : null, other, me ? out : null, me ? menu : null),
  );
  unfold(false);
  nav.replaceChildren(
    ...(me ? contract.contents() : []).map(([tag, items]) =>
      h("details", { open: items.some((item) => !item.roles.includes("public")) }, h("summary", {}, contract.subject(tag, api.language() === "zh")), h("ul", {}, items.map((item) => h("li", {}, h("a", { href: `#${item.path}` }, either(item.summary)))))),
    ),
  );
}

// On a small screen the contents are folded: what was asked for comes first.
function unfold(open) {
  nav.classList.toggle("open", open);
  header.querySelector(".menu")?.setAttribute("aria-expanded", String(open));
}

function switchLanguage() {
  api.speak(api.language() === "zh" ? "en" : "zh");
  start();
}

async function leave() {
  await api.signOut();
  me = null;
  location.hash = "";
  start();
}

// ---- signing in

function signIn() {
  me = null;
  head();
  const place = h("div");
  const login = h("input", { id: "login", name: "username", autocomplete: "username", required: true });
  const password = h("input", { id: "password", type: "password", autocomplete: "current-password", required: true });
  const code = h("input", { id: "code", inputmode: "numeric", autocomplete: "one-time-code" });
  const second = h("div", { class: "field", hidden: true }, h("label", { for: "code" }, say("code")), code);
  let challenge = null;
  const enter = async (event) => {
    event.preventDefault();
    const factor = { grant_type: "second_factor", challenge, code: code.value.trim() };
    const first = { grant_type: "password", username: login.value.trim(), password: password.value };
    try {
      await api.signIn(challenge ? factor : first);
      await start();
    } catch (refused) {
      challenge = refused.problem.challenge ?? challenge;
      second.hidden = !challenge;
      place.replaceChildren(refused.problem.challenge ? "" : refusal(refused.problem));
      if (challenge) code.focus();
    }
  };
  const field = (input, label) => h("div", { class: "field" }, h("label", { for: input.id }, label), input);
  main.replaceChildren(
    h("form", { class: "sign-in", onsubmit: enter }, h("h1", {}, say("sign_in")), field(login, say("login")), field(password, say("password")), second, place, h("button", { class: "first" }, say("sign_in"))),
    firstTime(),
  );
  login.focus();
}

// Whoever has no account yet finds what leads to one.
function firstTime() {
  const place = h("details", { class: "sign-in" }, h("summary", {}, say("first_time")));
  const fillIn = async () => {
    const forms = await Promise.all(FIRST.map((name) => api.read(`/v1/forms/${name}`)));
    place.append(...forms.map((form) => act({ ...form, form: `/v1/forms/${form.name}`, name: { zh: form.title_zh, en: form.title_en } })));
  };
  place.addEventListener("toggle", fillIn, { once: true });
  return place;
}

// ---- pages

async function open() {
  const page = decodeURIComponent(location.hash.slice(1));
  const turn = ++shownFor;
  main.replaceChildren(h("p", {}, say("loading")));
  const within = await (page ? pageOf(page) : home()).catch((refused) => [refusal(refused.problem ?? { detail: String(refused) })]);
  if (turn !== shownFor) return;
  main.replaceChildren(...within);
  main.focus();
}

// First what waits for whoever sits here, then who that is.
async function home() {
  const machines = await api.read("/v1/measures/state-machines");
  const found = (await Promise.all(contract.turns(machines.items).map(waiting))).flat();
  return [
    h("h1", {}, say("waiting")),
    ...(found.length ? found : [h("p", {}, say("none_waiting"))]),
    h("details", { open: !found.length }, h("summary", {}, say("welcome"), words.wordOf("Role", me.role)), show(me, contract.reading("/v1/me")?.answer.json ?? {})),
  ];
}

const AT_ONCE = 5;
const DUE = /(^|_)(due_at|due_on|deadline|last_day)$/;

// The rows of a list in the states in which it is this role's turn, a section for each state.
async function waiting({ operation, field, words: enumeration, states, over }) {
  const filtered = operation.takes(field);
  const asked = (state) => `${operation.path}?${new URLSearchParams([...(filtered ? [[field, state]] : []), ...(operation.takes("limit") ? [["limit", filtered ? AT_ONCE + 1 : 100]] : [])])}`;
  const read = await Promise.all((filtered ? states : [null]).map((state) => api.read(asked(state)).catch(() => ({ items: [] }))));
  const rows = read.flatMap(rowsOf);
  return states.map((state) => turn(operation, field, enumeration, state, rows.filter((row) => row[field] === state && isOpen(row) && !over(row)), filtered)).filter(Boolean);
}

const isOpen = (row) => !row.available_actions || row.available_actions.some((item) => item.allowed);

function turn(operation, field, enumeration, state, rows, filtered) {
  if (!rows.length) return null;
  const shape = contract.shape(contract.shape(operation.answer.json).properties.items.items).properties;
  const due = (row) => Object.keys(row).find((name) => DUE.test(name) && row[name]);
  const sooner = (row) => row[due(row)] ?? "9999";
  const shown = [...rows].sort((one, other) => (sooner(one) < sooner(other) ? -1 : 1)).slice(0, AT_ONCE);
  const list = `#${operation.path}${filtered ? `?${new URLSearchParams({ [field]: state })}` : ""}`;
  const address = (row) => (row.id && contract.reading(`${operation.path}/${row.id}`) ? `#${operation.path}/${row.id}` : list);
  const until = (row) => due(row) && h("span", { class: "help" }, ` ${say("until", words.written(due(row), row[due(row)], contract.shape(shape[due(row)])))}`);
  return h(
    "section",
    { class: "turn" },
    h("h2", {}, either(operation.summary), " · ", words.wordOf(enumeration, state), h("small", {}, ` ${rows.length > AT_ONCE ? `${AT_ONCE}+` : rows.length}`)),
    h("ul", {}, shown.map((row) => h("li", {}, h("a", { href: address(row) }, labelOf(row) || say("open")), until(row)))),
    rows.length > AT_ONCE ? h("a", { href: list }, say("all_of")) : null,
  );
}

async function pageOf(page) {
  const [path] = page.split("?");
  const operation = contract.reading(path);
  if (!operation) return [h("h1", {}, say("missing"))];
  const answer = await api.read(page).catch((refused) => refused);
  // What is not there yet can perhaps be made here.
  if (answer.problem) return [h("h1", {}, either(operation.summary)), refusal(answer.problem), further(path, [])].filter(Boolean);
  if (answer instanceof Error) throw answer;
  const isList = Array.isArray(answer) || Array.isArray(answer.items);
  return isList ? list(page, path, operation, answer) : one(path, operation, answer);
}

function list(page, path, operation, answer) {
  const schema = contract.shape(operation.answer.json);
  const item = schema.items ?? schema.properties?.items?.items;
  const rows = rowsOf(answer);
  const addressed = (row) => (row.id && contract.reading(`${path}/${row.id}`)?.names.length === operation.names.length + 1 ? `${path}/${row.id}` : null);
  const inside = (row) => [offers(path, row), rowActs(path, row)];
  const parameters = new URLSearchParams(page.split("?")[1] ?? "");
  const more = answer.next_cursor && (parameters.set("cursor", answer.next_cursor), h("a", { class: "more", href: `#${path}?${parameters}` }, say("more")));
  return [
    h("h1", {}, either(operation.summary)),
    filters(page, path, operation),
    rows.length ? table(rows, item, addressed, inside) : h("p", {}, say("nothing")),
    more || null,
    tables(page, operation),
    beside(answer, schema),
    further(path, []),
  ].filter(Boolean);
}

// What an answer says beside its list: what is still open, files of several.
function beside(answer, schema) {
  const told = Array.isArray(answer) ? [] : Object.entries(answer).filter(([name, value]) => name !== "items" && isShown(name, value));
  return told.length ? h("section", { class: "content" }, show(Object.fromEntries(told), schema)) : null;
}

// A list is handed out whole, as it is filtered: from its first page, whichever is shown.
function tables(page, operation) {
  if (!operation.answer.tables.length) return null;
  const [path, query] = page.split("?");
  const chosen = [...new URLSearchParams(query ?? "")].filter(([name]) => name !== "cursor" && name !== "limit");
  const address = chosen.length ? `${path}?${new URLSearchParams(chosen)}` : path;
  const called = (type) => `${say("as_table")} ${type.endsWith("csv") ? "CSV" : "XLSX"}`;
  return h("section", { class: "tables" }, operation.answer.tables.map((type) => handing(address, called(type), type)));
}

function filters(page, path, operation) {
  const known = operation.query.filter((item) => !["limit", "cursor", "fields", "sort"].includes(item.name));
  if (!known.length) return null;
  const now = new URLSearchParams(page.split("?")[1] ?? "");
  const inputs = known.map((item) => {
    const shape = contract.shape(item.schema);
    const options = shape.enum?.map((word) => h("option", { value: word }, words.wordOf(shape.name$, word)));
    const input = options ? h("select", { name: item.name }, h("option", { value: "" }, "—"), options) : h("input", { name: item.name, type: shape.format === "date" ? "date" : "text" });
    input.value = now.get(item.name) ?? "";
    return h("label", {}, words.fieldName(item.name), input);
  });
  const go = (event) => {
    event.preventDefault();
    const chosen = [...new FormData(event.target)].filter(([, value]) => value !== "");
    location.hash = `#${path}?${new URLSearchParams(chosen)}`;
  };
  return h("form", { class: "filters", onsubmit: go }, inputs, h("button", {}, say("filter")));
}

async function one(path, operation, answer) {
  const offered = answer.available_actions ?? [];
  const parts = contract.parts(path);
  const timeline = parts.find((item) => item.path.endsWith("/timeline"));
  const links = (items, to) => h("ul", { class: "links" }, items.map((item) => h("li", {}, link(item, to(item)))));
  const others = parts.filter((item) => item !== timeline);
  const related = contract.related(path);
  return [
    h("h1", {}, h("small", {}, either(operation.summary)), ` ${labelOf(answer)}`),
    offers(path, answer),
    timeline ? await passed(`${path}/timeline`, timeline) : null,
    h("section", { class: "content" }, show(answer, operation.answer.json)),
    tables(path, operation),
    further(path, offered, answer),
    others.length ? h("section", {}, h("h2", {}, say("parts")), links(others, (item) => contract.fill(item, path))) : null,
    related.length ? h("section", {}, h("h2", {}, say("related")), links(related, (item) => item.address)) : null,
  ].filter(Boolean);
}

function link(operation, address) {
  if (operation.answer.json) return h("a", { href: `#${address}` }, either(operation.summary));
  return handing(address, `${say("download")} ${either(operation.summary)}`);
}

async function passed(address, operation) {
  const answer = await api.read(address);
  return h("section", { class: "timeline" }, h("h2", {}, say("timeline")), show(answer, operation.answer.json));
}

// ---- acts

function offers(path, subject) {
  const offered = subject.available_actions ?? [];
  if (!offered.length) return null;
  return h(
    "section",
    { class: "offers" },
    h("h2", {}, say("actions")),
    // What can be done now comes first.
    [...offered].sort((one, other) => other.allowed - one.allowed).map((item) => (item.allowed ? act({ ...item, name: { zh: item.name_zh, en: item.name_en }, subject, page: path }) : notNow(item))),
  );
}

function notNow(item) {
  return h(
    "details",
    { class: "not-now", "data-at": `${item.method} ${item.path}` },
    h("summary", {}, `${either({ zh: item.name_zh, en: item.name_en })} — ${say("not_now")}`),
    item.blocked_by.map(finding),
  );
}

// What is done at this address and is no step of the object's own: a record that is added, a person who is assigned.
function further(path, offered, subject = null) {
  const steps = new Set(offered.map((item) => `${item.method} ${item.path}`));
  const known = subject === null ? contract.keyed(path) : [];
  const open = [...contract.acts(path), ...known].filter((item) => !steps.has(`${item.method} ${contract.fill(item, path)}`));
  if (!open.length) return null;
  const shown = open.map((item) => act(asAct(item, contract.fill(item, path), subject, path)));
  return h("details", { class: "further", open: subject === null }, h("summary", {}, subject === null ? say("new") : say("further")), shown);
}

function rowActs(path, row) {
  const steps = new Set((row.available_actions ?? []).map((item) => item.path));
  const found = contract.ofRow(path, row).filter((item) => !steps.has(item.path));
  const reads = found.filter((item) => item.method === "GET").map((item) => link(item, item.path));
  return h("div", {}, reads, found.filter((item) => item.method !== "GET").map((item) => act(asAct(item, item.path, row, path))));
}

function asAct(operation, path, subject, page) {
  const round = subject?.round_id ? `?round_id=${subject.round_id}` : "";
  const form = operation.body ? `/v1/forms/${operation.id}${round}` : null;
  return { act: operation.id, name: operation.summary, method: operation.method, path, form, subject, page };
}

/** A button that opens what the act takes: its form, its file, or a word of assent. */
function act(item) {
  const place = h("div", { class: "act-form" });
  const toggle = async () => {
    button.setAttribute("aria-expanded", String(!place.hasChildNodes()));
    if (place.hasChildNodes()) return place.replaceChildren();
    place.append(await asked(item, () => place.replaceChildren()));
    place.querySelector("input, select, textarea, button")?.focus();
  };
  const button = h("button", { type: "button", "data-at": `${item.method} ${item.path}`, "aria-expanded": "false", onclick: toggle }, either(item.name));
  return h("div", { class: "act" }, button, place);
}

async function asked(item, close) {
  const form = item.form ? await api.read(item.form) : null;
  const { method, path } = item;
  const operation = contract.at(method, path) ?? null;
  // What is edited is read as it is now, with the version that the edit is of.
  const edited = method === "PATCH" ? await api.read(path) : null;
  const version = operation?.takes("If-Match") ? (edited ?? item.subject)?.version : undefined;
  const open = path.match(/\{(\w+)\}/)?.[1];
  const which = open ? chosenOf(open, item.subject) : null;
  const body = form ? bodyOf(form, edited ?? {}, item.page) : null;
  const file = operation?.fileType ? fileOf(operation) : null;
  const answered = h("div");
  let last = { key: null, text: null };
  const send = async (event, dry) => {
    event.preventDefault();
    element.querySelectorAll("[data-fault]").forEach((item) => (item.textContent = ""));
    const filled = body?.value();
    // A request that is sent again as it was bears the key that it had: nothing is done twice.
    const text = JSON.stringify([path, which?.value, filled, dry]);
    if (text !== last.text) last = { key: operation?.takes("Idempotency-Key") ? crypto.randomUUID() : undefined, text };
    const address = (open ? path.replace(`{${open}}`, which.value) : path) + query(file, dry);
    try {
      const sent = file ? { file: file.bytes(), type: operation.fileType } : { body: form ? filled : undefined };
      const answer = await api.send(method, address, { ...sent, key: dry ? undefined : last.key, version });
      answered.replaceChildren(h("p", { class: "done", role: "status" }, say(dry ? "would" : "done")), answer ? show(answer, operation?.answer.json ?? {}) : "");
      if (!dry) settled(close, operation);
    } catch (refused) {
      if (!refused.problem) throw refused;
      answered.replaceChildren(refusal(refused.problem));
      answered.firstChild.focus();
    }
  };
  const dry = operation?.takes("dry_run") ? h("button", { type: "button", onclick: (event) => send(event, true) }, say("try")) : null;
  const element = h(
    "form",
    { novalidate: true, onsubmit: (event) => send(event, false) },
    form ? h("h3", {}, either({ zh: form.title_zh, en: form.title_en })) : null,
    which ? h("label", {}, say("which"), which) : null,
    file?.element,
    body?.element,
    answered,
    h("div", { class: "buttons" }, h("button", { class: "first" }, say("send")), dry, h("button", { type: "button", onclick: close }, say("cancel"))),
  );
  return element;
}

// What the act has done is shown where it stands; the page is read anew, where its answer is not a secret shown once.
function settled(close, operation) {
  tell(say("done"));
  if (!me || !operation) return;
  setTimeout(open, operation.answer.json ? 400 : 0);
}

// Which of those within the object an act is about: by the name of the id that its address asks for.
function chosenOf(name, subject) {
  const stem = name.replace(/_id$/, "");
  const found = [];
  const look = (value, key) => {
    if (Array.isArray(value)) value.forEach((item) => look(item, key));
    else if (value && typeof value === "object") {
      const id = value[name] ?? (key.startsWith(stem) ? value.id : undefined);
      if (id) found.push([id, labelOf(value) || id]);
      Object.entries(value).forEach(([part, item]) => look(item, part));
    }
  };
  look(subject, "");
  if (!found.length) return h("input", { name, required: true });
  return h("select", { name }, found.map(([id, text]) => h("option", { value: id }, text)));
}

function fileOf(operation) {
  const input = h("input", { type: "file", "data-file": true });
  const others = operation.query.filter((item) => item.name !== "filename");
  const inputs = others.map((item) => {
    const shape = contract.shape(item.schema);
    const field = shape.type === "boolean" ? h("input", { type: "checkbox", name: item.name, value: "true" }) : h("input", { name: item.name });
    return h("div", { class: "field" }, h("label", {}, words.fieldName(item.name), " ", field));
  });
  return {
    element: h("div", {}, h("div", { class: "field" }, h("label", {}, say("file"), " ", input)), inputs),
    bytes: () => input.files[0],
    parameters: () => {
      const told = inputs.map((item) => item.querySelector("input")).filter((field) => (field.type === "checkbox" ? field.checked : field.value));
      const name = operation.takes("filename") && input.files[0] ? [["filename", input.files[0].name]] : [];
      return [...name, ...told.map((field) => [field.name, field.value])];
    },
  };
}

function query(file, dry) {
  const parameters = new URLSearchParams([...(file?.parameters() ?? []), ...(dry ? [["dry_run", "true"]] : [])]).toString();
  return parameters && `?${parameters}`;
}

addEventListener("hashchange", () => {
  unfold(false);
  if (me) open();
});
start();

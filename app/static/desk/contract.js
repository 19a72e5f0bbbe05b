// What the contract says: which operations there are, who may call them, of what shape the answers are.
import { read } from "./api.js";

let contract = null;
let operations = [];
let role = null;

/** Read the contract, and which role it is read for. */
export async function load(mine) {
  contract ??= await read("/openapi.json");
  role = mine;
  operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => described(path, method.toUpperCase(), operation)),
  );
}

function described(path, method, operation) {
  const parameters = (operation.parameters ?? []).map(resolved);
  const content = operation.requestBody?.content ?? {};
  return {
    id: operation.operationId,
    tag: operation.tags?.[0] ?? "",
    summary: { en: operation.summary, zh: operation["x-summary-zh"] ?? operation.summary },
    roles: operation["x-roles"] ?? [],
    fileType: Object.keys(content).find((type) => !type.endsWith("json") && !type.includes("form")) ?? null,
    takes: (name) => parameters.some((item) => item.name === name),
    query: parameters.filter((item) => item.in === "query" && item.name !== "dry_run"),
    body: content["application/json"] !== undefined,
    answer: answerOf(operation),
    pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, "([^/]+)")}$`),
    // A name in the address that stands for one of few words: `{collection}` for `rounds`.
    kinds: Object.fromEntries(parameters.filter((item) => item.in === "path").map((item) => [item.name, shape(item.schema).enum ?? null])),
    names: [...path.matchAll(/\{([^}]+)\}/g)].map((found) => found[1]),
    path,
    method,
  };
}

/** A node of the contract, wherever it is said. */
export function resolved(node) {
  if (!node?.$ref) return node;
  const found = node.$ref.split("/").slice(1).reduce((at, part) => at[part], contract);
  return { ...resolved(found), name$: node.$ref.split("/").at(-1), ...without(node) };
}

function without({ $ref, ...rest }) {
  return rest;
}

/** The component that a schema is, beneath "or null". */
export function shape(node) {
  const found = resolved(node);
  const options = found?.anyOf?.filter((item) => item.type !== "null");
  return options?.length === 1 ? shape(options[0]) : (found ?? {});
}

function answerOf(operation) {
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
  const content = resolved(success?.[1])?.content ?? {};
  const json = content["application/json"]?.schema ?? null;
  // What is answered as JSON is had as these beside it: a list as a table.
  return { json, tables: json ? Object.keys(content).filter((item) => !item.endsWith("json")) : [] };
}

const mine = (operation) => operation.roles.includes(role) || operation.roles.includes("public");

/** The reading operation that answers at this address, for this role. */
export function reading(path) {
  return operations.find((item) => item.method === "GET" && mine(item) && item.pattern.test(path));
}

export const byId = (id) => operations.find((item) => item.id === id);

export const at = (method, path) => operations.find((item) => item.method === method && item.pattern.test(path));

/** What can be opened from the desk's contents: everything that is read without naming one object. */
export function contents() {
  const open = operations.filter(
    (item) =>
      item.method === "GET" && item.path.startsWith("/v1/") && !item.names.length && mine(item) && item.answer.json,
  );
  const tags = [...new Set(open.map((item) => item.tag))];
  return tags.map((tag) => [tag, open.filter((item) => item.tag === tag)]);
}

/** In which states of the objects of which lists it is this role's turn: by the act that their state machine has next
 * (`ahead`); where a list says itself what can be done with each row, in every state that is not its last. */
export function turns(machines) {
  const known = new Map(machines.map((item) => [item.name, item]));
  return operations
    .filter((item) => item.method === "GET" && !item.names.length && mine(item) && item.answer.json)
    .map((operation) => ({ operation, ...turnsOf(operation, known) }))
    .filter((item) => item.states?.length);
}

function turnsOf(operation, known) {
  const row = shape(shape(operation.answer.json).properties?.items?.items).properties ?? {};
  const told = row.available_actions !== undefined;
  const fields = Object.entries(row)
    .map(([field, node]) => ({ field, words: shape(node).name$, machine: known.get(machineOf(shape(node).name$)) }))
    .filter((item) => item.machine);
  const of = ({ machine }) => machine.states.filter((state) => (told ? !state.terminal : isTurn(machine, state)));
  const found = fields.find((item) => of(item).length);
  if (!found) return {};
  // What is over in one respect waits in no other.
  const over = (one) => fields.some(({ field, machine }) => machine.states.some((state) => state.terminal && state.name === one[field]));
  return { field: found.field, words: found.words, states: of(found).map((state) => state.name), over };
}

const isTurn = (machine, state) => machine.transitions.some((item) => item.act === state.ahead && item.roles.includes(role));

// `ScoreSheetState` are the states of `score_sheet`.
const machineOf = (name) => name?.replace(/State$/, "").replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();

/** What else is read below an address: its parts. */
export function parts(path) {
  return below("GET", path, 0).filter((item) => item.path !== reading(path)?.path);
}

/** What may be done at an address or right below it, but for what has an address of its own. */
export function acts(path) {
  return operations.filter((item) => item.method !== "GET").filter((item) => isBelow(item, path, 0) && mine(item));
}

/** What is done below a list with what a person names himself, as a year is named: an id is chosen with its row. */
export function keyed(path) {
  const found = operations.filter((item) => item.method !== "GET" && mine(item) && isBelow(item, path, 1));
  return found.filter((item) => !opened(item, path).endsWith("_id"));
}

/** What is read, and what is done, with one row of the list at this address. */
export function ofRow(path, row) {
  const found = operations.filter((item) => mine(item) && isBelow(item, path, 1));
  const named = found.map((item) => [item, row[opened(item, path)] ?? row.id]).filter(([, id]) => id !== undefined);
  return named.map(([item, id]) => ({ ...item, path: fill(item, path, id) }));
}

// The name that an operation's address has right after this one.
const opened = (operation, path) => operation.path.split("/")[path.split("/").length].slice(1, -1);

function below(method, path, named) {
  return operations.filter((item) => item.method === method && mine(item) && isBelow(item, path, named));
}

// `named`: how many ids more than the address it names, at its beginning.
function isBelow(operation, path, named) {
  const own = path.split("/");
  const segments = operation.path.split("/");
  if (segments.length < own.length || (named && segments.length <= own.length)) return false;
  if (!own.every((part, index) => stands(part, segments[index], operation, own, index))) return false;
  const rest = segments.slice(own.length);
  return rest.filter((part) => part.startsWith("{")).length === named && (!named || rest[0].startsWith("{"));
}

// Words stand before names: what is read at `/a/{id}` is not also `/a/changes`.
function stands(part, segment, operation, own, index) {
  if (!segment.startsWith("{")) return part === segment;
  const kinds = operation.kinds[segment.slice(1, -1)];
  return kinds ? kinds.includes(part) : !isWord(own, index);
}

function isWord(own, index) {
  const start = own.slice(0, index + 1).join("/");
  return operations.some((item) => item.path === start);
}

/** What a subject is called: the first words of its description, in the language of the reader. */
export function subject(tag, inChinese) {
  const told = contract.tags.find((item) => item.name === tag)?.description ?? tag;
  const [zh, en = zh] = told.split("。 ");
  return inChinese ? zh.split(/[：。]/)[0] : en.split(/[:.(]/)[0].trim();
}

/** The operation's address for this object; where it names one more, that one's id. */
export function fill(operation, path, id = null) {
  const own = path.split("/");
  const segments = operation.path.split("/");
  return segments.map((part, index) => own[index] ?? (part.startsWith("{") && id !== null ? id : part)).join("/");
}

/** Lists that can be asked for what belongs to this object: those with a filter of its name. */
export function related(path) {
  const name = reading(path)?.names.at(-1);
  if (!name || !reading(path)?.path.endsWith(`{${name}}`)) return [];
  return operations
    .filter((item) => item.method === "GET" && !item.names.length && mine(item))
    .filter((item) => item.query.some((parameter) => parameter.name === name))
    .map((item) => ({ ...item, address: `${item.path}?${name}=${path.split("/").at(-1)}` }));
}

/** The address of the one whose id is called so, where this role may read it: `round_id` leads to a round. */
export function addressOf(name, id) {
  const found = operations.find(
    (item) => item.method === "GET" && mine(item) && item.names.length === 1 && item.path.endsWith(`/{${name}}`),
  );
  return found ? found.path.replace(/\{[^}]+\}/, id) : null;
}

/** The list in which one whose id is called so can be found; where files are handed in, the operation that takes it. */
export function listOf(name) {
  const stem = name.replace(/_ids?$/, "").replaceAll("_", "-");
  const ends = [`${stem}s`, stem.replace(/y$/, "ies"), stem.replace(/um$/, "a")];
  const isList = (item) => !item.names.length && mine(item) && ends.some((end) => item.path.endsWith(end));
  return {
    list: operations.find((item) => item.method === "GET" && isList(item)),
    upload: operations.find((item) => item.method === "POST" && item.fileType && isList(item)),
  };
}

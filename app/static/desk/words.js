// What the desk says itself, what the vocabularies call the words and fields of the contract, and how values are written.
import { language, read } from "./api.js";

const OWN = {
  desk: ["工作台", "Desk"], award: ["“会昌独好”质量奖", "“会昌独好” Quality Award"],
  sign_in: ["登录", "Sign in"], sign_out: ["退出", "Sign out"], login: ["账号", "Account"], password: ["密码", "Password"],
  code: ["动态验证码", "Code of your authenticator"], other: ["English", "中文"],
  first_time: ["首次使用：登记申报组织、接受邀请、绑定动态验证码", "The first time: register, accept an invitation, set up the second factor"],
  actions: ["可办理事项", "What can be done"], further: ["其他事项", "Other acts"], parts: ["相关内容", "Parts"],
  related: ["相关清单", "Related lists"], timeline: ["进度", "Timeline"], new: ["新增", "New"], nothing: ["暂无", "Nothing yet"],
  filter: ["筛选", "Filter"], more: ["更多", "More"], send: ["提交", "Send"], try: ["试办（不生效）", "Try (nothing happens)"],
  cancel: ["取消", "Cancel"], would: ["可以办理；未生效", "It could be done; nothing has happened"], done: ["已办理", "Done"],
  refused: ["未能办理", "Refused"], article: ["依据第 {} 条", "Article {}"], next: ["怎么办：", "What to do: "],
  not_now: ["目前不能办理", "Not now"], choose: ["请选择", "Choose"], yes: ["是", "Yes"], no: ["否", "No"],
  add: ["添加一项", "Add one"], drop: ["删去", "Remove"], file: ["文件", "File"], open: ["打开", "Open"],
  download: ["下载", "Download"], as_table: ["下载表格", "Download as a table"], which: ["哪一项", "Which one"], welcome: ["您以此身份办理：", "You act as: "],
  missing: ["没有此页，或您无权查看", "There is no such page, or it is not for you"], name: ["名称", "Name"], value: ["内容", "Value"],
  on_request: ["与请求标识", "request"], wanted: ["本轮要求", "asked for in this round"], loading: ["请稍候…", "A moment …"],
  kind: ["种类", "Kind"], details: ["详情", "Details"], menu: ["目录", "Contents"],
  waiting: ["待办事项", "What waits for you"], none_waiting: ["目前没有等您办理的事项", "Nothing waits for you now"],
  until: ["截止 {}", "until {}"], all_of: ["全部", "All of them"],
};

let words = new Map();
let fields = new Map();
let lists = null;

/** A sentence or word of the desk's own. */
export function say(name, value = "") {
  return OWN[name][language() === "zh" ? 0 : 1].replace("{}", value);
}

/** The vocabularies, once for each language that is spoken: both are in them. */
export async function load() {
  lists = await read("/v1/vocabularies");
  words = new Map(lists.enumerations.map((item) => [item.name, new Map(item.words.map((word) => [word.value, word]))]));
  fields = new Map((lists.fields ?? []).map((item) => [item.value, item]));
}

export const vocabulary = () => lists;
export const either = (told) => told?.[language()] ?? told?.en ?? "";
// In which language a text is, is seen.
export const fieldName = (name) => (either(fields.get(name)) || name.replaceAll("_", " ")).replace(/，[中英]文$|,? in (Chinese|English)$/, "");
export const wordOf = (enumeration, word) => either(words.get(enumeration)?.get(word)) || word;

/** What the keys of a map are called: words of the one enumeration that has all of them, else fields. */
export function keyNames(keys) {
  const known = keys.length > 1 ? [...words.values()].find((one) => keys.every((key) => one.has(key))) : null;
  return (key) => (known ? either(known.get(key)) : fieldName(key));
}

export const enumeration = (name) => [...(words.get(name)?.values() ?? [])];

/** The field in the reader's language, where an answer says the same in both. */
export const isOther = (name) => name.endsWith(language() === "zh" ? "_en" : "_zh");

const locale = () => (language() === "zh" ? "zh-CN" : "en-GB");

// An instant in Shanghai. Midnight belongs to the day that it ends, as the law counts: a period to the 28th runs until
// 24:00 of that day, which is the first instant of the 29th.
function moment(at) {
  const ends = (at + 8 * 3_600_000) % 86_400_000 === 0;
  const form = { dateStyle: "long", timeZone: "Asia/Shanghai", ...(ends ? {} : { timeStyle: "short" }) };
  return new Intl.DateTimeFormat(locale(), form).format(ends ? at - 1 : at) + (ends ? " 24:00" : "");
}

/** A value as people write it: days, instants in Shanghai, yuan for fen. */
export function written(name, value, shape) {
  if (value === true) return say("yes");
  if (value === false) return say("no");
  if (shape?.enum && shape.name$) return wordOf(shape.name$, value);
  if (shape?.format === "date") return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: "UTC" }).format(new Date(value));
  if (shape?.format === "date-time") return moment(Date.parse(value));
  if (name.endsWith("_fen")) {
    return new Intl.NumberFormat(locale(), { style: "currency", currency: "CNY" }).format(value / 100);
  }
  return String(value);
}

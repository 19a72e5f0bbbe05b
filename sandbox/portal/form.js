// A form from its description alone: nothing here knows a field. `draw` answers an element and what was filled in.

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};
const typeOf = (node) => [node.type].flat().find((kind) => kind !== "null");
// What is entered in the reader's measure is sent in the service's; whole numbers stay whole.
const scaled = (text, factor) => {
  const [whole, part = ""] = text.replace("-", "").split(".");
  const digits = String(factor).length - 1;
  const sent = Number(whole + part.slice(0, digits).padEnd(digits, "0"));
  return text.startsWith("-") ? -sent : sent;
};
const cast = (text, node) => {
  if (text === "") return undefined;
  if (typeOf(node) === "integer") return node.counted_in ? scaled(text, node.counted_in.factor) : Number(text);
  return text;
};

export class Form {
  constructor(description, lists, language) {
    this.description = description;
    this.lists = lists;
    this.language = language;
    this.told = this.draw(description.body, "", true);
    this.element = this.told.element;
  }

  body() {
    return this.told.read() ?? {};
  }

  label(part) {
    return part[`label_${this.language}`] ?? part.description ?? "";
  }

  draw(node, name, required, wanted = required) {
    const widgets = { group: "group", entries: "entries", rows: "rows", lines: "lines", checkboxes: "checkboxes" };
    return this[widgets[node.widget] ?? "control"](node, name, required, wanted);
  }

  // A field with its label and help; `wanted`: it is required, or the round asks for it.
  field(name, node, required) {
    const wanted = required || node.asked === true;
    const inner = this.draw(node, name, required, wanted);
    const quantity = node.counted_in ? ` (${node.counted_in[this.language]})` : "";
    const help = node[`help_${this.language}`];
    const element = make("div", { "data-wanted": String(wanted) });
    const holder = ["group", "rows", "entries"].includes(node.widget);
    const text = this.label(node) + quantity;
    if (holder) inner.element.prepend(make("legend", {}, text));
    else element.append(make("label", { "data-wanted": String(wanted), for: inner.element.id }, text));
    if (help) element.append(make("small", {}, help));
    element.append(inner.element);
    return { element, read: inner.read, order: node.order };
  }

  // What a group must hold, it must where it is filled in at all: a browser asks for it where the group is wanted.
  group(node, name, required, wanted) {
    const { properties = {}, groups = [], required: must = [] } = node;
    const names = Object.keys(properties).sort((one, other) => properties[one].order - properties[other].order);
    const drawn = names.map((each) => [each, this.field(each, properties[each], wanted && must.includes(each))]);
    const fields = Object.fromEntries(drawn);
    const element = make("fieldset", {});
    for (const part of groups) {
      element.append(make("h3", {}, part[this.language]), ...part.fields.map((each) => fields[each].element));
    }
    const rest = names.filter((each) => !groups.some((part) => part.fields.includes(each)));
    element.append(...rest.map((each) => fields[each].element));
    const read = () => {
      const found = names.map((each) => [each, fields[each].read()]).filter(([, value]) => value !== undefined);
      return found.length || required ? Object.fromEntries(found) : undefined;
    };
    return { element, read };
  }

  // A map: what the form names of it; what it does not name is left to other portals.
  entries(node, name, required, wanted) {
    return this.group({ ...node, required: [] }, name, required, wanted);
  }

  rows(node, name, required) {
    const element = make("fieldset", {});
    const rows = [];
    const add = make("button", { type: "button", "data-add": true }, "+");
    add.addEventListener("click", () => {
      const row = this.draw(node.items, name, true);
      rows.push(row);
      element.insertBefore(row.element, add);
    });
    element.append(add);
    return { element, read: () => (rows.length || required ? rows.map((row) => row.read()) : undefined) };
  }

  // One value a line; of a table a row a line, its cells apart by tabs.
  lines(node, name, required) {
    const nested = typeOf(node.items) === "array";
    const inner = nested ? node.items.items : node.items;
    const element = make("textarea", { id: this.next(), required, placeholder: inner.example });
    const read = () => {
      const found = element.value.split("\n").filter((line) => line.trim());
      const cells = (line) => line.split("\t").map((cell) => cast(cell, inner) ?? null);
      const values = found.map((line) => (nested ? cells(line) : cast(line, inner)));
      return values.length || required ? values : undefined;
    };
    return { element, read };
  }

  checkboxes(node) {
    const element = make("span", { id: this.next() });
    const boxes = node.items.options.map((option) => [option.value, make("input", { type: "checkbox" })]);
    for (const [place, [, box]] of boxes.entries()) {
      element.append(make("label", {}, box, node.items.options[place][this.language]));
    }
    const read = () => {
      const chosen = boxes.filter(([, box]) => box.checked).map(([value]) => value);
      return chosen.length ? chosen : undefined;
    };
    return { element, read };
  }

  control(node, name, required) {
    const options = node.options ?? this.lists[node.chosen_from];
    const shown = (value) => (typeof value === "number" ? value / (node.counted_in?.factor ?? 1) : value);
    const common = { id: this.next(), required, placeholder: shown(node.example), maxlength: node.maxLength };
    const bounds = { min: shown(node.minimum), max: shown(node.maximum), "data-at-least": node.at_least };
    const step = node.step ?? (node.counted_in ? "any" : undefined);
    const types = { number: "number", date: "date", datetime: "datetime-local", checkbox: "checkbox" };
    let element;
    if (options) {
      element = make("select", common, make("option", { value: "" }));
      for (const option of options) element.append(make("option", { value: option.value }, option[this.language]));
    } else if (node.widget === "textarea") element = make("textarea", { ...common, ...bounds });
    else element = make("input", { ...common, ...bounds, step, type: types[node.widget] ?? "text" });
    const read = () => {
      if (element.type === "checkbox") return required || element.checked ? element.checked : undefined;
      return cast(element.value, node);
    };
    return { element, read };
  }

  next() {
    this.counter = (this.counter ?? 0) + 1;
    return `field-${this.counter}`;
  }
}

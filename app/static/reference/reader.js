"use strict";
/* The reader of the contract. No framework and nothing from elsewhere: the page has every operation's line already;
   what it takes and answers is fetched from the service when it is opened. */
(() => {
  const root = document.documentElement;
  const known = new Map();
  let token = null;
  let challenge = null;

  const make = (name, given = {}, ...inner) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(given)) {
      if (key in element && key !== "lang") element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...inner.filter((part) => part !== null));
    return element;
  };
  /* What stands in backticks is the contract's own word. */
  const worded = (text) => (text ?? "").split("`").map((part, place) => (place % 2 ? make("code", {}, part) : part));
  const both = (zh, en) => [make("span", { lang: "zh" }, ...worded(zh)), make("span", { lang: "en" }, ...worded(en))];
  const fetched = async (path) => {
    if (!known.has(path)) {
      known.set(path, fetch(path).then((answer) => {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      }));
    }
    return known.get(path).catch((fault) => { known.delete(path); throw fault; });
  };

  /* Language: as chosen before, else as the browser has it. */
  const button = document.getElementById("language");
  const speak = (language) => {
    root.lang = language;
    button.textContent = language === "en" ? "中文" : "English";
    try { localStorage.setItem("language", language); } catch { /* not kept */ }
  };
  let chosen = null;
  try { chosen = localStorage.getItem("language"); } catch { /* nothing is kept */ }
  speak(chosen === "en" || chosen === "zh-CN" ? chosen : navigator.language.startsWith("zh") ? "zh-CN" : "en");
  button.addEventListener("click", () => speak(root.lang === "en" ? "zh-CN" : "en"));

  /* What a schema is, in words, and what it holds, folded. */
  const named = (reference) => reference.slice(reference.lastIndexOf("/") + 1);
  const bounds = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"];
  const limits = (schema) => {
    const said = bounds.filter((bound) => bound in schema).map((bound) => `${bound} ${schema[bound]}`);
    return [schema.format, ...said];
  };
  const types = (schema) => {
    if (schema.$ref) return named(schema.$ref);
    const choice = schema.anyOf ?? schema.oneOf ?? schema.allOf;
    if (choice) return choice.map(kind).join(" | ");
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    const told = (type) => (type === "array" && schema.items ? `${types(schema.items)}[]` : type);
    return [schema.type ?? "any"].flat().map(told).join(" | ");
  };
  const kind = (schema) => {
    if (schema.$ref) return named(schema.$ref);
    const said = limits(schema);
    /* Of each item, what holds of it. */
    const inner = schema.items ? limits(schema.items).filter(Boolean) : [];
    if (inner.length) said.push(`(${inner.join(" · ")})`);
    if (schema.default !== undefined) said.push(`= ${JSON.stringify(schema.default)}`);
    return [types(schema), ...said].filter(Boolean).join(" · ");
  };
  const references = (schema) => {
    if (schema.$ref) return [named(schema.$ref)];
    const inner = [schema.anyOf, schema.oneOf, schema.allOf, schema.items, schema.additionalProperties].flat();
    return inner.filter((part) => part && typeof part === "object").flatMap(references);
  };
  const told = (part) => both(part["x-description-zh"] ?? part.description, part.description);
  const described = (schema) => (schema.description ? make("dd", {}, ...told(schema)) : null);
  const shown = (schema) => {
    const parts = [];
    const labels = schema["x-enum-labels"];
    /* Where each word is told by its name, a text that goes through them says nothing more. */
    if (schema.description && !(labels && schema.description.startsWith("`"))) {
      parts.push(make("p", { className: "note" }, ...told(schema)));
    }
    if (schema.enum && !labels) parts.push(make("p", {}, make("code", {}, schema.enum.join(", "))));
    const list = make("dl", { className: labels ? "words" : "" });
    for (const [word, name] of Object.entries(labels ?? {})) {
      list.append(make("dt", {}, make("code", {}, word)), make("dd", {}, ...both(name.zh, name.en)));
    }
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      const must = schema.required?.includes(name) ? make("span", { className: "must" }, " ", ...both("必有", "required")) : null;
      list.append(make("dt", {}, make("code", {}, name), " ", make("span", { className: "kind" }, kind(field)), must));
      const text = described(field);
      if (text) list.append(text);
      const held = [...new Set(references(field))].map(folded);
      if (held.length) list.append(make("dd", {}, ...held));
    }
    if (list.children.length) parts.push(list);
    if (!schema.properties && !schema.enum) {
      parts.push(make("p", { className: "kind" }, kind(schema)), ...[...new Set(references(schema))].map(folded));
    }
    return parts;
  };
  const folded = (name) => {
    const part = make("details", { className: "schema" }, make("summary", {}, name));
    part.addEventListener("toggle", async () => {
      if (!part.open || part.dataset.filled) return;
      part.dataset.filled = "yes";
      part.append(...shown(await fetched(`/docs/schemas/${name}`)));
    });
    return part;
  };
  const content = (media, part) => {
    const parts = [make("p", {}, make("code", {}, media), " ", make("span", { className: "kind" }, kind(part.schema)))];
    parts.push(...[...new Set(references(part.schema))].map(folded));
    if (part.example !== undefined && media.includes("json")) {
      const text = JSON.stringify(part.example, null, 1);
      parts.push(make("details", { className: "schema" }, make("summary", {}, ...both("示例", "Example")), make("pre", {}, text)));
    }
    return parts;
  };

  /* Trying it: as anybody, or with the token of who signed in. */
  const field = (parameter) => {
    const input = make("input", { name: parameter.name, required: Boolean(parameter.required) });
    input.dataset.in = parameter.in;
    if (parameter.name === "dry_run") input.value = "true";
    return make("label", {}, make("code", {}, parameter.name), input);
  };
  const trial = (operation) => {
    const output = make("pre", { hidden: true });
    const form = make("form", { className: "try" }, ...operation.parameters.map(field));
    const [media, body] = Object.entries(operation.body)[0] ?? [];
    const plain = media?.includes("json");
    const text = plain ? make("textarea", { spellcheck: false, value: JSON.stringify(body.example, null, 1) }) : null;
    if (text) form.append(make("label", {}, ...both("请求体", "Body"), text));
    form.append(make("button", {}, ...both("发送", "Send")), output);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      let path = operation.path;
      const query = new URLSearchParams();
      const headers = { "Accept-Language": root.lang };
      for (const input of form.querySelectorAll("input")) {
        if (input.dataset.in === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
        else if (input.value && input.dataset.in === "query") query.append(input.name, input.value);
        else if (input.value) headers[input.name] = input.value;
      }
      if (token) headers.Authorization = `Bearer ${token}`;
      if (text) headers["Content-Type"] = media;
      const address = query.size ? `${path}?${query}` : path;
      output.hidden = false;
      output.textContent = "…";
      try {
        const answer = await fetch(address, { method: operation.method, headers, body: text ? text.value : undefined });
        const told = await answer.text();
        let laid = told;
        try { laid = JSON.stringify(JSON.parse(told), null, 1); } catch { /* no JSON */ }
        const tag = answer.headers.get("ETag");
        output.textContent = `${operation.method} ${address}\n${answer.status}${tag ? ` · ETag ${tag}` : ""}\n\n${laid.slice(0, 20000)}`;
      } catch (fault) {
        output.textContent = String(fault);
      }
    });
    const other = media && !plain;
    return other ? make("p", { className: "note" }, ...both("此接口收文件或表单，请用命令行试用。", "It takes a file or a form: try it from a command line.")) : form;
  };

  /* An operation, when it is opened. */
  const filled = (operation) => {
    const parts = [make("p", {}, ...both(operation.text.zh, operation.text.en))];
    const heading = (zh, en) => make("h3", {}, ...both(zh, en));
    if (operation.parameters.length) {
      const list = make("dl");
      for (const parameter of operation.parameters) {
        const must = parameter.required ? make("span", { className: "must" }, " ", ...both("必有", "required")) : null;
        list.append(make("dt", {}, make("code", {}, parameter.name), " ",
          make("span", { className: "kind" }, `${parameter.in} · ${kind(parameter.schema)}`), must));
        const text = described(parameter);
        if (text) list.append(text);
        const held = references(parameter.schema).map(folded);
        if (held.length) list.append(make("dd", {}, ...held));
      }
      parts.push(heading("参数", "Parameters"), list);
    }
    const bodies = Object.entries(operation.body);
    if (bodies.length) parts.push(heading("请求体", "Body"), ...bodies.flatMap(([media, part]) => content(media, part)));
    for (const [status, answer] of Object.entries(operation.answers)) {
      parts.push(heading(`应答 ${status}`, `Answer ${status}`));
      parts.push(...Object.entries(answer.content).flatMap(([media, part]) => content(media, part)));
      if (answer.headers.length) parts.push(make("p", { className: "kind" }, answer.headers.join(", ")));
    }
    const problems = Object.entries(operation.problems);
    const list = make("dl", {}, ...problems.flatMap(([status, meant]) => [make("dt", {}, status), make("dd", {}, ...both(meant.zh, meant.en))]));
    if (operation.sent) return [...parts, heading("接收端的应答", "What the endpoint answers"), list];
    parts.push(make("details", { className: "schema" }, make("summary", {}, ...both("问题（RFC 9457）", "Problems (RFC 9457)"),
      ` ${problems.map(([status]) => status).join(" ")}`), list, folded("Problem")));
    parts.push(make("details", { className: "schema" }, make("summary", {}, ...both("试用", "Try it")), trial(operation)));
    return parts;
  };
  const operations = [...document.querySelectorAll(".operation")];
  for (const part of operations) {
    part.addEventListener("toggle", async () => {
      if (!part.open || part.dataset.filled) return;
      part.dataset.filled = "yes";
      const inner = make("div", {}, "…");
      part.append(inner);
      try {
        inner.replaceChildren(...filled(await fetched(`/docs/operations/${part.id}`)));
      } catch {
        delete part.dataset.filled;
        inner.remove();
        part.open = false;
      }
    });
  }

  /* The filter, over what stands on the lines in both languages. */
  const filter = document.getElementById("filter");
  const found = document.getElementById("found");
  const cited = (part) => (part.querySelector("[data-cited]")?.dataset.cited ?? "").split(" ").map((number) => `第${number}条 art.${number};`);
  const lines = operations.map((part) => [part, `${part.id} ${part.textContent} ${cited(part).join(" ")}`.toLowerCase()]);
  const groups = [...document.querySelectorAll(".group")];
  const sift = () => {
    const sought = filter.value.toLowerCase().replace(/\barts?\.?\s*(\d+)/g, "art.$1;").split(/\s+/).filter(Boolean);
    let number = 0;
    for (const [part, text] of lines) {
      const fits = sought.every((word) => text.includes(word));
      part.hidden = !fits;
      number += fits ? 1 : 0;
    }
    for (const group of groups) {
      group.hidden = !group.querySelector(".operation:not([hidden])");
      group.open = sought.length > 0 && !group.hidden;
    }
    const main = document.querySelector("main");
    if (main.getBoundingClientRect().top < 0) main.scrollIntoView();
    found.replaceChildren(...(sought.length ? both(`找到 ${number} 个`, `${number} found`) : []));
  };
  filter.addEventListener("input", sift);

  /* An address that names an operation or a subject opens it. */
  const go = () => {
    const part = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    if (!part || !part.matches(".operation, .group")) return;
    part.closest(".group").open = true;
    part.open = true;
    part.scrollIntoView();
  };
  addEventListener("hashchange", go);
  go();

  /* Signing in at the token endpoint, by password and, where one is wanted, a code. */
  const form = document.getElementById("sign-in");
  const account = document.getElementById("account");
  const said = form.querySelector("output");
  const code = form.elements.code;
  const enter = (given) => {
    token = given;
    challenge = null;
    form.reset();
    code.parentElement.hidden = true;
    form.hidden = token !== null;
    account.setAttribute("aria-expanded", String(!form.hidden));
    account.replaceChildren(...(token ? both("退出", "Sign out") : both("登录", "Sign in")));
  };
  account.addEventListener("click", () => {
    if (token) { enter(null); form.hidden = true; said.textContent = ""; return; }
    form.hidden = !form.hidden;
    account.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) form.elements.username.focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = challenge
      ? { grant_type: "second_factor", challenge, code: code.value }
      : { grant_type: "password", username: form.elements.username.value, password: form.elements.password.value };
    const answer = await fetch("/v1/tokens", { method: "POST", body: new URLSearchParams(sent),
      headers: { "Accept-Language": root.lang, Accept: "application/problem+json, application/json" } });
    const told = await answer.json();
    if (answer.ok) { said.textContent = ""; enter(told.access_token); return; }
    said.textContent = told.detail ?? told.title ?? String(answer.status);
    if (told.challenge) {
      challenge = told.challenge;
      code.parentElement.hidden = false;
      code.focus();
    }
  });
})();

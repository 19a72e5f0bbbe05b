// Nothing needs this: without scripts a form that came in a flood is sent again after a minute. With them the browser
// solves the small task that the service asks of many from one network, and sends the form at once.
"use strict";

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve(task) {
  const { nonce, salt, cost, keyPrefix } = task.parameters;
  const head = [...bytes(salt), ...bytes(nonce)];
  for (let counter = 0; ; counter += 1) {
    const tail = new Uint8Array(4);
    new DataView(tail.buffer).setUint32(0, counter);
    let key = Uint8Array.from([...head, ...tail]);
    for (let round = 0; round < cost; round += 1) key = await crypto.subtle.digest("SHA-256", key);
    if (hex(key).startsWith(keyPrefix)) return { counter, derivedKey: hex(key) };
  }
}

const form = document.querySelector("form[data-challenge]");
const challenge = form && form.dataset.challenge;
if (challenge && globalThis.crypto && crypto.subtle) {
  const button = form.querySelector("button[type=submit]");
  const proof = Object.assign(document.createElement("input"), { type: "hidden", name: "proof" });
  const asked = atob(challenge);
  button.disabled = true;
  solve(JSON.parse(asked)).then((solution) => {
    proof.value = btoa(`{"challenge": ${asked}, "solution": ${JSON.stringify(solution)}}`);
    form.append(proof);
    button.disabled = false;
    form.requestSubmit();
  });
}

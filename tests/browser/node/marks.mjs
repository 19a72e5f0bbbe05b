// What Lighthouse finds wanting in the accessibility of pages. Their addresses come on standard input as JSON, what was
// found goes out as JSON: by the address, the audits that failed. One browser opens all of them, one after the other.
import { text } from "node:stream/consumers";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

// Nothing is measured: what the page is made of is looked at as soon as it is there.
const AT_ONCE = { pauseAfterFcpMs: 0, pauseAfterLoadMs: 0, networkQuietThresholdMs: 0, cpuQuietThresholdMs: 0 };
const ASKED = { onlyCategories: ["accessibility"], disableFullPageScreenshot: true, logLevel: "error", skipAboutBlank: true, ...AT_ONCE };

const addresses = JSON.parse(await text(process.stdin));
const browser = await launch({ chromeFlags: ["--headless=new", "--no-sandbox"] });
const found = {};
try {
  for (const address of addresses) {
    const { lhr } = await lighthouse(address, { ...ASKED, port: browser.port });
    const failed = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score !== 1);
    const full = lhr.categories.accessibility.score === 1;
    found[address] = full ? [] : failed.map((audit) => audit.id);
    if (!full && !failed.length) found[address].push(lhr.runtimeError?.code ?? "no score");
  }
} finally {
  await browser.kill();
}
process.stdout.write(JSON.stringify(found));

// Opens an HTML report in Chromium and checks it as a person would use it.
//
//   node check.mjs <page.html> <folder for screenshots>
//
// Fails if the page writes to the console, asks for anything but itself, cannot be filtered or
// sorted by mouse and by keyboard, breaks a rule of axe in light or dark, or is wider than a
// phone. CHROMIUM names another browser than Debian's.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [file, folder] = process.argv.slice(2);
assert(file && folder, "usage: node check.mjs <page.html> <folder for screenshots>");
const address = pathToFileURL(path.resolve(file)).href;
const stem = path.join(folder, path.basename(file, ".html"));
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});

const wide = { width: 1200, height: 900 };
const phone = { width: 375, height: 812 };

/** Opens the page, does `work` with it, and makes sure that it kept to itself. */
async function visit(options, work) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const messages = [];
  const requests = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(address);
  await work(page);
  assert.deepEqual(messages, [], "the console stays silent");
  assert.deepEqual(requests, [address], "nothing but the page is asked for");
  await context.close();
}

const rows = (page) => page.locator("[aria-labelledby=images] tbody tr");
const visible = (page) => page.locator("[aria-labelledby=images] tbody tr:visible");
const fields = (page) => rows(page).locator("th").allTextContents();

async function filtering(page) {
  const all = await rows(page).count();
  if (all === 0) return;
  const first = (await fields(page))[0];
  await page.getByLabel("Filter images").fill(first.slice(0, 60).toUpperCase());
  const left = await visible(page).count();
  assert(left >= 1 && left <= all, "the filter keeps what it names");
  assert.equal(await page.locator("#shown").textContent(), `${left} of ${all} shown`);
  await page.getByLabel("Filter images").fill("no image has this name");
  assert.equal(await visible(page).count(), 0, "the filter hides everything else");
  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal(await visible(page).count(), all);

  // By keyboard: a verdict is picked and let go of again.
  const verdict = page.locator(".counts button").first();
  await verdict.focus();
  await page.keyboard.press("Space");
  assert.equal(await verdict.getAttribute("aria-pressed"), "true");
  const expected = await page.locator(".counts li").first().getAttribute("data-verdict");
  const count = Number(await verdict.locator("b").textContent());
  assert.equal(await visible(page).count(), count, `the button shows ${expected} only`);
  await page.keyboard.press("Enter");
  assert.equal(await visible(page).count(), all);
}

async function sorting(page) {
  if ((await rows(page).count()) < 2) return;
  const before = await fields(page);
  const heads = page.locator("[aria-labelledby=images] thead th");
  const head = heads.filter({ hasText: "Field" });
  await head.getByRole("button").click();
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1);
  const sorted = before.map((field) => field.toLowerCase()).sort(compare);
  const lower = async () => (await fields(page)).map((field) => field.toLowerCase());
  assert.deepEqual(await lower(), sorted, "rows are in order");
  await head.getByRole("button").focus();
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await lower(), sorted.reverse(), "and in the other order");
  const verdict = heads.filter({ hasText: "Verdict" });
  await verdict.getByRole("button").press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), null);
  assert.deepEqual(await fields(page), before, "worst first again");
}

/** Every control can be reached with the Tab key. */
async function tabbing(page) {
  const controls = "a[href], button:visible, input:visible, summary";
  const expected = await page.locator(controls).count();
  await page.evaluate(() => document.activeElement?.blur());
  const reached = new Set();
  for (let presses = 0; presses < expected + 5; presses += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate((list) => {
      const all = [...document.querySelectorAll("a[href], button, input, summary")];
      return all.indexOf(document.activeElement);
    }));
  }
  reached.delete(-1);
  assert.equal(reached.size, expected, "every control is reached by keyboard");
}

async function accessible(page, where) {
  for (const closed of await page.locator("details:not([open]) > summary").all()) {
    await closed.click();
  }
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => window.axe.run());
  const summary = (list) => list.map((rule) => [rule.id, ...rule.nodes.slice(0, 5).map((node) => node.html)]);
  assert.deepEqual(summary(violations), [], `axe, ${where}`);
}

async function fits(page, where) {
  const [needed, given] = await page.evaluate(() => [
    document.documentElement.scrollWidth, document.documentElement.clientWidth,
  ]);
  assert(needed <= given, `${where}: the page is ${needed} wide on a screen of ${given}`);
}

try {
  await visit({ viewport: wide }, async (page) => {
    await fits(page, "wide");
    await filtering(page);
    await sorting(page);
    await tabbing(page);
  });
  for (const [scheme, viewport, name] of [
    ["light", wide, "light"], ["dark", wide, "dark"],
    ["light", phone, "phone"], ["dark", phone, "phone-dark"],
  ]) {
    await visit({ viewport, colorScheme: scheme }, async (page) => {
      await fits(page, name);
      await page.screenshot({ path: `${stem}-${name}.png`, fullPage: true });
    });
    // axe is a script, which the page's policy refuses: it is left aside here, and only here.
    const context = await browser.newContext({ viewport, colorScheme: scheme, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(address);
    await accessible(page, name);
    await context.close();
  }
  await visit({ viewport: wide, javaScriptEnabled: false }, async (page) => {
    assert(await page.locator("h1").isVisible());
    assert.equal(await page.locator("button:visible").count(), 0, "no button that does nothing");
  });
  await visit({ viewport: { width: 794, height: 1123 } }, async (page) => {
    await page.emulateMedia({ media: "print" });
    await fits(page, "print");
    await page.screenshot({ path: `${stem}-print.png`, fullPage: true });
    await page.pdf({ path: `${stem}.pdf`, format: "A4", printBackground: true, margin: { top: "12mm", bottom: "12mm", left: "12mm", right: "12mm" } });
  });
  console.log(`${file}: page is fine`);
} finally {
  await browser.close();
}

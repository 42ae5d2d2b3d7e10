// A page in Debian's Chromium, with NODE_MODULES of puppeteer-core, CHROMIUM and OUTPUT in the environment. OUTPUT gets
// the pages and their screenshots.
import assert from 'node:assert/strict';
import {mkdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {after, before, test} from 'node:test';

const {NODE_MODULES: modules, CHROMIUM: chromium} = process.env;
export const output = process.env.OUTPUT;
const puppeteer = createRequire(path.join(modules, 'any.js'))('puppeteer-core');
export const markup = '<img src=x onerror=alert(1)>';
export const widths = [360, 800, 1280];

let browser;

before(async () => {
  mkdirSync(output, {recursive: true});
  // Root, as which containers run, has no sandbox. The pages are our own.
  browser = await puppeteer.launch({
    executablePath: chromium,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
    protocolTimeout: 60e3,
  });
});

after(() => browser?.close());

// What must never happen on a page is kept: errors, alerts, and requests of anything but the page and `more` addresses.
export async function opened(url, {width = 1280, scheme = 'light', more = []} = {}) {
  const page = await browser.newPage();
  page.mishaps = [];
  page.on(
    'console',
    message => ['error', 'warn', 'warning'].includes(message.type()) && page.mishaps.push(message.text()),
  );
  page.on('pageerror', error => page.mishaps.push(error.stack));
  page.on('dialog', dialog => {
    page.mishaps.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on(
    'request',
    request => [url, ...more].includes(request.url()) || page.mishaps.push(`a request of ${request.url()}`),
  );
  await page.setViewport({width, height: 800});
  await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
  await page.bringToFront(); // one behind others may draw no frames
  await page.goto(url);
  return page;
}

// A test with a page of its own, on which nothing must go wrong. `url` gives the page's address.
export function test_of(sentence, url, check, options) {
  test(sentence, async () => {
    const page = await opened(url(), options);
    try {
      await check(page);
      assert.deepEqual(page.mishaps, []);
    } finally {
      await page.close();
    }
  });
}

// Two frames later; a browser that draws none for a while, as on a busy machine, isn't waited for.
export const settled = page =>
  page.evaluate(
    () =>
      new Promise(done => {
        requestAnimationFrame(() => requestAnimationFrame(done));
        setTimeout(done, 1000);
      }),
  );

// Charts are drawn when they come near the window.
export async function scroll_through(page) {
  const height = () => page.evaluate(() => document.scrollingElement.scrollHeight);
  for (let y = 0; y < (await height()); y += 400) {
    await page.evaluate(to => scrollTo(0, to), y);
    await settled(page);
  }
  await page.evaluate(() => scrollTo(0, 0));
  const undrawn = await page.$$eval('.chart', boxes => boxes.filter(box => !box.querySelector('svg')).length);
  assert.equal(undrawn, 0, 'each chart is drawn');
}

export const open_all_tables = page =>
  page.$$eval('details', all =>
    all.forEach(details => {
      details.open = true;
    }),
  );

export const chart_rows = (page, id) =>
  page.$$eval(`#${id} figure details:not(.series)`, all =>
    all.map(details =>
      [...details.querySelectorAll('tbody tr')].map(row => [...row.children].map(cell => cell.textContent)),
    ),
  );

// Texts of a chart that lie on each other or outside of it.
export const misplaced_texts = page =>
  page.$$eval('.chart svg', charts =>
    charts.flatMap(svg => {
      const outer = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll('text')]
        .filter(text => text.textContent.trim() !== '')
        .map(text => ({words: text.textContent, box: text.getBoundingClientRect()}));
      const overlap = (one, other) =>
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
      const cut = texts.filter(
        ({box}) =>
          box.left < outer.left - 1 ||
          box.right > outer.right + 1 ||
          box.top < outer.top - 1 ||
          box.bottom > outer.bottom + 1,
      );
      const pairs = texts.flatMap((one, index) =>
        texts
          .slice(index + 1)
          .filter(other => overlap(one.box, other.box))
          .map(other => `${one.words} on ${other.words}`),
      );
      return [...cut.map(({words}) => `${words} is cut`), ...pairs];
    }),
  );

const luminance = color => {
  const [red, green, blue] = color
    .map(channel => channel / 255)
    .map(channel => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
export const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
export const channels = text =>
  text
    .match(/[\d.]+/g)
    .slice(0, 3)
    .map(Number);

// node --test lifecycle_test.mjs, with what browser.mjs needs and FEDGRAM in the environment: the page's section on
// lives beside the text of `fedgram lifecycle`, to all digits shown.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {markup, output, test_of} from './browser.mjs';
import {set_text} from './driven_page.mjs';
import {reduced, run_of} from './trained_runs.mjs';

const {FEDGRAM: fedgram} = process.env;
const table4 = fileURLToPath(new URL('../../results/reference/table4', import.meta.url));
const options = ['--device', 't4,tpu-v4i', '--on-device', '--retrain-every', '90d'];

function written_page(run, more) {
  const file = path.join(output, 'lives.html');
  execFileSync(fedgram, ['report', run, '--html', file, ...more], {stdio: 'ignore'});
  return pathToFileURL(file).href;
}

const printed = (run, per_day, years, more) =>
  execFileSync(fedgram, ['lifecycle', run, '--predictions', `${per_day}/day`, '--years', String(years), ...more], {
    encoding: 'utf8',
  });

// The rows of a table in text whose columns are two blanks or more apart, from the line that begins so to one that
// doesn't have so many cells.
function text_rows(text, begin) {
  const lines = text.split('\n');
  const first = lines.findIndex(line => line.startsWith(begin) && / {2,}/.test(line));
  const rows = lines.slice(first).map(line => line.trim().split(/ {2,}/));
  return rows.slice(
    0,
    rows.findIndex(({length}) => length !== rows[0].length),
  );
}

const shown_tables = page =>
  page.$$eval('#lives .scroll table', tables =>
    tables.map(table => [...table.rows].map(row => [...row.cells].map(({textContent}) => textContent))),
  );

async function assert_as_printed(page, text, first_life) {
  const [parts, lives] = await shown_tables(page);
  assert.deepEqual(parts, text_rows(text, `${first_life}  `));
  assert.deepEqual(lives, text_rows(text, 'Lives  '));
  const sentence = await page.$eval('#lives > p', ({textContent}) => textContent);
  assert.ok(text.includes(`\n${sentence}\n`), sentence);
  const formulas = await page.$$eval('#lives details tbody tr', rows =>
    rows.map(row => [...row.children].map(({textContent}) => textContent)),
  );
  const lines = text.split('\n').map(line => line.trim().split(/ {2,}/));
  for (const formula of formulas)
    assert.ok(
      lines.some(line => line.length === 2 && line[0] === formula[0] && line[1] === formula[1]),
      formula.join(': '),
    );
}

test_of(
  'the lives of a page are those of fedgram lifecycle, at the predictions and years that the reader chooses',
  () => written_page(table4, ['--predictions', '1e6/day', '--years', '2', ...options]),
  async page => {
    await assert_as_printed(page, printed(table4, '1e6', 2, options), 'centralized on t4, PUE 1.67');
    await set_text(page, '#predictions', '2.5e9');
    await set_text(page, '#years', '0.5');
    await assert_as_printed(page, printed(table4, '2.5e9', 0.5, options), 'centralized on t4, PUE 1.67');
    const notes = await page.$$eval('#lifecycle > .notes li', all => all.map(({textContent}) => textContent));
    const text = printed(table4, 1, 1, options);
    for (const note of notes) assert.ok(text.includes(`\n${note}\n`), note);
    assert.ok(notes.length > 5);
  },
);

test_of(
  'what is no number of predictions is refused, and nothing changes',
  () => written_page(table4, ['--predictions', '1e6/day', ...options]),
  async page => {
    const before = await shown_tables(page);
    for (const wrong of ['0', '-1', 'many', '1e300', '0.001', 'NaN']) {
      await set_text(page, '#predictions', wrong);
      assert.equal(await page.$eval('#predictions', input => input.getAttribute('aria-invalid')), 'true', wrong);
      const said = await page.$eval('#lifecycle .controls [role=status]', ({textContent}) => textContent);
      assert.ok(said.includes(wrong), said);
    }
    assert.deepEqual(await shown_tables(page), before);
    await set_text(page, '#predictions', '7');
    assert.equal(await page.$eval('#predictions', input => input.getAttribute('aria-invalid')), 'false');
    assert.notDeepEqual(await shown_tables(page), before);
  },
);

let lives_of_reduced;
test_of(
  'where a smaller model pays stands on the page as in the text, and another life part by part',
  () =>
    written_page((lives_of_reduced = run_of(reduced, 'reduced-on-page')), [
      '--predictions',
      '1e5/day',
      '--device',
      'v100',
    ]),
  async page => {
    const text = printed(lives_of_reduced, '1e5', 1, ['--device', 'v100']);
    const sentences = await page.$$eval('#lives .notes li', all => all.map(({textContent}) => textContent));
    const crossings = sentences.filter(sentence => sentence.includes(' predictions on'));
    assert.ok(crossings.length > 0);
    for (const sentence of crossings) assert.ok(text.includes(`\n${sentence}\n`), sentence);
    await page.select('#lifecycle select', 'filters on v100, PUE 1.67');
    const [parts] = await shown_tables(page);
    assert.equal(parts[0][0], 'filters on v100, PUE 1.67');
    assert.ok(parts.some(([name]) => name === 'levers'));
  },
);

test_of(
  'a page for which nobody has said how many predictions there are begins with an assumption, and says so',
  () => written_page(table4, []),
  async page => {
    const [said] = await page.$$eval('#lifecycle > p', all => all.map(({textContent}) => textContent));
    assert.ok(said.startsWith('Nobody has said'), said);
    const warning = await page.$$eval('#lifecycle > p', all => all.map(({textContent}) => textContent).join('\n'));
    assert.ok(warning.includes('NOT COUNTED: the network'), warning);
    await set_text(page, '#predictions', '1000');
    const text = printed(table4, 1000, 1, ['--on-device']);
    await assert_as_printed(page, text, 'centralized on v100, PUE 1.67');
  },
);

test_of(
  'on a phone the section is as wide as the window, and its tables scroll by themselves',
  () => written_page(table4, ['--predictions', '1e9/day', ...options]),
  async page => {
    const [wide, window_width] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
    assert.ok(wide <= window_width, `${wide} of ${window_width} pixels`);
    assert.equal(await page.$$eval('#lives .scroll[tabindex="0"]', all => all.length), 3);
  },
  {width: 360},
);

test_of(
  'names stay text in the section on lives',
  () => {
    const device = JSON.parse(readFileSync(new URL('../../datasets/records/devices/t4.json', import.meta.url), 'utf8'));
    const file = path.join(output, 'device.json');
    writeFileSync(file, JSON.stringify({...device, id: markup}));
    return written_page(table4, ['--predictions', '1/s', '--device', file]);
  },
  async page => {
    const [parts] = await shown_tables(page);
    assert.equal(parts[0][0], `centralized on ${markup}, PUE 1.67`);
    assert.equal(await page.$('#lifecycle img'), null);
  },
);

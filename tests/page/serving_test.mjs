// node --test serving_test.mjs, with what browser.mjs needs and FEDGRAM in the environment: the page of a run with
// analyses that `fedgram analyze` keeps beneath it, beside the text report of the same.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {chart_rows, misplaced_texts, open_all_tables, opened, output, scroll_through} from './browser.mjs';
import {made_run} from './made_runs.mjs';

const {FEDGRAM: fedgram} = process.env;
const told = (...words) => execFileSync(fedgram, words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});

// The rows of the section's tables, heads left out: what two blanks and more tell apart.
function text_rows(run) {
  const text = told('report', run);
  return text
    .slice(text.indexOf('\nServing'))
    .split('\n')
    .filter(line => /^(\d|default) /.test(line))
    .map(line => line.trim().split(/ {2,}/));
}

test('the page has the digits of the text report, and a chart for each analysis', async () => {
  const run = made_run(path.join(output, 'analyzed'), {});
  const analyze = (name, ...words) => told('analyze', ...words, '--out', path.join(run, 'analyses', name));
  analyze('a-t4', 'resnet-50', '--device', 't4,a100', '--max-p99-ms', '15', '--country', 'FRA', '--rate', '5000');
  assert.throws(() => analyze('none', 'resnet-50', '--device', 'nucleo-l4r5zi'), {status: 2});
  const file = path.join(output, 'analyzed.html');
  told('report', run, '--html', file);

  const page = await opened(pathToFileURL(file).href);
  await scroll_through(page);
  await open_all_tables(page);
  const cells = await page.$$eval('#serving > .scroll tbody tr', rows =>
    rows.map(row => [...row.children].map(cell => cell.textContent)),
  );
  assert.equal(cells.length, 4 + 9, 'three and the default, and three loads of each of the three');
  assert.deepEqual(cells, text_rows(run));
  const charts = await chart_rows(page, 'serving');
  assert.equal(charts.length, 1, 'where nothing can be run there is no chart');
  assert.ok(charts[0].length > 10);
  assert.match(await page.$eval('#serving', section => section.textContent), /none could be run: nucleo-l4r5zi: /);
  await page.setViewport({width: 1300, height: 900});
  const whether_kept = await page.$$eval('#serving > .scroll thead th', heads =>
    heads.filter(head => head.textContent === 'constraints').map(head => head.getBoundingClientRect().right),
  );
  assert.equal(whether_kept.length, 2);
  assert.ok(whether_kept.every(right => right <= 1300), 'whether constraints are kept is in view');
  const broken = await page.$$eval('#serving > .scroll td', all => {
    const lines_of = cell => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return new Set([...range.getClientRects()].map(({top}) => top)).size;
    };
    return all.filter(cell => /\(.*-.*\)/.test(cell.textContent) && lines_of(cell) > 1).map(cell => cell.textContent);
  });
  assert.deepEqual(broken, [], 'a band stands on one line');
  assert.deepEqual(await misplaced_texts(page), []);
  assert.deepEqual(page.mishaps, []);
  await page.close();
});

// node --test live_test.mjs, with NODE_MODULES of puppeteer-core, CHROMIUM, OUTPUT and FEDGRAM in the environment: the
// page of a run that goes on, in a browser, from the run's first rounds to its end. OUTPUT gets its screenshots.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {misplaced_texts, opened, output, settled, widths} from './browser.mjs';

const {FEDGRAM: fedgram} = process.env;
const scratch = mkdtempSync(path.join(tmpdir(), 'fedgram-live-'));
const most_rounds = 600; // enough for all that is looked at while the run goes on
const spec = {
  name: 'followed',
  target_accuracy: 0.99,
  data: {dataset: 'fashion-mnist', train_samples: 5000},
  model: 'mlp-32',
  centralized: {learning_rate: 0.05, max_epochs: 3},
  federated: {nodes: 10, learning_rate: 0.05, max_rounds: most_rounds},
  trainings: [
    {label: 'central', kind: 'centralized'},
    {label: 'iid', kind: 'federated'},
  ],
};

let run;

after(() => {
  if (run && run.exitCode === null) run.kill('SIGKILL');
  rmSync(scratch, {recursive: true, force: true});
});

// The address that the run prints.
function started() {
  const file = path.join(scratch, 'spec.json');
  writeFileSync(file, JSON.stringify(spec));
  run = spawn(fedgram, ['run', file, '--out', path.join(scratch, 'run'), '--watch'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    run.stderr.on('data', data => {
      said += data;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]+\//);
      if (found) resolve(found[0]);
    });
    run.on('exit', code => reject(new Error(`the run ended with ${code}: ${said}`)));
  });
}

const ended = () => new Promise(resolve => (run.exitCode === null ? run.on('exit', resolve) : resolve(run.exitCode)));

const rounds_of = (page, training) =>
  page.$$eval(
    '#so-far tbody tr',
    (rows, wanted) => Number(rows.find(row => row.cells[0].textContent === wanted)?.cells[2].textContent ?? 0),
    training,
  );

async function wait_for(what, condition) {
  for (let tries = 0; tries < 300; ++tries) {
    if (await condition()) return;
    await new Promise(done => setTimeout(done, 100));
  }
  assert.fail(`${what} in vain`);
}

const is_cut = page =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);

test('the page of a run grows while it goes on, asks its own server alone, and says when it is over', async () => {
  const address = await started();
  const page = await opened(address, {more: [`${address}events`]});

  await wait_for('rounds are awaited', async () => (await rounds_of(page, 'iid')) > 3);
  const seen = await rounds_of(page, 'iid');
  await wait_for('more rounds are awaited', async () => (await rounds_of(page, 'iid')) > seen);
  // The coordinator says once a second where it stands, which may still be in the training before.
  await wait_for('the rounds’ progress is awaited', async () =>
    /The run goes on.*of 600 rounds.*at most/s.test(await page.$eval('#progress', box => box.textContent)),
  );
  assert.match(await page.$eval('[aria-label="nodes of this round"]', box => box.textContent), /at work: \d+/);
  await page.evaluate(() => document.querySelector('#accuracy').scrollIntoView());
  await wait_for('a chart is awaited', () => page.$('#accuracy svg'));
  for (const width of widths) {
    await page.setViewport({width, height: 800});
    await settled(page);
    assert.equal(await is_cut(page), false, `nothing is cut at ${width} pixels`);
    assert.deepEqual(await misplaced_texts(page), []);
    await page.screenshot({path: path.join(output, `live-${width}.png`), fullPage: true});
  }

  // Whoever scrolls in the table stays there while it changes.
  await page.setViewport({width: 360, height: 800});
  await page.$eval('#so-far .scroll', box => {
    box.scrollLeft = 50;
    box.focus();
  });
  const before = await rounds_of(page, 'iid');
  await wait_for('more rounds are awaited', async () => (await rounds_of(page, 'iid')) > before);
  assert.deepEqual(
    await page.$eval('#so-far .scroll', box => [box.scrollLeft, document.activeElement === box]),
    [50, true],
  );

  assert.equal(await ended(), 0);
  await wait_for('its end is awaited', () =>
    page.$eval('main', main => main.textContent.includes('no longer follows this run')),
  );
  assert.equal(await rounds_of(page, 'iid'), most_rounds);
  assert.match(await page.$eval('#progress', box => box.textContent), /The run is over/);
  assert.deepEqual(
    await page.$$eval('#so-far tbody tr', rows => rows.map(row => row.cells[1].textContent)),
    ['limit reached', 'limit reached'],
  );
  assert.match(await page.$eval('#events', box => box.textContent), /finished/);
  assert.deepEqual(page.mishaps, []);
});

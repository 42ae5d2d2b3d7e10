// node --test several_test.mjs, with what browser.mjs needs and FEDGRAM in the environment: the page that FEDGRAM writes
// of several runs, which are made of the reference run.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {test} from 'node:test';
import {
  chart_rows,
  markup,
  misplaced_texts,
  open_all_tables,
  output,
  scroll_through,
  settled,
  test_of,
  widths,
} from './browser.mjs';
import {crashed_run, made_run} from './made_runs.mjs';
import {check_keyboard, check_landmarks, check_layout, check_paper, check_text_contrast} from './readers.mjs';

const {FEDGRAM: fedgram} = process.env;
const long_name = 'a-name-that-is-longer-than-a-line-of-a-narrow-window';
const folder = name => path.join(output, long_name, name);
mkdirSync(folder(''), {recursive: true});

const epochs = count => spec => {
  for (const training of spec.trainings.slice(1)) training.local_epochs = count;
};
const seeds = [
  made_run(folder('seed-1'), {seed: 1}),
  made_run(folder('seed-2'), {seed: 2, fewer: 1}),
  made_run(folder('seed-3'), {seed: 3, fewer: 2}),
];
const crashed = crashed_run(folder('crashed'), {seed: 4});
const settings = [
  ...seeds.slice(0, 2),
  made_run(folder('five-1'), {seed: 1, spec: epochs(5), fewer: 5}),
  made_run(folder('five-2'), {seed: 2, spec: epochs(5), fewer: 6}),
];
const hostile_name = `an ${markup}`;
const hostile = [1, 2].map(seed =>
  made_run(folder(`${hostile_name} ${seed}`), {
    seed,
    spec: spec => {
      spec.name = 'a </script>';
    },
    text: text => text.replaceAll('federated-iid', JSON.stringify(markup).slice(1, -1)),
    label: 'federated-noniid',
  }),
);

const report = (runs, ...more) =>
  execFileSync(fedgram, ['report', ...runs, ...more], {encoding: 'utf8', stdio: 'pipe'});

function page_of(name, runs) {
  const file = path.join(output, `${name}.html`);
  report(runs, '--html', file);
  return file;
}

const pages = {
  seeds: page_of('seeds', [...seeds, crashed]),
  settings: page_of('settings', settings),
  hostile: page_of('several-hostile', [...hostile, ...settings]),
};
const several_test = (sentence, name, check, options) =>
  test_of(sentence, () => pathToFileURL(pages[name]).href, check, options);

// The text ------------------------------------------------------------------------------------------------------

// ["United States", "0.0400 ± 0.0000", ...] of the text report's table over the seeds.
function text_means() {
  const lines = report(seeds).split('\n');
  const first = lines.findIndex(line => line.includes(': mean ± standard deviation over the seeds'));
  const parts = line => line.trim().split(/ {2,}/);
  return lines
    .slice(first)
    .filter(line => line.includes(' ± ') && !line.includes('mean ±'))
    .slice(0, 3)
    .map(parts);
}

several_test('the table has the means of the text report', 'seeds', async page => {
  const shown = await page.$$eval('#answer .means tbody tr', rows =>
    rows.map(row => [
      row.querySelector('th').textContent,
      ...[...row.querySelectorAll('.number')].map(
        number => `${number.textContent} ${number.nextSibling.textContent.split(', ')[0]}`,
      ),
    ]),
  );
  assert.deepEqual(shown, text_means());
  assert.match(await page.$eval('#answer .answer', answer => answer.textContent), /by the mean over 3 seeds, /);
  assert.match(await page.$eval('#answer .hint', hint => hint.textContent), /, seeds 1, 2, 3\./);
});

several_test('the budget and the runs have the crashed one too', 'seeds', async page => {
  const rows = id =>
    page.$$eval(`#${id} tbody tr`, all => all.map(row => [...row.children].map(cell => cell.textContent)));
  const budget = await rows('budget');
  assert.deepEqual(
    budget.map(([run]) => path.basename(run)),
    ['seed-1', 'seed-2', 'seed-3', 'crashed', 'sum'],
  );
  assert.equal(budget[3][2], 'unfinished');
  const {budget: of_text} = JSON.parse(report([...seeds, crashed], '--json'));
  assert.equal(budget[4][3], String(of_text.sum.samples));
  const runs = await rows('runs');
  assert.deepEqual(
    runs.map(([, seed, setting, state]) => [seed, setting, state]),
    [
      ['1', 'table4', 'whole'],
      ['2', 'table4', 'whole'],
      ['3', 'table4', 'whole'],
      ['4', '-', 'unfinished'],
    ],
  );
  assert.match(await page.$eval('#budget .notes', notes => notes.textContent), /Unfinished.*crashed/);
});

// By hand: rounds 9, 8, 7 of federated-iid, so that round 9 is of the first seed alone.
several_test('a curve is the mean of the seeds that got to a round, and says of how many', 'seeds', async page => {
  await open_all_tables(page);
  await settled(page);
  const [rows] = await chart_rows(page, 'accuracy');
  const at = round => rows.find(row => row[0] === 'federated-iid' && row[1] === String(round));
  assert.deepEqual(
    [7, 8, 9].map(round => at(round)[5]),
    ['3', '2', '1'],
  );
  assert.equal(at(9)[2], '90.2 %');
  assert.equal(at(9)[4], '-');
  const [grams] = await chart_rows(page, 'grams');
  assert.equal(grams.length, 18);
  assert.match(grams[4][3], /^from .* to .* g, 3 runs$/);
});

several_test('settings are named by what tells them apart, and answered for each training', 'settings', async page => {
  const names = await page.$$eval('#answer .means tbody th', all => [...new Set(all.map(name => name.textContent))]);
  assert.deepEqual(names, ['local_epochs 1', 'local_epochs 5']);
  const answers = await page.$$eval('#answer .answer', all => all.map(answer => answer.textContent));
  assert.equal(answers.length, 3);
  assert.match(answers[0], /^v100, PUE 1.67: All settings emit the same/);
  assert.match(answers[1], /^federated-iid, jetson-tx2: local_epochs 5 emits least, .* Beyond the spread/);
  await scroll_through(page);
  await page.select('#accuracy select', 'federated-iid');
  await page.select('#grams select', 'v100, PUE 1.67');
  await settled(page);
  assert.deepEqual(await misplaced_texts(page), []);
  const names_in_legend = await page.$$eval('#accuracy .series label', all => all.map(name => name.textContent.trim()));
  assert.deepEqual(names_in_legend, [
    'local_epochs 1: federated-iid',
    'local_epochs 5: federated-iid',
    'target, 90.0 %',
  ]);
});

// Readers ---------------------------------------------------------------------------------------------------------

const axis_titles = {
  grams: ['gCO2e, g', 'country'],
  accuracy: ['round (centralized: evaluation)', 'test accuracy, %'],
};

for (const name of ['seeds', 'settings'])
  for (const width of widths)
    for (const scheme of ['light', 'dark'])
      several_test(
        `${name}: at ${width} px, ${scheme}, nothing is cut or on something else`,
        name,
        async page => {
          await check_layout(page, width, `${name}-${width}-${scheme}`);
          for (const [id, titles] of Object.entries(axis_titles)) {
            const texts = await page.$$eval(`#${id} svg text`, all => all.map(text => text.textContent));
            for (const title of titles) assert.ok(texts.includes(title), `${id} has an axis “${title}”`);
          }
          for (const key of ['virtual_seconds', 'joules', 'gco2e']) {
            await page.select('#accuracy label:last-child select', key);
            await settled(page);
            assert.deepEqual(await misplaced_texts(page), [], `accuracy against ${key}`);
          }
          await check_text_contrast(page, ['body', '.band', '.hint', 'nav a', '#answer .number']);
        },
        {width, scheme},
      );

several_test('landmarks, headings in order, and a name for each chart', 'settings', check_landmarks);
several_test('the keyboard reaches each control, with a focus that is seen', 'settings', check_keyboard);
several_test(
  'paper is light, shows all charts and no controls',
  'settings',
  page => check_paper(page, 2, 'print-several'),
  {
    scheme: 'dark',
  },
);

several_test('arrow keys read out a mean with its spread', 'seeds', async page => {
  await page.$eval('#accuracy .keys', box => box.scrollIntoView());
  await settled(page);
  await page.focus('#accuracy .keys');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  const heard = await page.$eval('#accuracy .heard', box => box.textContent);
  assert.match(heard, /federated-iid: 80.2 % \(80.2 % to 80.2 %, 3 seeds\) at round 1/);
});

several_test('names with markup stay text', 'hostile', async page => {
  await scroll_through(page);
  await open_all_tables(page);
  await page.select('#accuracy select', 'all'); // of that many curves, some are left out at first
  const tips = [];
  for (const id of ['grams', 'accuracy']) {
    await page.$eval(`#${id} .keys`, box => box.scrollIntoView());
    await page.focus(`#${id} .keys`);
    for (let count = 0; count < 8; ++count) {
      await page.keyboard.press('ArrowDown');
      tips.push(...(await page.$$eval('.tip', all => all.map(tip => tip.textContent))));
    }
  }
  assert.ok(
    tips.some(tip => tip.includes(markup)),
    'a tooltip shows the markup as text',
  );
  assert.equal(await page.$$eval('img, script[src], iframe, a[href^="javascript"]', all => all.length), 0);
  assert.match(await page.$eval('#runs', runs => runs.textContent), /an <img src=x onerror=alert\(1\)> 1/);
});

// Weight ----------------------------------------------------------------------------------------------------------

test('a page of three runs is at most 1.5 MB, and its scripts end where they should', () => {
  const size = statSync(pages.seeds).size;
  console.log(`the page of four runs: ${size} bytes`);
  assert.ok(size <= 1.5e6);
  assert.equal(readFileSync(pages.hostile, 'utf8').split('</script').length - 1, 3);
});

// node --test repricing_test.mjs, with what browser.mjs needs and FEDGRAM in the environment: what the page of a real run
// prices anew, beside what `fedgram table` prints for the same choice.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {output, test_of} from './browser.mjs';
import {leave_out, page_cells, set_text} from './driven_page.mjs';
import {reduced, run_of} from './trained_runs.mjs';

const {FEDGRAM: fedgram} = process.env;
const run = fileURLToPath(new URL('../../results/reference/table4', import.meta.url));

const choices = [
  {
    countries: {DEU: 'Germany', IND: 'India', BRA: 'Brazil'},
    pue: '1.2,1.05',
    datacenter_devices: ['v100', 'a100'], // in the page's order
    edge_device: 'raspberry-pi-4',
    network: 'kwh_per_gb',
  },
  {
    countries: {CAF: 'Central African Republic', NOR: 'Norway'},
    pue: '1',
    datacenter_devices: ['t4'],
    edge_device: 'pixel-6',
    network: 'router',
  },
];

async function choose(page, choice) {
  for (const iso3 of Object.keys(choice.countries)) await set_text(page, '#country', iso3);
  for (const country of ['United States', 'China', 'France']) await leave_out(page, country);
  await set_text(page, '#pue', choice.pue);
  await page.$$eval(
    '#price .controls select',
    (all, edge, network) => {
      for (const select of all) {
        select.value = [...select.options].some(({value}) => value === edge) ? edge : network;
        select.dispatchEvent(new Event('change'));
      }
    },
    choice.edge_device,
    choice.network,
  );
  const boxes = await page.$$eval('.controls input[type=checkbox]', all => all.map(({value}) => value));
  for (const wanted of [true, false])
    for (const id of boxes) {
      const checked = await page.$eval(`input[value="${id}"]`, box => box.checked);
      if (choice.datacenter_devices.includes(id) === wanted && checked !== wanted)
        await page.click(`input[value="${id}"]`);
    }
}

// [country, [number, band], ...] of the Markdown table, row by row.
function table_cells(choice, folder = run, edge = ['--edge-device', choice.edge_device]) {
  const lines = execFileSync(
    fedgram,
    [
      ...['table', folder, '--format', 'md', '--countries', Object.keys(choice.countries).join(',')],
      ...['--pue', choice.pue, '--datacenter-device', choice.datacenter_devices.join(','), ...edge],
      ...['--network', choice.network],
    ],
    {encoding: 'utf8'},
  ).split('\n');
  const rows = lines
    .filter(line => line.startsWith('| '))
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    );
  const names = Object.values(choice.countries);
  return names.map(name => {
    const index = rows.findIndex(([first]) => first === name);
    const [, ...numbers] = rows[index];
    const bands = rows[index + 1]?.[0] === 'low-high' ? rows[index + 1].slice(1) : [];
    return [name, ...numbers.map((number, column) => [number, bands[column]].filter(Boolean))];
  });
}

function written_page(folder = run) {
  const file = path.join(output, 'repriced.html');
  execFileSync(fedgram, ['report', folder, '--html', file], {stdio: 'ignore'});
  return pathToFileURL(file).href;
}

// Groups in a place of their own and in the row's country.
const unlike_nodes = {
  name: 'unlike',
  data: {dataset: 'fashion-mnist', train_samples: 600},
  model: 'mlp-32',
  centralized: {learning_rate: 0.05, max_epochs: 2},
  federated: {
    nodes: 10,
    learning_rate: 0.05,
    max_rounds: 3,
    goal: 7,
    fleet: [
      {name: 'phones <b>', device: 'phone', share: 0.5, speed_deviation: 0.5, place: 'POL'},
      {name: 'Pis', device: 'raspberry-pi-4', share: 0.5, link: {download_mbit_s: 50, upload_mbit_s: 5}},
    ],
  },
  trainings: [
    {label: 'central', kind: 'centralized'},
    {label: 'unlike', kind: 'federated'},
  ],
};

// FedAvg, and two that are set beside it; the others have no yardstick.
const methods = {
  name: 'methods',
  data: {dataset: 'fashion-mnist', train_samples: 600},
  model: 'mlp-32',
  federated: {nodes: 4, learning_rate: 0.05, max_rounds: 2},
  trainings: [
    {label: 'fedavg', kind: 'federated'},
    {label: 'corrected', kind: 'federated', strategy: 'scaffold'},
    {label: 'adaptive', kind: 'federated', strategy: 'fedadam'},
    {label: 'alone', kind: 'federated', local_epochs: 2, optimizer: 'adamw', strategy: 'fedprox'},
    {
      label: 'private',
      kind: 'federated',
      gradient_clip: 1,
      secure_aggregation: true,
      privacy: {clip: 1, noise_multiplier: 0.5, delta: 0.01},
    },
  ],
};

for (const choice of choices)
  test_of(`the page prices ${Object.keys(choice.countries)} as fedgram table does`, () => written_page(), async page => {
    await choose(page, choice);
    const cells = await page_cells(page, '#repriced .emissions');
    const shown = cells.map(([country, ...numbers]) => [country, ...numbers.map(texts => texts.filter(Boolean))]);
    // The page has a PUE's columns device by device, as the table has.
    assert.deepEqual(shown, table_cells(choice));
  });

let folder_of_fleet;
test_of(
  'the page prices a fleet as fedgram table does, and shows its groups',
  () => written_page((folder_of_fleet = run_of(unlike_nodes))),
  async page => {
    const [choice] = choices;
    await choose(page, choice);
    const cells = await page_cells(page, '#repriced .emissions');
    const shown = cells.map(([country, ...numbers]) => [country, ...numbers.map(texts => texts.filter(Boolean))]);
    assert.deepEqual(shown, table_cells(choice, folder_of_fleet, []));

    const groups = await page.$$eval('#groups tbody tr', rows =>
      rows.map(row => [...row.children].map(({textContent}) => textContent)),
    );
    assert.deepEqual(
      groups.map(([name, device, amount, place]) => [name, device, amount, place]),
      [
        ['Pis', 'raspberry-pi-4', '50.0 %', 'USA'],
        ['phones <b>', 'phone', '50.0 %', 'POL'],
      ],
    );
  },
);

// The rows of a further table, by its first heading, which is among them.
function table_of(folder, corner) {
  const text = readFileSync(path.join(folder, 'table.md'), 'utf8');
  const lines = text.slice(text.indexOf(`| ${corner} |`)).split('\n');
  const rows = lines.slice(0, lines.indexOf('')).filter(line => line.startsWith('| '));
  return rows.map(line => line.split('|').slice(1, -1).map(cell => cell.trim()));
}

let folder_of_methods;
test_of(
  'the page shows what methods cost as fedgram table does',
  () => written_page((folder_of_methods = run_of(methods))),
  async page => {
    const [[, ...heads], ...rows] = table_of(folder_of_methods, 'Federated methods');
    assert.equal(rows.length, 6);
    const shown = await page.$$eval('#methods tr', all =>
      all.map(row => [...row.children].map(({textContent}) => textContent)),
    );
    assert.deepEqual(shown, [['training', ...heads], ...rows]);
    assert.equal(shown[2][0], 'corrected');
    assert.equal(shown[4].at(-1), '-');
    const hint = await page.$eval('#methods .hint', ({textContent}) => textContent);
    const text = readFileSync(path.join(folder_of_methods, 'table.md'), 'utf8');
    const sentences = /Messages of secure aggregation.*$/m.exec(text)[0];
    assert.ok(hint.endsWith(sentences), hint);
  },
);

let folder_of_reduced;
test_of(
  'the page shows smaller models as fedgram table does',
  () => written_page((folder_of_reduced = run_of(reduced))),
  async page => {
    const shown = await page.$$eval('#reductions table', tables =>
      tables.map(table => [...table.rows].map(row => [...row.cells].map(({textContent}) => textContent))),
    );
    const corners = ['Reduced models', 'J per 1000 inferences', 'gCO2e USA per 1000', 'Pays after'];
    assert.deepEqual(
      shown,
      corners.map(corner => table_of(folder_of_reduced, corner)),
    );
    assert.equal(shown[0].length, 5);
    const text = readFileSync(path.join(folder_of_reduced, 'table.md'), 'utf8');
    const hints = await page.$$eval('#reductions .hint', all => all.map(({textContent}) => textContent));
    assert.equal(hints.length, 3);
    assert.ok(hints[1].includes('Not able: '), hints[1]);
    for (const hint of hints) assert.ok(text.includes(`\n${hint}\n`), hint);
  },
);

test_of('a page of a run without levers has no section on them', () => written_page(), async page => {
  assert.equal(await page.$('#reductions'), null);
});

test_of('a page of plain FedAvg alone has no section on methods', () => written_page(), async page => {
  assert.equal(await page.$('#methods'), null);
});

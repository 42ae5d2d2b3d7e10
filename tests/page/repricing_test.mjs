// node --test repricing_test.mjs, with what browser.mjs needs and FEDGRAM in the environment: what the page of a real run
// prices anew, beside what `fedgram table` prints for the same choice.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {output, test_of} from './browser.mjs';
import {leave_out, page_cells, set_text} from './driven_page.mjs';

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
function table_cells(choice) {
  const lines = execFileSync(
    fedgram,
    [
      ...['table', run, '--format', 'md', '--countries', Object.keys(choice.countries).join(','), '--pue', choice.pue],
      ...['--datacenter-device', choice.datacenter_devices.join(','), '--edge-device', choice.edge_device],
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

function written_page() {
  const file = path.join(output, 'repriced.html');
  execFileSync(fedgram, ['report', run, '--html', file], {stdio: 'ignore'});
  return pathToFileURL(file).href;
}

for (const choice of choices)
  test_of(`the page prices ${Object.keys(choice.countries)} as fedgram table does`, written_page, async page => {
    await choose(page, choice);
    const cells = await page_cells(page, '#repriced .emissions');
    const shown = cells.map(([country, ...numbers]) => [country, ...numbers.map(texts => texts.filter(Boolean))]);
    // The page has a PUE's columns device by device, as the table has.
    assert.deepEqual(shown, table_cells(choice));
  });

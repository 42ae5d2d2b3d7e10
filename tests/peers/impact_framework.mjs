// node impact_framework.mjs FEDGRAM NODE_MODULES: writes manifests of the reference runs, has if-run compute them, and
// holds each cell's grams to those of the table as JSON. Ends with 1 at the first difference.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const [fedgram, modules] = process.argv.slice(2);
const yaml = createRequire(path.join(modules, 'any.js'))('js-yaml');
const reference = fileURLToPath(new URL('../../results/reference/', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'fedgram-manifest-'));

// A sum of some hundred terms in another order, each rounded to one part in 2^53.
const tolerance = 1e-12;

// What shuts the network off for a command, as root or as a user who may; nothing where neither is allowed.
const offline = [['unshare', '--net'], ['unshare', '--map-root-user', '--net']].find(
    ([program, ...options]) => spawnSync(program, [...options, 'true']).status === 0);
if (!offline) console.log('the network is on: unshare --net is not allowed here');

function computed(manifest) {
  writeFileSync(path.join(scratch, 'manifest.yaml'), manifest);
  const output = path.join(scratch, 'output.yaml');
  rmSync(output, {force: true});
  const command = [...(offline ?? []), process.execPath, path.join(modules, '@grnsft/if/build/if-run/index.js'),
                   '--manifest', 'manifest.yaml', '--output', output];
  execFileSync(command[0], command.slice(1), {cwd: scratch, stdio: ['ignore', 'ignore', 'inherit']});
  const result = yaml.load(readFileSync(output, 'utf8'));
  // if-run ends with 0 after an error too.
  assert.equal(result.execution.status, 'success', result.execution.error);
  return result.tree.children;
}

function relative_difference(ours, theirs) {
  assert.equal(typeof theirs, 'number');
  return ours === theirs ? 0 : Math.abs(theirs - ours) / Math.abs(ours);
}

// The table's cells and the manifest's children, each of them once, at the same grams.
function compare(what, folder, options = []) {
  const print = format => execFileSync(fedgram, ['table', folder, ...options, '--format', format], {encoding: 'utf8'});
  const manifest = print('impact-framework');
  assert.equal(print('impact-framework'), manifest, 'the same table gives the same bytes');
  const {cells} = JSON.parse(print('json'));
  const countries = computed(manifest);
  const names = cell => cell.column + (cell.reached_target === false ? ': not reached, spent so far' : '');
  assert.deepEqual(Object.entries(countries).flatMap(([country, {children}]) =>
                       Object.keys(children).map(child => country + '/' + child)),
                   cells.map(cell => cell.country + '/' + names(cell)));
  let largest = 0;
  for (const cell of cells) {
    const {aggregated, inputs} = countries[cell.country].children[names(cell)];
    const pairs = cell.reached_target === false
        ? [[cell.spent_gco2e, aggregated.carbon]]
        : [[cell.gco2e, aggregated.carbon], [cell.scope2_gco2e, aggregated['device/carbon']],
           [cell.network_gco2e, aggregated['network/carbon']]];
    for (const [ours, theirs] of pairs) {
      const difference = relative_difference(ours, theirs);
      assert.ok(difference <= tolerance, `${what}, ${cell.country}/${cell.column}: ${theirs} g, and ${ours} g here`);
      largest = Math.max(largest, difference);
    }
    assert.equal(inputs[0].pue, cell.pue ?? 1);
  }
  console.log(`${what}: ${cells.length} cells, largest relative difference ${largest.toExponential(1)}`);
  return {manifest, cells, steps: Object.values(Object.values(countries)[0].children)[0].inputs.length};
}

// A copy of a run with one of its files changed.
function changed(run, file, change) {
  const folder = path.join(scratch, 'run');
  cpSync(path.join(reference, run), folder, {recursive: true});
  const json = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  change(json);
  writeFileSync(path.join(folder, file), JSON.stringify(json));
  return folder;
}

try {
  compare('table4', path.join(reference, 'table4'));
  compare('table4-authors', path.join(reference, 'table4-authors'));
  compare('several places and a site', path.join(reference, 'table4'),
          ['--countries', 'USA,DEU', '--node-places', 'FRA,CHN,row', '--site', 'aws:eu-west-3', '--network',
           'kwh_per_gb']);
  compare('a missed target', changed('table4', 'summary.json', summary => {
    summary.trainings[1].reached_target = false;
  }));

  // A line so slow that the federated trainings take hours.
  const slow = changed('table4', 'spec.json', spec => { spec.accounting.link.upload_mbit_s = 0.01; });
  const by_the_hour = compare('by the hour', slow, ['--hourly', 'US-CAL-CISO', '--node-places', 'FRA,row']);
  assert.ok(by_the_hour.steps > 2, 'each hour is a time step');

  // Children may be added up: the shorter ones are as long as the longest.
  const sums = computed(by_the_hour.manifest.replace('type: time', 'type: both'));
  for (const [country, {aggregated}] of Object.entries(sums)) {
    const sum = by_the_hour.cells.filter(cell => cell.country === country).reduce((all, cell) => all + cell.gco2e, 0);
    assert.ok(relative_difference(sum, aggregated.carbon) <= tolerance);
  }

  // The check itself: what Impact Framework can't compute is seen.
  assert.throws(() => computed(by_the_hour.manifest.replace('pue: 1\n', 'pue: none\n')), /pue/);
} finally {
  rmSync(scratch, {recursive: true, force: true});
}

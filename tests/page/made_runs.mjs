// Run folders made of the reference run, for the pages of several runs and of sweeps.
import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const reference = fileURLToPath(new URL('../../results/reference/table4', import.meta.url));

function change(file, change_text) {
  writeFileSync(file, change_text(readFileSync(file, 'utf8')));
}

const change_json = (file, change_value) =>
  change(file, text => {
    const value = JSON.parse(text);
    change_value(value);
    return JSON.stringify(value);
  });

const without_lines = (file, is_out) =>
  change(file, text =>
    text
      .split('\n')
      .filter(line => line === '' || !is_out(JSON.parse(line)))
      .join('\n'),
  );

// The reference run with another seed, whose training `label` ended `fewer` rounds before; `spec` changes its
// specification, `text` each of its files.
export function made_run(folder, {seed = 1, fewer = 0, label = 'federated-iid', spec = () => {}, text = all => all}) {
  rmSync(folder, {recursive: true, force: true});
  cpSync(reference, folder, {recursive: true});
  const file = name => path.join(folder, name);
  change_json(file('spec.json'), value => {
    value.seed = seed;
    spec(value);
  });
  let last;
  change_json(file('summary.json'), value => {
    const training = value.trainings.find(other => other.label === label);
    last = training.rounds - fewer;
    training.rounds = last;
  });
  without_lines(file('rounds.jsonl'), line => line.label === label && line.round > last);
  without_lines(file('ledger.jsonl'), line => line.training === label && line.round > last);
  for (const name of ['spec.json', 'summary.json', 'rounds.jsonl', 'ledger.jsonl']) change(file(name), text);
  return folder;
}

// One that has crashed: it has no summary.
export function crashed_run(folder, options) {
  made_run(folder, options);
  rmSync(path.join(folder, 'summary.json'));
  return folder;
}

const combinations = entries =>
  entries.reduce((all, [key, values]) => all.flatMap(one => values.map(value => [...one, [key, value]])), [[]]);

const last_part = key => key.slice(key.lastIndexOf('.') + 1);

// A cell of table.json, as far as a sweep reads it.
const cell = (training, column, grams, has_result) => ({
  country: 'USA',
  training,
  column,
  gco2e: has_result ? grams : null,
  spent_gco2e: grams,
  low_gco2e: has_result ? grams / 2 : null,
  high_gco2e: has_result ? grams * 3 : null,
});

// A sweep's folder as `fedgram sweep` leaves it, of the specification and trainings of the reference run. `set` are
// values by key; `outcome` gives {grams, accuracy, rounds, reached} of a training in a run with such values and seed.
export function made_sweep(folder, {set, seeds, outcome, trainings}) {
  rmSync(folder, {recursive: true, force: true});
  const read = name => JSON.parse(readFileSync(path.join(reference, name), 'utf8'));
  const [spec, summary] = [read('spec.json'), read('summary.json')];
  for (const of of [spec, summary]) of.trainings = of.trainings.filter(({label}) => trainings.includes(label));
  const spec_text = JSON.stringify(spec);
  for (const values of combinations(Object.entries(set)))
    for (const seed of seeds) {
      const parts = values.map(([key, value]) => `${last_part(key)}-${String(value).replace(/[^A-Za-z0-9._-]/g, '-')}`);
      const run = path.join(folder, 'runs', [...parts, `seed-${seed}`].join('_'));
      mkdirSync(run, {recursive: true});
      const cells = summary.trainings.map(training => {
        const {grams, accuracy, rounds, reached} = outcome(training.label, Object.fromEntries(values), seed);
        const limit = reached ? 'target' : 'limit';
        Object.assign(training, {rounds, reached_target: reached, ended_by: limit});
        Object.assign(training, {test_accuracy: accuracy, best_test_accuracy: accuracy, virtual_seconds: rounds * 2.5});
        return cell(training.label, `${training.label}, jetson-tx2`, grams, reached);
      });
      writeFileSync(path.join(run, 'spec.json'), spec_text);
      writeFileSync(path.join(run, 'summary.json'), JSON.stringify(summary));
      writeFileSync(path.join(run, 'table.json'), JSON.stringify({cells}));
    }
  writeFileSync(path.join(folder, 'sweep.json'), JSON.stringify({format: 1, spec: 'made-up', set, seeds}));
  return folder;
}

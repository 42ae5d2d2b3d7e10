// Runs that are trained for a test, with FEDGRAM and OUTPUT in the environment.
import {execFileSync} from 'node:child_process';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';

const {FEDGRAM: fedgram, OUTPUT: output} = process.env;

// The folder of the run, in OUTPUT under the specification's name and what the test calls it.
export function run_of(specification, name = specification.name) {
  mkdirSync(output, {recursive: true});
  const spec = path.join(output, `${name}.json`);
  const folder = path.join(output, name);
  rmSync(folder, {recursive: true, force: true});
  writeFileSync(spec, JSON.stringify(specification));
  execFileSync(fedgram, ['run', spec, '--out', folder], {stdio: 'ignore'});
  return folder;
}

// A centralized model through three levers, one of which no device without int8 can compute.
export const reduced = {
  name: 'reduced',
  data: {dataset: 'fashion-mnist', train_samples: 600},
  model: 'small-cnn',
  centralized: {max_epochs: 1},
  trainings: [{label: 'central', kind: 'centralized'}],
  reductions: [
    {label: 'pruned', training: 'central', levers: [{lever: 'prune', epochs: 0}]},
    {label: 'filters', training: 'central', levers: [{lever: 'prune-filters'}]},
    {label: 'int8', training: 'central', levers: [{lever: 'quantize', calibration_samples: 50}]},
  ],
  accounting: {inference: {devices: ['v100', 'nucleo-l4r5zi', 'ndp9120'], per_second: 2}},
};

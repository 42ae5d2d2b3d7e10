// node --test life_test.mjs, with FEDGRAM and OUTPUT in the environment and without a browser: what the page computes of
// lives beside what `fedgram lifecycle` does, number by number.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {reduced, run_of} from './trained_runs.mjs';

const {FEDGRAM: fedgram, OUTPUT: output} = process.env;
const folder = new URL('../../common/report/page/', import.meta.url);
const table4 = fileURLToPath(new URL('../../results/reference/table4', import.meta.url));
const scripts = ['digits.js', 'pricing.js', 'life.js'].map(file => readFileSync(new URL(file, folder), 'utf8'));
const page = new Function(`'use strict'; ${scripts.join('\n')}; return {lives_by, seven_digits};`)();

const printed = args => execFileSync(fedgram, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});

// The page's data, as it stands in the file.
function data_of(run, options) {
  mkdirSync(output, {recursive: true});
  const file = path.join(output, 'life.html');
  printed(['report', run, '--html', file, ...options]);
  const html = readFileSync(file, 'utf8');
  const [, data] = /<script[^>]*id="data"[^>]*>(.*?)<\/script>/s.exec(html);
  rmSync(file);
  return JSON.parse(data).lifecycle;
}

function assert_same(shown, command, where) {
  if (typeof command === 'number' && typeof shown === 'number') {
    const size = Math.max(Math.abs(shown), Math.abs(command));
    assert.ok(Math.abs(shown - command) <= 1e-9 * size, `${where}: ${shown} on the page, ${command} by the command`);
  } else if (command !== null && typeof command === 'object') {
    for (const key of Object.keys(command)) assert_same(shown?.[key], command[key], `${where}.${key}`);
  } else {
    assert.equal(shown, command, where);
  }
}

// The command's names of what the page has as parts of a life.
const with_own_names = life =>
  life.possible
    ? {
        ...life,
        before_use_gco2e: life.before_use.gco2e,
        low_before_use_gco2e: life.before_use.low_gco2e,
        high_before_use_gco2e: life.before_use.high_gco2e,
        gco2e_per_1000: 1000 * life.per_prediction.gco2e,
        low_gco2e_per_1000: 1000 * life.per_prediction.low_gco2e,
        high_gco2e_per_1000: 1000 * life.per_prediction.high_gco2e,
      }
    : life;

const in_the_page = [
  ...['joules', 'low_joules', 'high_joules', 'kwh', 'gco2e', 'low_gco2e', 'high_gco2e', 'embodied_gco2e', 'usd'],
  ...['low_embodied_gco2e', 'high_embodied_gco2e'],
  ...['device_seconds', 'electricity_usd', 'rent_usd', 'before_use_gco2e', 'low_before_use_gco2e', 'lower_bound'],
  ...['high_before_use_gco2e', 'gco2e_per_1000', 'low_gco2e_per_1000', 'high_gco2e_per_1000', 'devices', 'load'],
];

function compare(run, options, rates) {
  const data = data_of(run, ['--predictions', '1/day', ...options]);
  for (const [per_day, years] of rates) {
    const command = JSON.parse(
      printed(['lifecycle', run, '--predictions', `${per_day}/day`, '--years', String(years), ...options, '--json']),
    );
    const shown = page.lives_by(data, per_day, years * 365.25);
    assert_same(shown.plan, command.plan, 'plan');
    assert.equal(shown.lives.length, command.lives.length);
    for (const [index, life] of command.lives.entries()) {
      const own = with_own_names(shown.lives[index]);
      assert.equal(own.life, life.life);
      assert.equal(own.possible, life.why_not === null);
      if (!own.possible) continue;
      const where = `${life.life} at ${per_day} a day`;
      for (const key of in_the_page) assert_same(own[key], life[key], `${where}: ${key}`);
      assert.equal(own.parts.length, life.parts.length, where);
      for (const [number, {share_of_joules: _, share_of_gco2e: __, ...part}] of life.parts.entries())
        assert_same(own.parts[number], part, `${where}: ${part.stage}`);
    }
    assert.equal(shown.break_even.length, command.break_even.length);
    for (const [index, pair] of command.break_even.entries())
      assert_same(shown.break_even[index], pair, `${pair.greener} and ${pair.other} at ${per_day} a day`);
  }
}

const rates = [
  [1, 1],
  [1000, 2.5],
  [1e6, 2],
  [3e8, 0.5],
  [1e12, 100],
];

test('lives on devices of all kinds are those of the command at any number of predictions', () => {
  const devices = 't4,tpu-v3,brainwave-stratix-10,brainwave-arria-10,tpu-v1,v100,edge,nucleo-l4r5zi';
  compare(table4, ['--device', devices, '--on-device', 'phone', '--failed-share', '0.88'], rates);
});

test('lives in batches, with network and retraining, are those of the command', () => {
  const network = ['--request-bytes', '784', '--answer-bytes', '40'];
  compare(table4, ['--device', 't4,a100', '--batch', '16', ...network, '--retrain-every', '90d', '--on-device'], rates);
});

test('lives of smaller models, and where they pay, are those of the command', () => {
  const run = run_of(reduced, 'reduced-lives');
  compare(run, ['--device', 'v100,t4,tpu-v4i,edge-tpu,nucleo-l4r5zi', '--on-device', '--retrain-every', '30d'], rates);
});

test('seven digits are those of fedgram explain', () => {
  const {seven_digits} = page;
  assert.equal(seven_digits(7.305e8), '7.305e+08');
  assert.equal(seven_digits(375.3559123), '375.3559');
  assert.equal(seven_digits(0.0005940436), '0.0005940436');
  assert.equal(seven_digits(0.00001234), '1.234e-05');
  assert.equal(seven_digits(1), '1');
  assert.equal(seven_digits(9999999.6), '1e+07');
  assert.equal(seven_digits(1234567), '1234567');
});

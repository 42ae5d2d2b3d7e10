// The page's numbers, without a browser: digits as C++ prints them, and cells priced from a column's energies.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {reference_report} from './fixture.mjs';

const folder = new URL('../../common/report/page/', import.meta.url);
const names = [
  'significant',
  'banded',
  'band_text',
  'mean_text',
  'percent',
  'tick',
  'own_view',
  'own_choice',
  'chosen_view',
];
const scripts = ['digits.js', 'pricing.js'].map(file => readFileSync(new URL(file, folder), 'utf8'));
const page = new Function(`'use strict'; ${scripts.join('\n')}; return {${names.join(', ')}};`)();

test('a number has so many significant digits and never an exponent', () => {
  const {significant} = page;
  assert.equal(significant(9.996), '10.0');
  assert.equal(significant(0.00000123456), '0.00000123');
  assert.equal(significant(1234567), '1230000');
  assert.equal(significant(-0.0456, 2), '-0.046');
  assert.equal(significant(999.6, 3), '1000');
  assert.equal(significant(0), '0');
  assert.equal(significant(NaN), '?');
  assert.equal(significant(1e-120, 2), `0.${'0'.repeat(119)}10`);
});

// std::to_chars goes to the even digit where the double is exactly in the middle. 0.15 and 2.675 aren't: as doubles
// they are 0.1499999999999999944 and 2.67499999999999982.
test('an exact middle is rounded to the even digit, as in C++', () => {
  const {significant} = page;
  assert.equal(significant(0.125, 2), '0.12');
  assert.equal(significant(0.375, 2), '0.38');
  assert.equal(significant(2.5, 1), '2');
  assert.equal(significant(3.5, 1), '4');
  assert.equal(significant(1.25, 2), '1.2');
  assert.equal(significant(-1.25, 2), '-1.2');
  assert.equal(significant(1024.5, 4), '1024');
  assert.equal(significant(0.15, 1), '0.1');
  assert.equal(significant(2.675, 3), '2.67');
});

test('a number has the digits that its band deserves', () => {
  const {banded, band_text} = page;
  assert.equal(banded(0.2328612343554286, 0.0969, 0.8398), '0.23');
  assert.equal(banded(1.2345, 1.2245, 1.2445), '1.23'); // 0.8 %
  assert.equal(banded(1.2345, 1.2344, 1.2346), '1.234'); // the double lies below the middle
  assert.equal(banded(1.2345, 1.2345, 1.2345), '1.23');
  assert.equal(band_text(0.0969, 1.23), '0.097-1.2');
  assert.equal(band_text(1.2344, 1.2346), '1.234-1.235');
  assert.equal(band_text(1, 1), '');
});

test('a mean has three digits, and its deviation as many places, as in C++', () => {
  const {mean_text} = page;
  assert.equal(mean_text(0.04018, 0.00112), '0.0402 ± 0.0011');
  assert.equal(mean_text(12.34, 0.26), '12.3 ± 0.3');
  assert.equal(mean_text(1234, 5.5), '1230 ± 6');
  assert.equal(mean_text(0.04018, null), '0.0402');
});

test('a share is cut to a tenth of a percent', () => {
  assert.equal(page.percent(0.8996), '89.9 %');
  assert.equal(page.percent(0.9), '90.0 %');
  assert.equal(page.percent(1), '100.0 %');
});

test('a tick has no zeros at its end', () => {
  assert.deepEqual(
    [0, 0.2, 100, 0.0000001, 1200].map(value => page.tick(value)),
    ['0', '0.2', '100', '0.0000001', '1200'],
  );
});

test('the run’s own choice priced anew is the run’s own table', () => {
  const report = reference_report();
  const own = page.own_view(report);
  const anew = page.chosen_view(report, page.own_choice(report));
  assert.deepEqual(
    anew.columns.map(column => column.heading),
    own.columns.map(column => column.heading),
  );
  for (const [row, cells] of own.cells.entries())
    for (const [index, cell] of cells.entries())
      for (const key of ['grams', 'low', 'high'])
        assert.ok(
          Math.abs(anew.cells[row][index][key] / cell[key] - 1) < 1e-12,
          `${key} of ${own.columns[index].heading}`,
        );
});

// node co2js.mjs NODE_MODULES: a line for each country of grid_intensity.csv that CO2.js knows, then the summary. Ends
// with 1 where datasets/records/SOURCES.md has another one.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

const modules = process.argv[2];
const theirs = createRequire(path.join(modules, 'any.js'))('@tgwf/co2').averageIntensity.data;
const records = new URL('../../datasets/records/', import.meta.url);

// The package doesn't say of which year a value is; data/output/average-intensities.json in its repository does (commit
// 6628f83): 2024 where it isn't one of these. It has 2023 for ARE and SAU, whose values have become ours of 2024 since.
const years = new Map();
const set_years = (year, codes) => codes.split(' ').forEach(code => years.set(code, year));
set_years(2022, 'ABW BHS CPV CAF TCD COK FLK FRO GUF PYF GRL GRD GLP GUM GNB HTI JAM JOR KIR LSO MAC MDG MWI MTQ MRT ' +
                'MSR NPL NCL PRK PSE REU KNA LCA SPM STP LKA SYR UGA UKR');
set_years(2023, 'AFG ALB DZA ASM AGO ATG BHR BRB BLZ BEN BTN BWA BRN BFA BDI CMR CYM COM COG COD CIV CUB DJI DMA GNQ ' +
                'ERI SWZ ETH FJI GAB GMB GHA GTM GIN GUY HND HKG ISL IDN IRQ ISR LAO LBN LBR LBY MDV MLI MUS MOZ NAM ' +
                'NRU NIC NER PAN PNG PRY RWA VCT WSM SEN SYC SLE SLB SOM SSD SDN SUR TZA TGO TON TTO TKM TCA UZB VUT ' +
                'VEN VGB VIR YEM ZMB ZWE');
const other_names = {WLD: 'WORLD', EUU: 'EU'};

// The program's default choice: lifecycle, Ember, the latest year up to 2024 (GridChoice).
const by_year = new Map();
for (const line of readFileSync(new URL('grid_intensity.csv', records), 'utf8').trim().split('\n').slice(1)) {
  const [iso3, , year, intensity, basis, source] = line.split(',');
  if (basis !== 'lifecycle' || source !== 'ember-2026') continue;
  if (!by_year.has(iso3)) by_year.set(iso3, new Map());
  by_year.get(iso3).set(Number(year), Number(intensity));
}

const ratio_of = (ours, their) => (ours === their ? 1 : ours / their);
const agree = (ours, their) => Math.abs(ratio_of(ours, their) - 1) <= 0.05;

const rows = [];
const missing = [];
for (const [iso3, values] of by_year) {
  const their = theirs[other_names[iso3] ?? iso3];
  if (their === undefined) {
    missing.push(iso3);
    continue;
  }
  const year = Math.max(...[...values.keys()].filter(candidate => candidate <= 2024));
  const ours = values.get(year);
  const their_year = years.has(iso3) ? years.get(iso3) : 2024;
  const same_year = values.get(their_year);
  const cause = agree(ours, their) ? 'within 5 %'
      : their_year === year        ? 'revision'
      : agree(same_year, their)    ? 'year'
                                   : 'year and revision';
  rows.push({iso3, ours, year, their, their_year, ratio: ratio_of(ours, their), cause, equal: same_year === their});
}
rows.sort((a, b) => a.ratio - b.ratio);

console.log('country  ours  year  CO2.js  year  ratio  difference');
for (const {iso3, ours, year, their, their_year, ratio, cause} of rows)
  console.log([iso3, ours, year, their, their_year, ratio.toFixed(3), cause].join('  '));

const percent_of = count => Math.round(100 * count / rows.length) + ' %';
const of_cause = cause => rows.filter(row => row.cause === cause);
const line_of = (cause, text) => {
  const members = of_cause(cause);
  const listed = cause === 'within 5 %' ? '' : members.map(({iso3, ratio}) => `${iso3} ${ratio.toFixed(2)}`).join(', ');
  return `| ${cause} | ${members.length} | ${text} | ${listed} |`;
};
const equal = rows.filter(row => row.equal).length;
const summary = `
${rows.length} compared; ${equal} of them (${percent_of(equal)}) are, to the last digit, ours of the year that CO2.js has. Not in CO2.js: ${missing.join(', ')}.

| difference | countries | cause | ours / CO2.js |
|---|---:|---|---|
${line_of('within 5 %', '')}
${line_of('year', 'CO2.js has an earlier year; ours of that year is within 5 % of it')}
${line_of('revision', 'the same year, whose figures Ember has revised since')}
${line_of('year and revision', 'an earlier year, and ours of that year is another figure by now')}
`;
console.log(summary);

const page = readFileSync(new URL('SOURCES.md', records), 'utf8');
const written = page.match(/<!-- co2js:begin -->(.*)<!-- co2js:end -->/s)?.[1];
if (written !== summary) {
  console.error('co2js.mjs: the summary above is not the one in datasets/records/SOURCES.md; put it there between the ' +
                'marks, and see whether the text around it still holds');
  process.exit(1);
}

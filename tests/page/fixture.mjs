// Data documents for the report page, made of the reference run, and the page with such a document in it.
import {readFileSync} from 'node:fs';

const root = new URL('../../', import.meta.url);
const read = path => readFileSync(new URL(path, root), 'utf8');
const read_lines = path => read(path).trim().split('\n');

const run = 'results/reference/table4/';
const phases = ['download', 'train', 'upload', 'idle'];

// Whatever it holds, the page's text is put in as it is: a replacement by a text would read "$&" in it.
const put = (page, mark, text) => page.replace(`@${mark}@`, () => text);

export function page_of(report) {
  const folder = 'common/report/page/';
  const scripts = read_lines(folder + 'scripts.txt')
    .map(name => read(folder + name))
    .join('\n');
  const data = JSON.stringify(report).replaceAll('<', '\\u003c');
  const title = report.title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return [
    ['CONNECT', "'none'"],
    ['TITLE', title],
    ['STYLE', read(folder + 'page.css')],
    ['CHARTS', read(folder + 'charts.min.js')],
    ['SCRIPT', scripts],
    ['DATA', data],
  ].reduce((page, [mark, text]) => put(page, mark, text), read(folder + 'page.html'));
}

function cumulative(values) {
  let sum = 0;
  return values.map(value => (sum += value));
}

function rounds_of(label, lines, ledger, grams_per_joule) {
  const own = lines.filter(line => line.label === label);
  const joules = own.map(({round}) =>
    ledger
      .filter(
        line =>
          line.training === label && line.round === round && phases.includes(line.phase) && line.node !== 'coordinator',
      )
      .reduce((all, line) => all + line.joules, 0),
  );
  return {
    round: own.map(line => line.round),
    test_accuracy: own.map(line => line.test_accuracy),
    virtual_seconds: cumulative(own.map(line => line.virtual_seconds)),
    joules: cumulative(joules),
    gco2e: cumulative(joules).map(value => value * grams_per_joule),
  };
}

// So skewed that it can be seen: node k has most of class k, and the more the larger k is.
function holdings_of(nodes, classes) {
  const counts = Array.from({length: nodes}, (_, node) =>
    Array.from(
      {length: classes},
      (_, label) => (node % classes === label ? 900 : (node * 7 + label * 13) % 90) + 3 * (node % 10),
    ),
  );
  const names = count => Array.from({length: count}, (_, index) => String(index));
  return {nodes: names(nodes), classes: names(classes), counts, left_out: 0};
}

function node_test_of(nodes) {
  const accuracies = Array.from({length: nodes}, (_, index) => 0.62 + (0.35 * (index + 1)) / nodes);
  return {mean_accuracy: 0.8125, worst_tenth_accuracy: accuracies[0], accuracies};
}

function training_of(training, lines, ledger, grams_per_joule) {
  const federated = training.kind === 'federated';
  const own = lines.filter(line => line.label === training.label);
  return {
    label: training.label,
    kind: training.kind,
    set_up: federated ? `10 nodes, partition ${training.label.replace('federated-', '')}` : 'all data in one place',
    reached_target: training.reached_target,
    diverged: false,
    rounds: rounds_of(training.label, lines, ledger, grams_per_joule),
    participants: own.map(line => line.participants),
    holdings: federated ? holdings_of(10, 10) : null,
    node_test: federated ? node_test_of(10) : null,
  };
}

// The ends of a column's band, apart for devices and network. The table has their sum; the router's part is in
// proportion to its watts.
function band_end(column, joules, router_share) {
  const network = column.network_joules * router_share;
  return {
    device_joules: (joules - network) / (column.pue ?? 1),
    network_joules: {router: network, kwh_per_gb: column.network_joules_by_the_other_method * router_share},
  };
}

function pricing_column(column, table) {
  const busy = column.device_seconds * 0.6;
  return {
    training: table.trainings.findIndex(training => training.label === column.training),
    device: column.device,
    train_joules: column.train_joules,
    download_joules: column.download_joules,
    upload_joules: column.upload_joules,
    idle_joules: column.idle_joules,
    virtual_seconds: column.virtual_seconds,
    busy_seconds: busy,
    waiting_seconds: column.idle_joules > 0 ? (column.device_seconds - busy) / 2 : 0,
    transfer_seconds: column.idle_joules > 0 ? (column.device_seconds - busy) / 2 : 0,
    network_joules: {router: column.network_joules, kwh_per_gb: column.network_joules_by_the_other_method},
    least: band_end(column, column.low_joules, 4.2 / 7.5),
    most: band_end(column, column.high_joules, 20 / 7.5),
  };
}

// Ember's lifecycle average of 2024 or the latest year before, as `fedgram grid` has it.
function countries_of_record() {
  const latest = new Map();
  for (const line of read_lines('datasets/records/grid_intensity.csv').slice(1)) {
    const [iso3, name, year, intensity, basis, source] = line
      .match(/("[^"]*"|[^,]*)(,|$)/g)
      .map(part => part.replace(/,$/, '').replaceAll('"', ''));
    if (
      basis === 'lifecycle' &&
      source === 'ember-2026' &&
      Number(year) <= 2024 &&
      !(latest.get(iso3)?.year > Number(year))
    )
      latest.set(iso3, {iso3, name, gco2e_per_kwh: Number(intensity), year: Number(year), basis, source});
  }
  return [...latest.values()];
}

function pricing_of(table) {
  const devices = table.accounting.datacenter_devices.map(({id, name}) => ({id, name}));
  const {id, name} = table.accounting.edge_device;
  const first_pue = table.accounting.pue[0];
  return {
    countries: countries_of_record(),
    shown: {
      countries: table.accounting.countries.map(country => country.iso3),
      pue: table.accounting.pue,
      datacenter_devices: devices.map(device => device.id),
      edge_device: id,
      network: 'router',
      idle: true,
    },
    datacenter_devices: devices,
    edge_devices: [{id, name}],
    columns: table.columns
      .filter(column => column.pue === null || column.pue === first_pue)
      .map(column => pricing_column(column, table)),
  };
}

function influences_of(table) {
  const intensity = table.accounting.countries[0].gco2e_per_kwh;
  const grams = joules => (joules / 3.6e6) * intensity;
  return table.columns.flatMap(({column, influences}) =>
    influences
      .slice(0, 3)
      .map(({figure, from, to, joules_at_from, joules_at_to}) => ({
        column,
        figure,
        from,
        to,
        gco2e_from: grams(joules_at_from),
        gco2e_to: grams(joules_at_to),
      })),
  );
}

function published_of(table) {
  return {
    title: 'Qiu et al. 2020: Can Federated Learning Save The Planet?',
    source: 'https://arxiv.org/abs/2010.06537',
    cells: table.cells
      .filter(cell => 'published' in cell)
      .map(cell => ({
        country: cell.country,
        column: cell.column,
        published: cell.published,
        ours: cell.gco2e,
        ratio: cell.gco2e / cell.published,
      })),
  };
}

// By hand, as `fedgram analyze --json` gives it: three configurations, of which the last one has no p99, the default
// that breaks the goal, and a load.
export function serving_of(name) {
  const standing = (configuration, throughput, p99, more) => ({
    device: 't4',
    model: 'float32',
    configuration,
    concurrency: 64,
    throughput_per_s: throughput,
    requests: 1000,
    p99_ms: p99,
    memory_bytes: 6e6,
    accuracy: 0.901,
    joules_per_1000: 8.8,
    low_joules_per_1000: 7,
    high_joules_per_1000: 11,
    gco2e_per_1000: 0.25,
    idle_share: 0.125,
    core_seconds_per_1000: null,
    stable: true,
    keeps_constraints: true,
    curve: [],
    ...more,
  });
  const curve = [1, 4, 16, 64].map(concurrency => ({
    concurrency,
    p99_ms: 1 + concurrency / 5,
    throughput_per_s: 400 * Math.sqrt(concurrency),
    memory_bytes: 6e6,
  }));
  const loads = [
    {
      load: 'at capacity',
      requests_per_s: 3400,
      devices: 1,
      p99_ms: null,
      joules_per_1000: 7.5,
      gco2e_per_1000: null,
      idle_share: 0,
      stable: true,
      keeps_constraints: false,
    },
  ];
  return {
    analysis: name,
    format: 1,
    model: 'federated-iid of results/mine',
    devices: ['t4', 'a100'],
    goal: 'maximizing throughput; p99 latency at most 15.0 ms, throughput at least 500 answers/s',
    sentence: 'In 40 measurements across 12 configurations, float32 with 2 instances is the best.',
    constraints: [
      {metric: 'p99 latency', at_most: 15},
      {metric: 'throughput', at_least: 500},
    ],
    best: [
      standing('float32 with 2 instances and batches of at most 8', 3200, 13.8, {curve, loads, usd_per_1000: 0.0125}),
      standing('float32 with 1 instance and batches of at most 8', 1600, 14.5, {
        curve: curve.map(point => ({...point, throughput_per_s: point.throughput_per_s / 2})),
      }),
      standing('float32 with 1 instance and no batches', 1500, null, {}),
    ],
    default: standing('float32 with 1 instance and no batches', 400, 160, {keeps_constraints: false}),
    notes: ['t4: watts enclose the card.'],
  };
}

const chain_of = cell =>
  `${cell.country}, ${cell.column}\n` +
  Array.from({length: 40}, (_, line) => `  step ${line + 1}: as fedgram explain prints it`).join('\n');

export function reference_report() {
  const table = JSON.parse(read(run + 'table.json'));
  const rounds = read_lines(run + 'rounds.jsonl').map(line => JSON.parse(line));
  const ledger = read_lines(run + 'ledger.jsonl').map(line => JSON.parse(line));
  const grams_per_joule = table.accounting.countries[0].gco2e_per_kwh / 3.6e6;
  return {
    format: 1,
    fedgram: '0.1.0',
    name: table.name,
    title: table.title,
    question: 'Is federated training greener than centralized training of table4 to 90.0 % test accuracy?',
    answer:
      'In the United States centralized training on a v100 at PUE 1.11 emits least, 0.027 g (0.0067-0.10), and ' +
      'federated-iid 0.13 g (0.055-0.47); the figures don’t tell the two apart.',
    stop_rule: table.stop_rule,
    target_accuracy: table.target_accuracy,
    seed: 1,
    notes: ['Boundaries differ: v100, k80 without the rest of the machine around it, jetson-tx2 as a module.'],
    machine: {cpu_model: 'AMD EPYC', engine: 'native Fedgram 0.1.0, AVX-512', fedgram: '0.1.0'},
    table,
    published: published_of(table),
    trainings: table.trainings.map(training => training_of(training, rounds, ledger, grams_per_joule)),
    pricing: pricing_of(table),
    chains: Object.fromEntries(table.cells.map(cell => [`${cell.country}|${cell.column}`, chain_of(cell)])),
    sources: [
      {
        id: 'ember-2026',
        text: 'Ember (2026), Yearly Electricity Data, CC BY 4.0',
        url: 'https://ember-energy.org/data/yearly-electricity-data/',
      },
      {
        id: 'brander-2011',
        text: 'Brander et al. 2011, electricity-specific emission factors for grid electricity',
        url: null,
      },
    ],
    influences: influences_of(table),
    serving: [serving_of('t4')],
  };
}

// Three trainings of 1,500 rounds, and 1,000 nodes.
export function large_report() {
  const report = reference_report();
  const count = 1500;
  const each = make => Array.from({length: count}, (_, index) => make(index + 1));
  for (const [index, training] of report.trainings.entries()) {
    training.rounds = {
      round: each(round => round),
      test_accuracy: each(round => (round % 10 === 7 ? null : 0.9 - (0.8 - index / 10) / Math.sqrt(round))),
      virtual_seconds: each(round => round * (index + 1)),
      joules: each(round => round * 30 * (index + 1)),
      gco2e: each(round => round * 0.003 * (index + 1)),
    };
    training.participants = each(() => 100);
    if (training.holdings) training.holdings = holdings_of(1000, 10);
    if (training.node_test) training.node_test = node_test_of(1000);
  }
  return report;
}

// Every text that isn't a key the page looks up, with `markup` in it.
export function hostile_report(markup) {
  const report = JSON.parse(
    JSON.stringify(reference_report()).replaceAll('federated-iid', JSON.stringify(markup).slice(1, -1)),
  );
  report.table.accounting.countries[0].name = `United ${markup}`;
  report.pricing.countries.find(country => country.iso3 === 'USA').name = `United ${markup}`;
  report.notes = [`a note ${markup}`];
  report.question = `Is ${markup} greener?`;
  report.title = `${markup} </title></script><script>alert(1)</script>`;
  report.sources.push({id: markup, text: `</script>${markup}`, url: 'javascript:alert(1)'});
  for (const {holdings} of report.trainings) if (holdings) holdings.classes[0] = markup;
  report.serving[0] = {...serving_of(markup), sentence: markup, notes: [markup]};
  report.serving[0].best[0].configuration = markup;
  return report;
}

// One training that missed its target, one that diverged, and a grid without emissions.
export function missed_report() {
  const report = reference_report();
  const miss = (label, more) => {
    Object.assign(
      report.trainings.find(training => training.label === label),
      {reached_target: false, ...more},
    );
    for (const cell of report.table.cells.filter(cell => cell.training === label)) {
      const spent = {
        spent_gco2e: cell.gco2e,
        spent_low_gco2e: cell.low_gco2e,
        spent_high_gco2e: cell.high_gco2e,
        best_test_accuracy: 0.8512,
      };
      Object.assign(cell, spent, more, {gco2e: null, low_gco2e: null, high_gco2e: null, reached_target: false});
    }
  };
  miss('federated-iid', {});
  miss('federated-noniid', {diverged: true});
  report.table.energy_ratios = report.table.energy_ratios.filter(
    pair => !`${pair.column}${pair.over}`.includes('federated'),
  );
  report.table.accounting.countries[2].gco2e_per_kwh = 0;
  report.pricing.countries.find(country => country.iso3 === 'FRA').gco2e_per_kwh = 0;
  for (const cell of report.table.cells.filter(cell => cell.country === 'FRA' && cell.gco2e !== null))
    Object.assign(cell, {gco2e: 0, low_gco2e: 0, high_gco2e: 0, gco2e_per_kwh: 0});
  return report;
}

// A row by the hour, nodes in several places, a figure without a band, and trainings without a target.
export function hourly_report() {
  const report = reference_report();
  const {accounting, cells} = report.table;
  accounting.countries[0] = {
    hourly: 'US-CAL-CISO',
    start: '2020-09-14T06:00:00Z',
    basis: 'lifecycle',
    source: 'a file',
    filled: ['2020-09-14T08:00:00Z', '2020-09-14T09:00:00Z'],
    forecasts: ['2020-09-14T12:00:00Z'],
  };
  accounting.node_places = [accounting.countries[2], null, {hourly: 'US-CAL-CISO'}];
  accounting.datacenter_sites = [{provider: 'aws', region: 'eu-west-3', pue: 1.1}];
  delete accounting.network.router_w.low;
  delete accounting.network.router_w.high;
  for (const cell of cells) {
    if (cell.country === 'USA') cell.country = 'US-CAL-CISO';
    cell.reached_target = null;
  }
  for (const training of report.trainings)
    Object.assign(training, {reached_target: null, holdings: null, node_test: null});
  report.trainings[0].rounds.gco2e = report.trainings[0].rounds.gco2e.map(() => null);
  Object.assign(report, {target_accuracy: null, published: null, influences: [], seed: null, serving: []});
  report.machine.cpu_model = null;
  report.pricing.shown.countries[0] = 'US-CAL-CISO';
  return report;
}

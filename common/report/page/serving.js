// How the run's models are best served, as its analyses found: tables as in the text report, and a chart for each.

// With the ranks of the best, and the default last.
const ranked_configurations = ({best, default: by_default}) => [
  ...best.map((one, index) => [String(index + 1), one]),
  ...(by_default ? [['default', by_default]] : []),
];


// Rounded as C++ does: from the middle to the even one.
function whole_percent(share) {
  const value = 100 * share;
  const below = Math.floor(value);
  return `${value - below === 0.5 ? below + (below % 2) : Math.round(value)} %`;
}

const standing_text = ({stable, keeps_constraints: kept}) => (!stable ? 'not stable' : kept ? 'kept' : 'broken');
const load_standing = ({keeps_constraints: kept}) => (is_known(kept) ? (kept ? 'kept' : 'broken') : 'p99 unknown');
const probe_load_text = ({rate_per_s: rate, concurrency: clients}) => (is_known(rate) ? `${rate}/s` : plural(clients, 'client'));

// "0.11 (0.024-0.38)"
function banded_cost(value, low, high) {
  if (!is_known(value) || !is_known(low) || !is_known(high) || low === high) return known(value, significant);
  return `${banded(value, low, high)} (${band_text(low, high)})`;
}

// As [heading, text], of 1,000 answers.
function answer_costs(one) {
  const plain = key => known(one[key], significant);
  const network = key => banded_cost(one[key], one[`low_${key}`], one[`high_${key}`]);
  return [
    ['J/1000', banded_cost(one.joules_per_1000, one.low_joules_per_1000, one.high_joules_per_1000)],
    ['g/1000', banded_cost(one.gco2e_per_1000, one.low_gco2e_per_1000, one.high_gco2e_per_1000)],
    ['idle', known(one.idle_share, whole_percent)],
    ['core-s/1000', plain('core_seconds_per_1000')],
    ['device-s/1000', plain('device_seconds_per_1000')],
    ['USD/1000', plain('usd_per_1000')],
    ['network J/1000', network('network_joules_per_1000')],
    ['network g/1000', network('network_gco2e_per_1000')],
  ];
}

const configuration_row = ([rank, one]) => [
  ['', rank],
  ['constraints', standing_text(one)],
  ['device', one.device],
  ['configuration', element('span', {className: 'words'}, one.configuration)],
  ['load', probe_load_text(one)],
  ['answers/s', significant(one.throughput_per_s)],
  ['p99 ms', known(one.p99_ms, significant)],
  ['of requests', String(one.requests)],
  ['memory MB', known(one.memory_bytes, in_millions)],
  ['accuracy', known(one.accuracy, percent)],
  ...answer_costs(one),
];

const priced_load_row = (rank, load) => [
  ['', rank],
  ['constraints', load_standing(load)],
  ['load', load.load + (load.stable ? '' : ', not stable')],
  ['requests/s', significant(load.requests_per_s)],
  ['devices', String(load.devices)],
  ['p99 ms', known(load.p99_ms, significant)],
  ['of requests', known(load.requests, String)],
  ...answer_costs(load),
];

// Without the columns that nothing is known of.
function known_columns(rows) {
  const shown = rows[0].map((_, at) => rows.some(row => row[at][1] !== '-'));
  const of_shown = (row, part) => row.filter((_, at) => shown[at]).map(cell => cell[part]);
  return text_table(
    of_shown(rows[0], 0),
    rows.map(row => of_shown(row, 1)),
  );
}

// Throughput against p99 -------------------------------------------------------------------------------------------

// A logarithmic axis has no place for 0.
const latency_points = ({curve: points}) =>
  points.filter(({p99_ms: p99}) => p99 > 0).map(point => [point.p99_ms, point.throughput_per_s, point_load(point)]);

const point_load = ({rate, concurrency}) => (is_known(rate) ? `${rate}/s` : plural(concurrency, 'client'));

// By its rank in the table: all that it is takes more room than a narrow window has.
const standing_name = rank => `configuration ${rank}`;

// The goal's bound of a figure, if it has one.
const goal_bound = ({constraints}, metric, side) => constraints.find(one => one.metric === metric)?.[side];

function goal_series(name, data) {
  const {ink} = palette();
  return {
    name,
    type: 'line',
    data,
    showSymbol: false,
    symbol: 'none',
    silent: true,
    itemStyle: {color: ink},
    lineStyle: {color: ink, type: [10, 5], width: 1.5},
  };
}

// Each as its name and the two ends of its line.
function goal_bounds(analysis, points) {
  const p99 = goal_bound(analysis, 'p99 latency', 'at_most');
  const least = goal_bound(analysis, 'throughput', 'at_least');
  const across = [...points.map(([x]) => x), ...(is_known(p99) ? [p99] : [])];
  const up = [...points.map(([, y]) => y), ...(is_known(least) ? [least] : [])];
  const bounds = [];
  const add = (name, ...ends) => bounds.push([name, ends]);
  if (is_known(p99)) add(`p99 at most ${significant(p99)} ms`, [p99, 0], [p99, Math.max(...up)]);
  if (is_known(least))
    add(`at least ${significant(least)} answers/s`, [Math.min(...across), least], [Math.max(...across), least]);
  return bounds;
}

const serving_tooltip = () => ({
  ...curve_tooltip(),
  formatter: hits =>
    lines(
      ...hits
        .filter(hit => hit.seriesId.startsWith('curve'))
        .map(
          ({seriesName, value: [p99, throughput, load]}) =>
            `${seriesName}: ${significant(throughput)} answers/s at a p99 of ${significant(p99)} ms, ${load}`,
        ),
    ),
});

function serving_option(analysis, width) {
  const shown = analysis.best
    .map((one, index) => ({name: standing_name(index + 1), index, points: latency_points(one)}))
    .filter(({points}) => points.length > 0);
  const all = shown.flatMap(({points}) => points);
  const bounds = goal_bounds(analysis, all);
  const option = curves_option({
    names: [...shown.map(({name}) => name), ...bounds.map(([name]) => ({name, icon: dashed_icon}))],
    width,
    x_title: 'p99 latency, ms (logarithmic)',
    // Its first label has no room on the left, where the other axis' 0 stands.
    x_more: {type: 'log', min: log_floor(all.map(([x]) => x)), axisLabel: {alignMinLabel: 'left'}},
    y_title: 'throughput, answers/s',
    series: [
      ...shown.flatMap(({name, index, points}) => curve(name, index, points)),
      ...bounds.map(([name, data]) => goal_series(name, data)),
    ],
  });
  return {...option, yAxis: y_axis('throughput, answers/s', {min: 0}), tooltip: serving_tooltip()};
}

function serving_rows({best}) {
  return {
    heads: ['', 'device', 'configuration', 'load', 'p99, ms', 'answers/s', 'memory, MB'],
    rows: best.flatMap((one, index) =>
      one.curve.map(point => [
        String(index + 1),
        one.device,
        one.configuration,
        point_load(point),
        significant(point.p99_ms),
        significant(point.throughput_per_s),
        known(point.memory_bytes, in_millions),
      ]),
    ),
  };
}

function serving_chart(analysis) {
  if (analysis.best.every(one => latency_points(one).length === 0)) return null;
  const caption = `Throughput against p99 latency of ${analysis.analysis}, a curve for each of its best configurations.`;
  return new Chart(caption, {
    option: width => serving_option(analysis, width),
    rows: () => serving_rows(analysis),
  }).figure;
}

// The section ------------------------------------------------------------------------------------------------------

function serving_tables(analysis) {
  const {analysis: name} = analysis;
  if (analysis.best.length === 0) return [];
  const all = ranked_configurations(analysis);
  const loads = all.flatMap(([rank, {loads: rows = []}]) => rows.map(row => priced_load_row(rank, row)));
  const best = scroll_box(`The best configurations of ${name}`, known_columns(all.map(configuration_row)));
  if (loads.length === 0) return [best];
  const hint = element('p', {className: 'hint'}, 'By load, of 1000 answers');
  return [best, hint, scroll_box(`Loads of ${name}`, known_columns(loads))];
}

function serving_parts(analysis) {
  const {analysis: name, model, devices, goal, sentence, notes} = analysis;
  return [
    element('p', {}, element('strong', {}, name), `: ${model} on ${devices.join(', ')}; ${goal}. ${sentence}`),
    ...serving_tables(analysis),
    serving_chart(analysis),
    notes_list(notes),
  ];
}

// "FRA at 40.5 gCO2e/kWh"; empty of an analysis without grams.
function grid_words({country, grid_gco2e_per_kwh: grid, best}) {
  if (is_known(country) && is_known(grid)) return `${country} at ${significant(grid)} gCO2e/kWh`;
  return best.some(one => is_known(one.gco2e_per_1000)) ? "a grid that it doesn't name" : '';
}

// Where grams are of several grids, whose each analysis's are.
function grids_line(analyses) {
  const words = analyses.map(one => [one.analysis, grid_words(one)]).filter(([, grid]) => grid !== '');
  if (new Set(words.map(([, grid]) => grid)).size < 2) return [];
  const all = words.map(([name, grid]) => `${name} of ${grid}`).join('; ');
  return [
    element('p', {}, `Grams of these analyses don't compare, as they are of different grids: ${all}.`),
  ];
}

// Nothing of a run that nobody analyzed.
function serving_section({serving = []}) {
  return serving.length > 0 ? section('serving', 'Serving', ...serving.flatMap(serving_parts), ...grids_line(serving)) : null;
}

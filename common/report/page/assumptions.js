// What the grams rest on, and where it comes from.

// By the hour a source has lists of those hours that aren't as they were measured.
function source_text({source, filled, forecasts}) {
  const hours = (list, what) => (list ? `, ${list.length} h ${what}` : '');
  return `${source ?? '-'}${hours(filled, 'filled in')}${hours(forecasts, 'forecast')}`;
}

function grid_rows(table) {
  return own_countries(table).map(({name, gco2e_per_kwh, year, basis, hourly, ...grid}) => [
    name,
    hourly ? 'hourly' : known(gco2e_per_kwh, significant),
    known(year, String),
    basis ?? '-',
    source_text(grid),
  ]);
}

// A figure may have one end of a band alone: the other is its value.
function figure_band({value, low = value, high = value}) {
  return low === high ? '' : `${tick(low, 3)} to ${tick(high, 3)}`;
}

const figure_row = ([name, figure]) => [
  name,
  known(figure.value, value => tick(value)),
  figure_band(figure),
  figure.standing ?? '-',
  figure.source ?? '-',
];

function device_details(device) {
  const rows = Object.entries(device.figures).map(figure_row);
  return element(
    'details',
    {},
    element('summary', {}, `${device.id}: ${device.name}, the watts of its ${device.boundary}`),
    scroll_box(`Figures of ${device.id}`, text_table(['figure', 'value', 'band', 'standing', 'source'], rows)),
  );
}

const is_figure = value => is_known(value) && typeof value === 'object' && 'value' in value;

// "network.method" -> "router", for all that isn't a table of its own.
function plain_settings(accounting) {
  const {countries, datacenter_devices, edge_device, ...others} = accounting;
  const flat = (value, path) => {
    if (is_figure(value)) return [[path, figure_text(value)]];
    if (Array.isArray(value) || !is_known(value) || typeof value !== 'object') return [[path, setting_text(value)]];
    return Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
  };
  return flat(others, '');
}

function figure_text(figure) {
  const [, value, band, standing, source] = figure_row(['', figure]);
  return `${value}${band ? ` (${band})` : ''}, ${standing}: ${source}`;
}

// Of a node's place, a site or a number; null is a place in the row's country.
function item_text(item) {
  if (item === null) return 'the row’s country';
  return typeof item === 'object' ? (item.name ?? item.hourly ?? `${item.provider}:${item.region}`) : String(item);
}

function setting_text(value) {
  if (!is_known(value) || value.length === 0) return 'none';
  if (Array.isArray(value)) return value.map(item_text).join(', ');
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

function sources_list(sources) {
  return element(
    'ul',
    {className: 'sources'},
    ...sources.map(({id, text, url}) => element('li', {}, element('b', {}, id), ': ', link(text, url))),
  );
}

function assumptions_section(report) {
  const {accounting} = report.table;
  return section(
    'assumptions',
    'Assumptions and their sources',
    scroll_box(
      'Grid intensities',
      text_table(['grid', 'gCO2e/kWh', 'year', 'basis', 'source'], grid_rows(report.table)),
    ),
    scroll_box('Settings', text_table(['setting', 'value'], plain_settings(accounting))),
    ...[...accounting.datacenter_devices, accounting.edge_device].map(device_details),
    sources_list(report.sources),
  );
}

function machine_section(report) {
  const {cpu_model, engine, fedgram} = report.machine;
  const rows = [
    ['processor', cpu_model ?? 'unknown'],
    ['engine', engine ?? 'unknown'],
    ['Fedgram', fedgram],
    ['seed', known(report.seed, String)],
    ...report.trainings.map(({label, kind, set_up, participants}) => [
      label,
      [kind, set_up, participants_text(participants)].filter(Boolean).join('; '),
    ]),
  ];
  return section(
    'machine',
    'Machine and version',
    scroll_box('Machine and version', text_table(['what', 'value'], rows)),
    element('p', {className: 'hint'}, 'The machine simulated; what it drew itself is in no number above.'),
  );
}

function participants_text(participants) {
  if (participants.length === 0) return 'no rounds';
  const [least, most] = [Math.min(...participants), Math.max(...participants)];
  return `${least === most ? least : `${least} to ${most}`} in a round, ${plural(participants.length, 'round')}`;
}

// What the grams rest on, and where it comes from.

function grid_rows(countries) {
  return countries.map(({name, gco2e_per_kwh, year, basis, source, hourly}) =>
    [name, hourly ? 'hourly' : known(gco2e_per_kwh, significant), known(year, String), basis ?? '-', source ?? '-']);
}

const figure_row = ([name, {value, low, high, standing, source}]) =>
  [name, known(value, significant), low === high || !is_known(low) ? '' : `${significant(low)} to ${significant(high)}`, standing ?? '-', source ?? '-'];

function device_details(device) {
  const rows = Object.entries(device.figures).map(figure_row);
  return element('details', {}, element('summary', {}, `${device.id}: ${device.name}, the watts of its ${device.boundary}`),
                 scroll_box(`Figures of ${device.id}`, text_table(['figure', 'value', 'band', 'standing', 'source'], rows)));
}

const is_figure = value => is_known(value) && typeof value === 'object' && 'value' in value;

// "network.method" -> "router", for all that isn't a table of its own.
function plain_settings(accounting) {
  const {countries, datacenter_devices, edge_device, ...others} = accounting;
  const flat = (value, path) => {
    if (is_figure(value)) return [[path, `${significant(value.value)} (${significant(value.low)} to ${significant(value.high)}), ${value.standing}: ${value.source}`]];
    if (Array.isArray(value) || !is_known(value) || typeof value !== 'object') return [[path, setting_text(value)]];
    return Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
  };
  return flat(others, '');
}

function setting_text(value) {
  if (!is_known(value) || value.length === 0) return 'none';
  if (Array.isArray(value)) return value.map(item => (typeof item === 'object' ? JSON.stringify(item) : String(item))).join(', ');
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

function sources_list(sources) {
  return element('ul', {className: 'sources'}, ...sources.map(({id, text, url}) => element('li', {}, element('b', {}, id), ': ', link(text, url))));
}

function assumptions_section(report) {
  const {accounting} = report.table;
  return section('assumptions', 'Assumptions and their sources',
                 scroll_box('Grid intensities', text_table(['grid', 'gCO2e/kWh', 'year', 'basis', 'source'], grid_rows(accounting.countries))),
                 scroll_box('Settings', text_table(['setting', 'value'], plain_settings(accounting))),
                 ...[...accounting.datacenter_devices, accounting.edge_device].map(device_details),
                 sources_list(report.sources));
}

function machine_section(report) {
  const {cpu_model, engine, fedgram} = report.machine;
  const rows = [['processor', cpu_model ?? 'unknown'], ['engine', engine ?? 'unknown'], ['Fedgram', fedgram], ['seed', known(report.seed, String)],
                ...report.trainings.map(({label, kind, set_up, participants}) =>
                  [label, `${kind}; ${set_up}; ${participants_text(participants)}`])];
  return section('machine', 'Machine and version', scroll_box('Machine and version', text_table(['what', 'value'], rows)),
                 element('p', {className: 'hint'}, 'The machine simulated; what it drew itself is in no number above.'));
}

function participants_text(participants) {
  if (participants.length === 0) return 'no rounds';
  const [least, most] = [Math.min(...participants), Math.max(...participants)];
  return `${least === most ? least : `${least} to ${most}`} in a round, ${plural(participants.length, 'round')}`;
}

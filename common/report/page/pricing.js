// What each training emits where it is shown: as the run was priced, or as the reader chooses.
//
// A view is {countries, columns, cells}. A column: {heading, training, device, pue, energy}. A cell, cells[country]
// [column]: {grams, low, high}, or {words} where there is no number.

// Of a training, or a cell of one, without a result.
const words_without_result = ({interrupted, diverged}) =>
  (interrupted ? 'interrupted' : diverged ? 'diverged' : 'not reached');

const joules_per_kilowatt_hour = 3.6e6;

const missed_words = training =>
  training.interrupted || training.diverged || training.reached_target === false ? words_without_result(training) : null;

// Before PUE, what counts. Of a centralized training, download and upload are zero, and it never waits.
function counted_phases(column, idle_counts) {
  return {
    train: column.train_joules,
    download: column.download_joules,
    upload: column.upload_joules,
    waiting: idle_counts ? column.idle_joules : 0,
  };
}

function grams(device_joules, network_joules, pue, intensity) {
  const by_grid = joules => (joules / joules_per_kilowatt_hour) * intensity;
  return by_grid(device_joules * pue) + by_grid(network_joules);
}

// `places` are those of a fleet's groups: what each draws, and the intensity of its own grid or null.
function priced_column(heading, source, pue, choice) {
  const phases = counted_phases(source, choice.idle);
  const devices = sum(Object.values(phases));
  const network = source.network_joules[choice.network];
  const end = energy => ({devices: energy.device_joules, network: energy.network_joules[choice.network]});
  const places = (source.places ?? []).map(place => ({
    intensity: place.gco2e_per_kwh,
    likely: end(place.likely),
    least: end(place.least),
    most: end(place.most),
  }));
  return {
    places,
    heading,
    training: source.training,
    device: source.device,
    pue,
    energy: {...phases, overhead: devices * ((pue ?? 1) - 1), network},
    likely: {devices, network},
    least: end(source.least),
    most: end(source.most),
  };
}

// The columns in the order and under the headings of the run's own table.
function chosen_columns(report, choice) {
  const source = (training, device) =>
    report.pricing.columns.find(column => column.training === training && column.device === device);
  const centralized = report.trainings.filter(training => training.kind === 'centralized').length;
  return report.trainings.flatMap((training, index) => {
    const column = (device, pue, heading) => {
      const found = source(index, device);
      return found ? [priced_column(heading, found, pue, choice)] : [];
    };
    if (source(index, 'fleet')) return column('fleet', null, `${training.label}, fleet`);
    if (training.kind === 'federated')
      return column(choice.edge_device, null, `${training.label}, ${choice.edge_device}`);
    const label = centralized > 1 ? `${training.label}, ` : '';
    return choice.pue.flatMap(pue =>
      choice.datacenter_devices.flatMap(device => column(device, pue, `${label}${device}, PUE ${pue}`)),
    );
  });
}

function chosen_cell(report, column, intensity) {
  const words = missed_words(report.trainings[column.training]);
  if (words) return {words};
  const parts = column.places.length > 0 ? column.places : [{...column, intensity: null}];
  const at = end =>
    sum(parts.map(part => grams(part[end].devices, part[end].network, column.pue ?? 1, part.intensity ?? intensity)));
  return {grams: at('likely'), low: at('least'), high: at('most')};
}

function chosen_view(report, choice) {
  const countries = choice.countries.map(iso3 => report.pricing.countries.find(country => country.iso3 === iso3));
  const columns = chosen_columns(report, choice);
  const cells = countries.map(country => columns.map(column => chosen_cell(report, column, country.gco2e_per_kwh)));
  return {countries, columns, cells};
}

function own_column(report, column) {
  const phases = counted_phases(column, report.table.accounting.idle);
  const overhead = column.device_joules - sum(Object.values(phases));
  return {
    heading: column.column,
    training: report.trainings.findIndex(training => training.label === column.training),
    device: column.device,
    pue: column.pue,
    energy: {...phases, overhead: column.pue === null ? 0 : overhead, network: column.network_joules},
  };
}

function own_cell(cell) {
  if (cell.gco2e === null) return {words: words_without_result(cell)};
  return {grams: cell.gco2e, low: cell.low_gco2e, high: cell.high_gco2e};
}

// The table's rows. A grid by the hour has no name of its own but what its cells call it.
function own_countries({accounting, columns, cells}) {
  return accounting.countries.map((country, index) => {
    const iso3 = cells[index * columns.length].country;
    return {...country, iso3, name: country.name ?? iso3};
  });
}

function own_view(report) {
  const {columns, cells} = report.table;
  const countries = own_countries(report.table);
  const row = index => cells.slice(index * columns.length, (index + 1) * columns.length);
  return {
    countries,
    columns: columns.map(column => own_column(report, column)),
    cells: countries.map((_, index) => row(index).map(own_cell)),
  };
}

// A row that is no country of record, as a grid by the hour, can't be chosen again.
function own_choice({pricing}) {
  const can_be_chosen = iso3 => pricing.countries.some(country => country.iso3 === iso3);
  return {...structuredClone(pricing.shown), countries: pricing.shown.countries.filter(can_be_chosen)};
}

const same_choice = (one, other) => JSON.stringify(one) === JSON.stringify(other);

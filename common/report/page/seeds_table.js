// The table of several runs: for each setting, whose runs differ in the seed alone, mean and deviation in each cell.

const headings_of = settings => [...new Set(settings.flatMap(({columns}) => columns))];

const seed_cell = (setting, iso3, heading) =>
  setting.table.cells.find(({country, column}) => country === iso3 && column === heading);

// "2 of 3 runs"; without a target each run has a result.
function reached_text({reached}, {runs}) {
  return reached === runs.length ? plural(reached, 'run') : `${reached} of ${plural(runs.length, 'run')}`;
}

const mean_of = cell => (cell.reached > 0 ? mean_text(cell.mean_gco2e, cell.deviation_gco2e) : 'not reached');

function mean_cell(setting, iso3, heading) {
  const cell = seed_cell(setting, iso3, heading);
  if (!cell) return element('td', {}, '-');
  const [number, deviation] = mean_of(cell).split(' ± ');
  const runs = reached_text(cell, setting);
  return element(
    'td',
    {},
    element('span', {className: cell.reached > 0 ? 'number' : 'words'}, number),
    element('span', {className: 'band'}, deviation ? `± ${deviation}, ${runs}` : runs),
  );
}

// A row for each country of each setting; the setting's name only where there are several.
function setting_rows(setting, headings, is_one_of_several) {
  return setting.countries.map(({iso3, name}) =>
    element(
      'tr',
      {},
      is_one_of_several ? element('th', {scope: 'row'}, setting.name) : null,
      is_one_of_several ? element('td', {className: 'country'}, name) : element('th', {scope: 'row'}, name),
      ...headings.map(heading => mean_cell(setting, iso3, heading)),
    ),
  );
}

function seeds_table(settings) {
  const headings = headings_of(settings);
  const is_one_of_several = settings.length > 1;
  const heads = [
    ...(is_one_of_several ? ['setting', 'gCO2e'] : ['gCO2e']),
    ...headings.map(heading => element('span', {}, ...heading_parts(heading))),
  ];
  const rows = settings.flatMap(setting => setting_rows(setting, headings, is_one_of_several));
  return scroll_box(
    'Grams of CO2e by setting, country and training',
    element('table', {className: 'means'}, element('thead', {}, row_of('th', heads)), element('tbody', {}, ...rows)),
  );
}

function seeds_answer_section({question, answers, settings, notes}) {
  const seeds = settings.map(({table}) => table.seeds.join(', '));
  const same = new Set(seeds).size === 1;
  const hint =
    'Mean, beneath it the standard deviation (of the sample, n - 1) and how many runs both are of: those with a result' +
    `${same ? `, seeds ${seeds[0]}` : ''}.${settings.length > 1 ? ` ${likely_hint}` : ''}`;
  return element(
    'section',
    {id: 'answer', 'aria-labelledby': 'question'},
    element('h1', {id: 'question'}, question),
    ...answers.map(answer => element('p', {className: 'answer'}, answer)),
    seeds_table(settings),
    element('p', {className: 'hint'}, hint),
    notes_list(notes),
  );
}

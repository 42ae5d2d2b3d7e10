// Mean grams by country, with whiskers from the least to the most of the seeds: of one setting each column, of several
// each setting in the column that the reader chooses.

const setting_column = (setting, column) => ({setting, column});

// As pricing.js describes a view; a bar is a setting's column.
function seeds_view(settings, bars, heading_of) {
  const cell_at = (iso3, {setting, column}) => {
    const cell = seed_cell(setting, iso3, column);
    if (!cell || cell.reached === 0) return {words: cell ? 'not reached' : 'not in it'};
    const {least_gco2e: low, most_gco2e: high, mean_gco2e: grams} = cell;
    const spread = low < high ? `from ${significant(low)} to ${significant(high)} g` : 'no spread';
    return {grams, low, high, lines: [`${mean_of(cell)} g`, `${spread}, ${reached_text(cell, setting)}`]};
  };
  const {countries} = settings[0];
  return {
    countries,
    columns: bars.map(bar => ({heading: heading_of(bar)})),
    cells: countries.map(({iso3}) => bars.map(bar => cell_at(iso3, bar))),
  };
}

function seeds_rows(view) {
  return {
    heads: ['country', view.is_of_settings ? 'setting' : 'column', 'gCO2e, g', 'least to most, runs'],
    rows: view.countries.flatMap((country, row) =>
      view.columns.map(({heading}, index) => {
        const {words, lines = []} = view.cells[row][index];
        return [country.name, heading, words ?? lines[0], lines[1] ?? ''];
      }),
    ),
  };
}

function seeds_grams_section({settings}) {
  const headings = headings_of(settings);
  const several = settings.length > 1;
  let chosen = headings[headings.length - 1];
  const view_now = () =>
    several
      ? seeds_view(
          settings,
          settings.map(setting => setting_column(setting, chosen)),
          ({setting}) => setting.name,
        )
      : seeds_view(
          settings,
          headings.map(heading => setting_column(settings[0], heading)),
          ({column}) => column,
        );
  const choose = select(
    'Column',
    headings.map(heading => [heading, heading]),
    chosen,
    heading => {
      chosen = heading;
      update_charts();
    },
  );
  return grams_chart_section(view_now, {
    caption: 'Mean grams of CO2e over the seeds; a whisker reaches from the least to the most of them.',
    rows: view => seeds_rows({...view, is_of_settings: several}),
    controls: several ? [choose] : [],
  });
}

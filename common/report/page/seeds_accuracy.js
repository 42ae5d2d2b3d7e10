// Accuracy on the way to the target: a curve for each training of each setting, the mean over its seeds.

const all_trainings = 'all';
const most_curves = 8; // that a reader can follow at once

const curve_name = ({setting, training}, several) => (several ? `${setting}: ${training}` : training);

const full_percent = fraction => 100 * fraction;

function mean_points(curve, key) {
  return curve[key].map((x, at) => [
    x,
    ...[curve.test_accuracy[at], curve.least[at], curve.most[at]].map(full_percent),
    curve.seeds[at],
  ]);
}

// From the least to the most, beneath the curve and under its name. Its numbers are those of the axes, so that these
// reach to them.
function spread_area(name, index, points) {
  const corners = api => [
    ...points.map(([x, , , most]) => api.coord([x, most])),
    ...points.map(([x, , least]) => api.coord([x, least])).reverse(),
  ];
  return {
    name,
    type: 'custom',
    data: points.map(([x, , least, most]) => [x, least, most]),
    encode: {x: 0, y: [1, 2]},
    renderItem: (params, api) =>
      params.dataIndex === 0
        ? {type: 'polygon', shape: {points: corners(api)}, style: {fill: series_color(index), opacity: 0.2}}
        : null,
    itemStyle: {color: series_color(index)},
    silent: true,
    clip: true,
    z: 1,
  };
}

const seeds_words = (least, most, seeds) =>
  seeds > 1 ? ` (${percent(least / 100)} to ${percent(most / 100)}, ${seeds} seeds)` : ' (1 seed)';

function seeds_accuracy_rows(curves, several) {
  const row = (curve, at) => [
    curve_name(curve, several),
    String(curve.round[at]),
    percent(curve.test_accuracy[at]),
    `${percent(curve.least[at])} to ${percent(curve.most[at])}`,
    known(curve.deviation[at], deviation => percent(deviation)),
    String(curve.seeds[at]),
    significant(curve.virtual_seconds[at]),
    significant(curve.joules[at]),
    significant(curve.gco2e[at]),
  ];
  return {
    heads: [
      'training',
      'round',
      `mean ${accuracy_name()}`,
      'least to most',
      'deviation',
      'seeds',
      'virtual time, s',
      'energy, J',
      'gCO2e, g',
    ],
    rows: curves.flatMap(curve => curve.round.map((_, at) => row(curve, at))),
  };
}

// Nothing where no run has an accuracy.
function seeds_accuracy_section({curves, settings, country}) {
  if (curves.length === 0) return null;
  const several = settings.length > 1;
  const trainings = [...new Set(curves.map(({training}) => training))];
  let chosen = curves.length > most_curves ? trainings[trainings.length - 1] : all_trainings;
  const shown = () => curves.filter(({training}) => chosen === all_trainings || training === chosen);
  const choose = select(
    'Training',
    [all_trainings, ...trainings].map(name => [name, name]),
    chosen,
    name => {
      chosen = name;
      update_charts();
    },
  );
  const targets = [...new Set(settings.map(setting => setting.target_accuracy).filter(is_known))];
  const option = (axis, width) =>
    progress_option({
      all: shown().map(one => ({name: curve_name(one, several), points: mean_points(one, axis.key)})),
      targets,
      axis,
      width,
      series: ({name, points}, index) => [...curve(name, index, points), spread_area(name, index, points)],
      more: seeds_words,
    });
  const caption =
    'Test accuracy on the way to the target: the mean over the seeds, shaded from the least to the most. In each ' +
    'round, of the seeds that got to it; time, energy and grams are their means too, in the training’s first column.';
  return progress_section({
    caption,
    axes: progress_axes(country),
    option,
    rows: () => seeds_accuracy_rows(shown(), several),
    controls: several && trainings.length > 1 ? [choose] : [],
  });
}

// A sweep by two of its axes: the mean over all others in each cell. What takes a target is of the trainings that
// reached it: a cell that none of them reached is hatched, and one that some missed has a corner cut.

// Cells of the chosen axes, each {x, y, runs, reached, ...means}.
function map_cells({maps}, {across, down, training}) {
  const axes = [Math.min(across, down), Math.max(across, down)];
  const {cells} = maps.find(map => map.training === training && map.axes.every((axis, at) => axis === axes[at]));
  return cells.map(({at, ...means}) => ({x: at[across < down ? 0 : 1], y: at[across < down ? 1 : 0], ...means}));
}

const is_shown = ({of_reached}, {reached}) => !of_reached || reached > 0;

// Lines over a cell, or one of its corners.
function missed_shape({x, y, width, height}, is_whole) {
  const {ink, muted} = palette();
  if (!is_whole)
    return {
      type: 'polygon',
      shape: {
        points: [
          [x + width, y],
          [x + width, y + 9],
          [x + width - 9, y],
        ],
      },
      style: {fill: ink, stroke: palette().ground},
    };
  const steps = Math.floor((width + height) / 8);
  const line = step => {
    const from = step * 8;
    return {
      type: 'line',
      shape: {
        x1: x + Math.min(from, width),
        y1: y + Math.max(0, from - width),
        x2: x + Math.max(0, from - height),
        y2: y + Math.min(from, height),
      },
      style: {stroke: muted, lineWidth: 1},
    };
  };
  return {type: 'group', children: Array.from({length: steps}, (_, step) => line(step + 1))};
}

function missed_series(cells, measure) {
  const missed = measure.of_reached ? cells.filter(({reached, runs}) => reached < runs) : [];
  return {
    type: 'custom',
    silent: true,
    data: missed.map(({x, y}) => [x, y]),
    renderItem: (params, api) => {
      const {x, y, reached} = missed[params.dataIndex];
      const [middle_x, middle_y] = api.coord([x, y]);
      const [width, height] = api.size([1, 1]);
      const cell = {x: middle_x - width / 2, y: middle_y - height / 2, width, height};
      return missed_shape(cell, reached === 0);
    },
    z: 4,
  };
}

function map_tooltip(report, {across, down}, measure, cell) {
  const [of_x, of_y] = [report.axes[across], report.axes[down]];
  return lines(
    `${of_x.name} ${of_x.values[cell.x]}, ${of_y.name} ${of_y.values[cell.y]}`,
    `${measure.name}: ${measure_mean(measure, cell)}`,
    `reached in ${runs_text(cell)}`,
  );
}

function sweep_map_option(report, chosen, width) {
  const {across, down, measure} = chosen;
  const cells = map_cells(report, chosen);
  const shown = cells.filter(cell => is_shown(measure, cell));
  const values = shown.map(cell => cell[measure.key].mean);
  const [least, most] = [Math.min(...values, Infinity), Math.max(...values, 0)];
  const share = value => (most > least ? (value - least) / (most - least) : 0);
  const {name: x_name, values: x_values} = report.axes[across];
  const {name: y_name, values: y_values} = report.axes[down];
  const has_numbers = (width - 110) / x_values.length > 58;
  const square = cell => {
    const {mean} = cell[measure.key];
    return {
      value: [cell.x, cell.y, mean],
      label: {show: has_numbers, formatter: measure_text(measure, mean), color: ink_on(share(mean)), fontSize: 11},
    };
  };
  const texts = values.length > 0 ? [measure_text(measure, most), measure_text(measure, least)] : ['', ''];
  const y_names = {interval: 0, width: label_width(width), overflow: 'truncate'};
  return {
    height: 40 + title_height + y_values.length * 34 + axis_height,
    visualMap: {
      ...heat_scale(values.length > 0 ? least : 0, Math.max(most, least === Infinity ? 1 : least), texts),
      seriesIndex: 0,
    },
    grid: grid(40),
    xAxis: category_axis(x_axis, x_name, x_values),
    yAxis: category_axis(y_axis, y_name, y_values, {inverse: true, nameLocation: 'start', axisLabel: y_names}),
    series: [
      {
        type: 'heatmap',
        itemStyle: {borderColor: palette().ground, borderWidth: 1},
        emphasis: {disabled: true},
        data: shown.map(square),
        tooltip: {formatter: ({dataIndex}) => map_tooltip(report, chosen, measure, shown[dataIndex])},
      },
      missed_series(cells, measure),
    ],
  };
}

function sweep_map_rows(report, chosen) {
  const {across, down, measure} = chosen;
  const cells = map_cells(report, chosen);
  const [of_x, of_y] = [report.axes[across], report.axes[down]];
  const text = (x, y) => {
    const cell = cells.find(other => other.x === x && other.y === y);
    return cell ? `${measure_mean(measure, cell)}, ${runs_text(cell)}` : '-';
  };
  return {
    heads: [of_y.name, ...of_x.values.map(value => `${of_x.name} ${value}`)],
    rows: of_y.values.map((value, y) => [value, ...of_x.values.map((_, x) => text(x, y))]),
  };
}

// Nothing where fewer than two things are varied.
function sweep_map_section(report) {
  const {axes, trainings} = report;
  if (axes.length < 2) return null;
  const chosen = {across: 0, down: 1, training: trainings[trainings.length - 1], measure: measures[0]};
  const chart = new Chart(
    'The mean over all that isn’t on an axis. Hatched: no training reached the target there; a corner: some missed it, ' +
      'and are in no mean of what it took.',
    {
      option: width => sweep_map_option(report, chosen, width),
      rows: () => sweep_map_rows(report, chosen),
    },
  );
  const names = axes.map(({name}, index) => [String(index), name]);
  const boxes = {};
  // An axis is in one place alone: the two change places.
  const choose_axis = (key, other) => value => {
    const before = chosen[key];
    chosen[key] = Number(value);
    if (chosen[other] === chosen[key]) {
      chosen[other] = before;
      boxes[other].querySelector('select').value = String(before);
    }
    chart.update();
  };
  boxes.across = select('Across', names, '0', choose_axis('across', 'down'));
  boxes.down = select('Down', names, '1', choose_axis('down', 'across'));
  const training = select(
    'Training',
    trainings.map(name => [name, name]),
    chosen.training,
    name => {
      chosen.training = name;
      chart.update();
    },
  );
  const shown = select(
    'Shown',
    measures.map(({key, name}) => [key, name]),
    chosen.measure.key,
    key => {
      chosen.measure = measures.find(measure => measure.key === key);
      chart.update();
    },
  );
  const controls = [boxes.across, boxes.down, ...(trainings.length > 1 ? [training] : []), shown];
  return section('map', 'Map of two keys', element('div', {className: 'controls'}, ...controls), chart.figure);
}

// Who holds what: samples by class and node, and by node.

const nodes_at_once = 100;  // more would be narrower than a pixel on a phone

const block_name = (nodes, start) => `${nodes[start]} to ${nodes[Math.min(start + nodes_at_once, nodes.length) - 1]}`;

function block_of({nodes, counts}, start) {
  return {nodes: nodes.slice(start, start + nodes_at_once), counts: counts.slice(start, start + nodes_at_once)};
}

const category_axis = (make, title, names, more = {}) =>
  make(title, {type: 'category', data: names, splitLine: {show: false}, ...more});

// Numbers in the squares where there is room for them, in the ink that the square's colour leaves legible.
function square(value, x, y, largest, room) {
  const {heat} = palette();
  const ink = value > largest * 0.5 ? heat[0] : heat[3];
  return {value: [x, y, value], label: {show: room, color: value > largest * 0.25 && value <= largest * 0.5 ? heat[theme() === 'light' ? 3 : 0] : ink, fontSize: 11}};
}

function map_option(holdings, block, width) {
  const largest = Math.max(1, ...holdings.counts.map(counts => Math.max(...counts)));
  const room = (width - 90) / block.nodes.length > 7 * String(largest).length + 6;
  return {
    height: 40 + title_height + holdings.classes.length * 24 + axis_height,
    visualMap: {min: 0, max: largest, type: 'continuous', calculable: false, orient: 'horizontal', top: 0, right: 0, itemWidth: 14,
                itemHeight: 120, text: [`${largest} samples`, '0'], textStyle: text_style(), inRange: {color: palette().heat}},
    grid: grid(40),
    xAxis: category_axis(x_axis, 'node', block.nodes),
    yAxis: category_axis(y_axis, 'class', holdings.classes, {inverse: true, nameLocation: 'start', axisLabel: {interval: 0, width: label_width(width), overflow: 'truncate'}}),
    series: [{
      type: 'heatmap',
      itemStyle: {borderColor: palette().ground, borderWidth: block.nodes.length > 40 ? 0 : 1},
      data: block.counts.flatMap((counts, x) => counts.map((value, y) => square(value, x, y, largest, room))),
      tooltip: {formatter: ({value: [x, y, count]}) => lines(`node ${block.nodes[x]}, class ${holdings.classes[y]}`, plural(count, 'sample'))},
    }],
  };
}

function sizes_option(block, width) {
  return {
    height: title_height + 160 + axis_height,
    grid: grid(4),
    xAxis: category_axis(x_axis, 'node', block.nodes),
    yAxis: y_axis('samples', {min: 0}),
    series: [{
      type: 'bar',
      itemStyle: bar_style(0),
      data: block.counts.map(sum),
      tooltip: {formatter: ({dataIndex, value}) => lines(`node ${block.nodes[dataIndex]}`, plural(value, 'sample'))},
    }],
  };
}

// One training's map and sizes, of as many nodes as can be told apart at once.
function holdings_charts({label, holdings}) {
  let start = 0;
  const block = () => block_of(holdings, start);
  const map = new Chart(`${label}: samples by class and node.`, {
    option: width => map_option(holdings, block(), width),
    rows: () => ({heads: ['node', ...holdings.classes.map(name => `class ${name}`)],
                  rows: block().nodes.map((node, index) => [node, ...block().counts[index].map(String)])}),
  });
  const sizes = new Chart(`${label}: samples by node.`, {
    option: width => sizes_option(block(), width),
    rows: () => ({heads: ['node', 'samples'], rows: block().nodes.map((node, index) => [node, String(sum(block().counts[index]))])}),
  });
  const starts = holdings.nodes.map((_, index) => index).filter(index => index % nodes_at_once === 0);
  const choice = select('Nodes', starts.map(from => [String(from), block_name(holdings.nodes, from)]), '0', value => {
    start = Number(value);
    map.update();
    sizes.update();
  });
  return [starts.length > 1 ? element('div', {className: 'controls'}, choice) : null,
          holdings.left_out > 0 ? element('p', {className: 'hint'}, `${plural(holdings.left_out, 'further node')} not shown.`) : null,
          map.figure, sizes.figure];
}

// Nothing where it isn't known who held what.
function holdings_section(report) {
  const trainings = report.trainings.filter(training => training.holdings);
  if (trainings.length === 0) return null;
  const shown = element('div');
  const show = index => shown.replaceChildren(...holdings_charts(trainings[index]).filter(Boolean));
  show(0);
  const options = trainings.map(({label, set_up}, index) => [String(index), `${label} (${set_up})`]);
  const choice = select('Training', options, '0', value => show(Number(value)));
  return section('holdings', 'Who holds what', element('div', {className: 'controls'}, choice), shown);
}

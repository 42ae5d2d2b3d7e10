// Who holds what: samples by class and node, and by node.

const nodes_at_once = 100; // more would be narrower than a pixel on a phone

function square(value, x, y, largest, has_number) {
  return {value: [x, y, value], label: {show: has_number, color: ink_on(value / largest), fontSize: 11}};
}

function map_option({classes, nodes, counts}, largest, width) {
  const has_numbers = (width - 90) / nodes.length > 7 * String(largest).length + 6;
  const class_names = {interval: 0, width: label_width(width), overflow: 'truncate'};
  const squares = counts.flatMap((row, x) => row.map((value, y) => square(value, x, y, largest, has_numbers)));
  return {
    height: 40 + title_height + classes.length * 24 + axis_height,
    visualMap: heat_scale(0, largest, [plural(largest, 'sample'), '0']),
    grid: grid(40),
    xAxis: category_axis(x_axis, 'node', nodes),
    yAxis: category_axis(y_axis, 'class', classes, {inverse: true, nameLocation: 'start', axisLabel: class_names}),
    series: [
      {
        type: 'heatmap',
        itemStyle: {borderColor: palette().ground, borderWidth: nodes.length > 40 ? 0 : 1},
        emphasis: {disabled: true},
        data: squares,
        tooltip: {
          formatter: ({value: [x, y, count]}) =>
            lines(`node ${nodes[x]}, class ${classes[y]}`, plural(count, 'sample')),
        },
      },
    ],
  };
}

function sizes_option({nodes, counts}) {
  return {
    height: title_height + 160 + axis_height,
    grid: grid(4),
    xAxis: category_axis(x_axis, 'node', nodes),
    yAxis: y_axis('samples', {min: 0}),
    series: [
      {
        type: 'bar',
        itemStyle: bar_style(0),
        data: counts.map(sum),
        tooltip: {formatter: ({dataIndex, value}) => lines(`node ${nodes[dataIndex]}`, plural(value, 'sample'))},
      },
    ],
  };
}

// As many nodes as can be told apart at once.
function block_of({classes, nodes, counts}, start) {
  const part = list => list.slice(start, start + nodes_at_once);
  return {classes, nodes: part(nodes), counts: part(counts)};
}

function block_options({nodes}) {
  const starts = nodes.map((_, index) => index).filter(index => index % nodes_at_once === 0);
  const last = start => Math.min(start + nodes_at_once, nodes.length) - 1;
  return starts.map(start => [String(start), `${nodes[start]} to ${nodes[last(start)]}`]);
}

function map_chart(shown) {
  return new Chart('Samples by class and node.', {
    option: width => map_option(shown.block(), shown.largest(), width),
    rows: () => {
      const {classes, nodes, counts} = shown.block();
      return {
        heads: ['node', ...classes.map(name => `class ${name}`)],
        rows: nodes.map((node, index) => [node, ...counts[index].map(String)]),
      };
    },
  });
}

function sizes_chart(shown) {
  return new Chart('Samples by node.', {
    option: () => sizes_option(shown.block()),
    rows: () => {
      const {nodes, counts} = shown.block();
      return {heads: ['node', 'samples'], rows: nodes.map((node, index) => [node, String(sum(counts[index]))])};
    },
  });
}

// The training and the nodes that the charts show.
class ShownHoldings {
  start = 0;

  constructor(training) {
    this.training = training;
  }

  block() {
    return block_of(this.training.holdings, this.start);
  }

  // Of all nodes, so that a colour means the same in each block.
  largest() {
    return this.training.holdings.counts.reduce((most, counts) => Math.max(most, ...counts), 1);
  }
}

// Nothing where it isn't known who held what.
function holdings_section(report) {
  const trainings = report.trainings.filter(training => training.holdings);
  if (trainings.length === 0) return null;
  const shown = new ShownHoldings(trainings[0]);
  const charts_of_it = [map_chart(shown), sizes_chart(shown)];
  const blocks = element('div', {className: 'control'});
  const left_out = element('p', {className: 'hint'});
  const update = () => charts_of_it.forEach(chart => chart.update());

  const show_block = start => {
    shown.start = Number(start);
    update();
  };
  const show_training = index => {
    shown.training = trainings[index];
    shown.start = 0;
    const {holdings} = shown.training;
    const options = block_options(holdings);
    blocks.replaceChildren(...(options.length > 1 ? [select('Nodes', options, '0', show_block)] : []));
    left_out.textContent = holdings.left_out > 0 ? `${plural(holdings.left_out, 'further node')} not shown.` : '';
    update();
  };
  show_training(0);
  const options = trainings.map(({label, set_up}, index) => [String(index), `${label} (${set_up})`]);
  const controls = element('div', {className: 'controls'}, select('Training', options, '0', show_training), blocks);
  return section('holdings', 'Who holds what', controls, left_out, ...charts_of_it.map(chart => chart.figure));
}

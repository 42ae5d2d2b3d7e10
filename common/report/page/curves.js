// Curves of accuracy: what they look like, their tooltips and the line of a target.

const most_marks = 12; // shapes on a curve: enough to tell it, few enough for long runs

// A line, and over it some shapes under the same name: an element for each of 1,500 points would be slow.
function curve(name, index, points) {
  const style = {color: series_color(index)};
  const every = Math.max(1, Math.ceil(points.length / most_marks));
  const is_marked = (_, at) => at % every === 0 || at === points.length - 1;
  return [
    {
      id: `curve ${index}`,
      name,
      type: 'line',
      data: points,
      showSymbol: false,
      symbol: shape(index),
      symbolSize: 8,
      itemStyle: style,
      lineStyle: {...style, width: 2, type: dashes(index)},
    },
    {
      name,
      type: 'scatter',
      data: points.filter(is_marked),
      symbol: shape(index),
      symbolSize: 9,
      itemStyle: {...style, opacity: 1},
      silent: true,
    },
  ];
}

function curves_option({names, x_title, x_more, y_title, series, width}) {
  const top = legend_height(names, width);
  return {
    height: top + title_height + 300 + axis_height,
    legend: legend(names),
    grid: grid(top),
    xAxis: x_axis(x_title, {min: 0, ...x_more}),
    yAxis: y_axis(y_title, {scale: true}),
    series,
  };
}

// `place` says where on the x axis: "round 3"; `more` what else stands in a point, behind x and y.
const curve_tooltip = (place, more = () => '') => ({
  ...tooltip_style(),
  trigger: 'axis',
  axisPointer: {type: 'line', animation: false, lineStyle: {color: palette().muted}},
  formatter: hits =>
    lines(
      ...hits
        .filter(hit => hit.seriesId.startsWith('curve'))
        .map(
          ({seriesName, value: [x, y, ...others]}) =>
            `${seriesName}: ${percent(y / 100)}${more(...others)} at ${place(x)}`,
        ),
    ),
});

// On the way to the target -----------------------------------------------------------------------------------------

function progress_axes(country) {
  return [
    {key: 'round', name: 'rounds', title: 'round (centralized: evaluation)', place: x => `round ${x}`},
    {key: 'virtual_seconds', name: 'virtual time', title: 'virtual time, s', place: x => `${significant(x)} s`},
    {key: 'joules', name: 'joules', title: 'energy of devices and network, J', place: x => `${significant(x)} J`},
    {key: 'gco2e', name: 'grams', title: `gCO2e in ${country}, g`, place: x => `${significant(x)} g`},
  ];
}

const dashed_icon = 'path://M0,5h10v2h-10z M16,5h10v2h-10z';

// A curve like the others, so that the axis reaches to it.
function target_series(name, target, end) {
  const {ink} = palette();
  return {
    name,
    type: 'line',
    data: [
      [0, 100 * target],
      [end, 100 * target],
    ],
    showSymbol: false,
    symbol: 'none',
    silent: true,
    itemStyle: {color: ink},
    lineStyle: {color: ink, type: [10, 5], width: 1.5},
  };
}

// `all` are {name, points}, and `series` makes what is drawn of one.
function progress_option({all, targets, axis, width, series, more}) {
  const names = all.map(({name}) => name);
  const drawn = all.flatMap(series);
  const end = all.flatMap(({points}) => points).reduce((most, [x]) => Math.max(most, x), 0);
  for (const target of targets) {
    const name = `target, ${percent(target)}`;
    names.push({name, icon: dashed_icon});
    drawn.push(target_series(name, target, end));
  }
  return {
    ...curves_option({names, x_title: axis.title, y_title: `${accuracy_name()}, %`, width, series: drawn}),
    tooltip: curve_tooltip(axis.place, more),
  };
}

// A chart with a choice of its x axis. `option`: (axis, width) -> as in Chart; `controls` choose what is in it.
function progress_section({caption, axes, option, rows, controls = []}) {
  let axis = axes[0];
  const chart = new Chart(caption, {option: width => option(axis, width), rows});
  const choice = select(
    'Against',
    axes.map(({key, name}) => [key, name]),
    axis.key,
    key => {
      axis = axes.find(other => other.key === key);
      chart.update();
    },
  );
  return section('accuracy', 'Accuracy', element('div', {className: 'controls'}, ...controls, choice), chart.figure);
}

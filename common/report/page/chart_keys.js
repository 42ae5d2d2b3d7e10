// What a mouse does on a chart, by keyboard: arrow keys go from point to point and show its tooltip, which is read out
// too; boxes show and hide what the legend names.

// Of one that holds several numbers, as [x, y].
const is_point = item => {
  const value = item?.value ?? item;
  return is_known(value) && value !== '-' && !(Array.isArray(value) && value.includes('-'));
};

// Of each series that is shown and has tooltips, its index and those of its points.
function reachable_series({series}, hidden) {
  return series
    .map(({name, data = [], silent}, index) => ({
      index,
      points: silent || hidden.has(name) ? [] : [...data.keys()].filter(at => is_point(data[at])),
    }))
    .filter(({points}) => points.length > 0);
}

// The place that a key leads to from {series, point}, both places in what reachable_series gives.
function next_place(key, {series, point}, all) {
  const within = (value, count) => Math.min(Math.max(value, 0), count - 1);
  const go = (to_series, to_point) => {
    const at = within(to_series, all.length);
    return {series: at, point: within(to_point, all[at].points.length)};
  };
  switch (key) {
    case 'ArrowRight':
      return go(series, point + 1);
    case 'ArrowLeft':
      return go(series, point - 1);
    case 'ArrowDown':
      return go(series + 1, point);
    case 'ArrowUp':
      return go(series - 1, point);
    case 'Home':
      return go(series, 0);
    case 'End':
      return go(series, Infinity);
    default:
      return null;
  }
}

// A line through parallel axes has no place of its own: its tooltip stands in the middle of the chart.
function tip_action(chart, seriesIndex, dataIndex) {
  const {type, tooltip} = chart.drawing.getOption().series[seriesIndex];
  if (type !== 'parallel') return {type: 'showTip', seriesIndex, dataIndex};
  const formatter = () => tooltip.formatter({dataIndex});
  return {type: 'showTip', x: chart.width / 2, y: chart.box.clientHeight / 2, tooltip: {...tooltip_style(), formatter}};
}

// Around the chart's box, and beneath it what is read out.
function keyboard_frame(chart) {
  const frame = element(
    'div',
    {
      className: 'keys',
      tabIndex: 0,
      role: 'application',
      'aria-label': `${chart.caption} Left and right: the points; up and down: the series.`,
    },
    chart.box,
  );
  const heard = element('p', {className: 'heard', 'aria-live': 'polite'});
  let place = null;
  const leave = () => {
    place = null;
    for (const type of ['hideTip', 'downplay']) chart.drawing?.dispatchAction({type});
  };
  frame.addEventListener('keydown', event => {
    if (event.key === 'Escape') return leave();
    if (!chart.drawing) chart.draw();
    const all = reachable_series(chart.drawing.getOption(), chart.hidden);
    const next = all.length > 0 && next_place(event.key, place ?? {series: 0, point: -1}, all);
    if (!next) return undefined;
    event.preventDefault();
    place = next;
    const {index, points} = all[place.series];
    const dataIndex = points[place.point];
    chart.drawing.dispatchAction({type: 'downplay'});
    chart.drawing.dispatchAction({type: 'highlight', seriesIndex: index, dataIndex});
    chart.drawing.dispatchAction(tip_action(chart, index, dataIndex));
    heard.textContent = [...chart.box.querySelectorAll('.tip > *')].map(line => line.textContent).join('; ');
    return undefined;
  });
  frame.addEventListener('blur', leave);
  return [frame, heard];
}

// A box for each name of the legend; nothing where there is but one. Boxes that are there stay, with their focus.
function fill_series_boxes(chart, names) {
  const there = [...chart.series_boxes.querySelectorAll('label')];
  if (there.length === names.length && there.every((label, at) => label.textContent === ` ${names[at]}`))
    return there.forEach((label, at) => {
      label.querySelector('input').checked = !chart.hidden.has(names[at]);
    });
  const box = name => {
    const input = element('input', {type: 'checkbox', checked: !chart.hidden.has(name)});
    input.addEventListener('change', () => chart.show_series(name, input.checked));
    return element('label', {}, input, ` ${name}`);
  };
  chart.series_boxes.hidden = names.length < 2;
  chart.series_boxes.querySelector('.chips').replaceChildren(...names.map(box));
  return undefined;
}

const series_boxes = () =>
  element(
    'details',
    {className: 'series', hidden: true},
    element('summary', {}, 'Show and hide'),
    element('div', {className: 'chips', role: 'group', 'aria-label': 'shown in this chart'}),
  );

// A chart with its caption and its data as a table. It is drawn when it comes near the window, and its table is made
// when it is opened, so that a long run opens at once.

const charts = [];
const paper_width = 680; // A4 within its margins, in CSS pixels

const near_the_window = new IntersectionObserver(
  entries => {
    for (const {isIntersecting, target} of entries)
      if (isIntersecting) charts.find(chart => chart.box === target).draw();
  },
  {rootMargin: '300px'},
);

// A wider or narrower box takes another option: its labels wrap elsewhere.
const size_changes = new ResizeObserver(entries => {
  for (const {target} of entries) charts.find(chart => chart.box === target).fit();
});

class Chart {
  // `option`: (width in pixels) -> what ECharts is to draw, with a `height`. `rows`: () -> {heads, rows} of texts.
  constructor(caption, {option, rows}) {
    this.caption = caption;
    this.option = option;
    this.rows = rows;
    this.box = element('div', {className: 'chart'});
    this.hidden = new Set(); // names of the legend
    this.series_boxes = series_boxes();
    this.details = element('details', {}, element('summary', {}, 'The data of this chart as a table'));
    this.details.addEventListener('toggle', () => this.fill_table());
    this.figure = element(
      'figure',
      {},
      element('figcaption', {}, caption),
      ...keyboard_frame(this),
      this.series_boxes,
      this.details,
    );
    charts.push(this);
    near_the_window.observe(this.box);
    size_changes.observe(this.box);
  }

  draw() {
    if (!this.box.clientWidth) return;
    this.width = on_paper.matches ? paper_width : this.box.clientWidth;
    const {height, ...option} = this.option(this.width);
    this.box.style.height = `${height}px`;
    this.drawing ??= this.first_drawing(height);
    this.drawing.resize({width: this.width, height, silent: true});
    if (option.legend) {
      const names = option.legend.data.map(item => item.name ?? item);
      option.legend.selected = Object.fromEntries(names.map(name => [name, !this.hidden.has(name)]));
      fill_series_boxes(this, names);
    }
    this.drawing.setOption({...common_option(this.caption), ...option}, {notMerge: true});
  }

  first_drawing(height) {
    const drawing = echarts.init(this.box, null, {renderer: 'svg', width: this.width, height});
    drawing.on('legendselectchanged', ({name, selected}) => this.show_series(name, selected[name]));
    return drawing;
  }

  show_series(name, is_shown) {
    if (is_shown) this.hidden.delete(name);
    else this.hidden.add(name);
    this.draw();
  }

  // After what is shown has changed.
  update() {
    if (this.drawing) this.draw();
    this.fill_table();
  }

  fit() {
    if (this.drawing && this.box.clientWidth !== this.width) this.draw();
  }

  fill_table() {
    this.details.querySelector('.scroll')?.remove();
    if (!this.details.open) return;
    const {heads, rows} = this.rows();
    this.details.append(scroll_box(`Data: ${this.caption}`, text_table(heads, rows)));
  }
}

const update_charts = () => charts.forEach(chart => chart.update());

// Paper shows all charts, those that were never near the window too.
const draw_all_charts = () => charts.forEach(chart => chart.draw());

function common_option(caption) {
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: {color: palette().ink, fontFamily: 'system-ui, sans-serif'},
    aria: {enabled: true, label: {description: `${caption} The same data stands in the table beneath the chart.`}},
    tooltip: tooltip_style(),
  };
}

function tooltip_style() {
  const {ink, ground, line} = palette();
  return {confine: true, backgroundColor: ground, borderColor: line, textStyle: {color: ink}, transitionDuration: 0};
}

// A tooltip's lines as elements: a text would be taken for markup.
const lines = (...texts) => element('div', {className: 'tip'}, ...texts.map(text => element('div', {}, text)));

const text_style = () => ({color: palette().ink, fontSize: 12});

// Titled axes ------------------------------------------------------------------------------------------------------

function axis_style() {
  const {line, muted} = palette();
  return {
    axisLine: {show: true, lineStyle: {color: muted}},
    axisTick: {lineStyle: {color: muted}},
    splitLine: {lineStyle: {color: line}},
    axisLabel: {...text_style(), hideOverlap: true},
    nameTextStyle: {...text_style(), fontWeight: 'bold'},
  };
}

function x_axis(title, more = {}) {
  const style = axis_style();
  return {
    type: 'value',
    name: title,
    nameLocation: 'middle',
    nameGap: 26,
    ...style,
    ...more,
    axisLabel: {
      ...style.axisLabel,
      formatter: more.type === 'category' ? undefined : value => tick(value),
      ...more.axisLabel,
    },
  };
}

// Its title stands above it, from the left edge of the axis on: turned by 90 degrees it would be hard to read.
function y_axis(title, more = {}) {
  const style = axis_style();
  return {
    type: 'value',
    name: title,
    nameLocation: 'end',
    nameGap: 12,
    ...style,
    ...more,
    nameTextStyle: {...style.nameTextStyle, align: 'left'},
    axisLabel: {
      ...style.axisLabel,
      formatter: more.type === 'category' ? undefined : value => tick(value),
      ...more.axisLabel,
    },
  };
}

const label_width = width => Math.min(190, Math.round(width * 0.35));
const character_width = 6.8; // of 12 px system-ui, on the safe side
const line_height = 15;
const axis_height = 52; // labels and title of a horizontal axis
const title_height = 24; // of a vertical one

const line_count = (text, width) => Math.ceil((text.length * character_width) / width);

// One row for each name, from the top down, with the names at the left.
function row_axis(title, names, width) {
  return y_axis(title, {
    type: 'category',
    data: names,
    inverse: true,
    nameLocation: 'start',
    splitLine: {show: false},
    axisTick: {show: false},
    nameTextStyle: {...text_style(), fontWeight: 'bold', align: 'left'},
    axisLabel: {interval: 0, hideOverlap: false, width: label_width(width), overflow: 'break', lineHeight: line_height},
  });
}

// What a row needs, for its name and for what is drawn in it.
const row_height = (names, width, least) =>
  Math.max(least, ...names.map(name => line_count(name, label_width(width)) * line_height + 10));

function grid(top) {
  return {
    left: 4,
    right: 20,
    top,
    bottom: 4,
    outerBoundsMode: 'same',
    outerBoundsContain: 'all',
    outerBounds: {left: 0, right: 12, top: 0, bottom: 0},
  };
}

// Legends ----------------------------------------------------------------------------------------------------------

const legend_icon = 34;
const legend_row = 27;

// How many pixels a legend of these names, or of items with a name, takes where it has to wrap.
function legend_height(names, width) {
  let rows = 1;
  let used = 0;
  for (const name of names.map(item => item.name ?? item)) {
    const needed = legend_icon + name.length * character_width + 12;
    if (used > 0 && used + needed > width) {
      ++rows;
      used = 0;
    }
    used += needed;
  }
  return rows * legend_row + 8;
}

function legend(names) {
  return {
    data: names,
    top: 0,
    left: 0,
    right: 0,
    itemGap: 12,
    itemWidth: 26,
    itemHeight: 12,
    textStyle: text_style(),
    inactiveColor: palette().line,
  };
}

// Colours, patterns and shapes -------------------------------------------------------------------------------------

// Seen where colours aren't. Five patterns beside six colours: thirty series before both repeat.
function pattern(index) {
  const color = palette().stripe;
  const stripes = rotation => ({symbol: 'rect', color, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation});
  return [
    null,
    stripes(Math.PI / 4),
    {
      symbol: 'circle',
      color,
      symbolSize: 0.7,
      dashArrayX: [
        [6, 6],
        [0, 6, 6, 0],
      ],
      dashArrayY: [6, 0],
    },
    stripes(-Math.PI / 4),
    stripes(Math.PI / 2),
  ][index % 5];
}

function series_color(index) {
  const {series} = palette();
  return series[index % series.length];
}

const bar_style = index => ({
  color: series_color(index),
  decal: pattern(index),
  borderColor: palette().ink,
  borderWidth: 0.5,
});
const shape = index =>
  ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle'][index % 7];
const dashes = index => ['solid', 'dashed', 'dotted'][index % 3];

// Grams on a logarithmic axis -------------------------------------------------------------------------------------

// The power of ten at or below the least positive value; there zeros are marked.
function log_floor(values) {
  const positive = values.filter(value => value > 0);
  return positive.length > 0 ? 10 ** Math.floor(Math.log10(Math.min(...positive))) : 0.1;
}

// A whisker from `low` to `high` with ends, at `y`.
function whisker(api, row, low, high, y, reach) {
  const [from] = api.coord([low, row]);
  const [to] = api.coord([high, row]);
  const {ink, ground} = palette();
  const strokes = style =>
    [
      [from, y, to, y],
      [from, y - reach, from, y + reach],
      [to, y - reach, to, y + reach],
    ].map(([x1, y1, x2, y2]) => ({type: 'line', shape: {x1, y1, x2, y2}, style}));
  // With a rim, so that it is seen on a dark bar too.
  return {
    type: 'group',
    children: [...strokes({stroke: ground, lineWidth: 4}), ...strokes({stroke: ink, lineWidth: 1.5})],
  };
}

// What stands at the axis' beginning where there is nothing to draw: "0 g", "not reached".
function mark(x, y, words) {
  const {ink} = palette();
  return {
    type: 'group',
    children: [
      {
        type: 'polygon',
        shape: {
          points: [
            [x, y],
            [x + 4, y - 4],
            [x + 8, y],
            [x + 4, y + 4],
          ],
        },
        style: {stroke: ink, fill: 'none'},
      },
      {type: 'text', style: {x: x + 12, y, text: words, fill: ink, fontSize: 11, verticalAlign: 'middle'}},
    ],
  };
}

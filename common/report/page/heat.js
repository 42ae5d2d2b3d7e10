// Maps: cells of two categories in colours, and their scale.

const category_axis = (make, title, names, more = {}) =>
  make(title, {type: 'category', data: names, splitLine: {show: false}, ...more});

// The ink that is legible on the colour of this share of the scale: the scale's other end.
function ink_on(share) {
  const {heat} = palette();
  const darkest_first = theme() === 'dark';
  return share > (darkest_first ? 0.5 : 0.4) ? heat[0] : heat[3];
}

// `texts` are those of the most and of the least.
function heat_scale(least, most, texts) {
  return {
    type: 'continuous',
    min: least,
    max: most,
    calculable: false,
    hoverLink: false,
    orient: 'horizontal',
    top: 0,
    right: 0,
    itemWidth: 14,
    itemHeight: 120,
    text: texts,
    textStyle: text_style(),
    inRange: {color: palette().heat},
  };
}

// Numbers with the digits of the text table (common/text/number_text.cpp, banded_number.cpp).

// "1.2e-3". JavaScript rounds a value in the middle of two such texts away from zero, C++ to the even digit.
function scientific(value, digits) {
  const rounded = value.toExponential(digits - 1);
  const [mantissa, exponent] = value.toExponential(100).split('e'); // more digits than such a middle can have
  const kept = mantissa.slice(0, rounded.indexOf('e'));
  const rest = mantissa.slice(kept.length).replace('.', '');
  return /^50*$/.test(rest) && /[02468]$/.test(kept) ? `${kept}e${exponent}` : rounded;
}

function without_exponent(text) {
  const [mantissa, exponent] = text.split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  const point = Number(exponent) + 1;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function significant(value, digits = 3) {
  if (value === 0) return '0';
  return Number.isFinite(value) ? without_exponent(scientific(value, digits)) : '?';
}

// As many digits as the band from low to high deserves.
function banded(value, low, high) {
  if (low === high) return significant(value);
  const reach = Math.max(high - value, value - low) / Math.abs(value);
  return significant(value, reach >= 0.05 ? 2 : reach >= 0.005 ? 3 : 4);
}

// "0.021-0.11"; empty without a band.
function band_text(low, high) {
  if (low === high) return '';
  let digits = 2;
  while (digits < 4 && significant(low, digits) === significant(high, digits)) ++digits;
  return `${significant(low, digits)}-${significant(high, digits)}`;
}

// "0.021 to 0.11", where it is read out or stands in a sentence.
const spoken = band => band.replace('-', ' to ');

// Cut and not rounded, so that 89.96 % isn't taken for 90.0 %. 1e-9: 0.9 x 1000 may be stored a hair below 900.
function percent(fraction) {
  return `${(Math.floor(fraction * 1000 + 1e-9) / 10).toFixed(1)} %`;
}

// An axis' tick, or a figure: no exponent, no zeros at the end.
function tick(value, digits = 6) {
  const text = significant(value, digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const is_known = value => value !== null && value !== undefined;
const known = (value, text) => (is_known(value) ? text(value) : '-');

const sum = values => values.reduce((all, value) => all + value, 0);
const plural = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

// Of a cell, {grams, low, high} or {words}: its number and its band.
function cell_texts(cell) {
  if (cell.words) return [cell.words, ''];
  return [banded(cell.grams, cell.low, cell.high), band_text(cell.low, cell.high)];
}

// "0.0402 ± 0.0011": the mean by three digits, the deviation to as many places; a single value alone.
function mean_text(mean, deviation) {
  const text = significant(mean);
  if (!is_known(deviation)) return text;
  const places = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  return `${text} ± ${deviation.toFixed(places)}`;
}

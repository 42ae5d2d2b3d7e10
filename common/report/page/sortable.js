// A table that its reader sorts: each heading is a button, which turns the order round when it is pressed again.

// Numbers by size, what is unknown last; texts that are numbers too.
function compared(one, other) {
  if (!is_known(one) || !is_known(other)) return Number(is_known(other)) - Number(is_known(one));
  const [a, b] = [Number(one), Number(other)];
  if (one !== '' && other !== '' && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return String(one).localeCompare(String(other));
}

function sorted(rows, value, is_descending) {
  const sign = is_descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    return is_known(a) && is_known(b) ? sign * compared(a, b) : compared(a, b);
  });
}

const first_rows = 50; // as many as are seen at once, so that a long table opens at once

// `columns`: {head, value, text}; a column's value is what it is sorted by, its text what is shown. A long table is
// filled when it comes near the window, or is printed.
function sortable_table(columns, rows) {
  const body = element('tbody');
  let shown = rows;
  const fill = count =>
    body.replaceChildren(
      ...shown.slice(0, count).map(row =>
        row_of(
          'td',
          columns.map(({text}) => text(row)),
        ),
      ),
    );
  const fill_all = () => body.childElementCount < rows.length && fill(rows.length);
  const heads = columns.map(({head, value}) => {
    const button = element('button', {type: 'button', className: 'sort'}, head);
    const cell = element('th', {scope: 'col'}, button);
    button.addEventListener('click', () => {
      const is_descending = cell.getAttribute('aria-sort') === 'ascending';
      heads.forEach(other => other.removeAttribute('aria-sort'));
      cell.setAttribute('aria-sort', is_descending ? 'descending' : 'ascending');
      shown = sorted(rows, value, is_descending);
      fill(rows.length);
    });
    return cell;
  });
  fill(first_rows);
  new IntersectionObserver(([{isIntersecting}]) => isIntersecting && fill_all(), {rootMargin: '300px'}).observe(body);
  addEventListener('beforeprint', fill_all);
  return element('table', {className: 'data'}, element('thead', {}, element('tr', {}, ...heads)), body);
}

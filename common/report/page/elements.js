// Elements of the page. Text of the data gets into the page here alone, and always as text: never as markup.

// What the run's accuracies are of.
const accuracy_name = () => `${report.evaluated_on ?? 'test'} accuracy`;

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

function link(text, url) {
  return /^https?:/.test(url ?? '') ? element('a', {href: url, rel: 'noopener'}, text) : text;
}

function section(id, heading, ...children) {
  return element(
    'section',
    {id, 'aria-labelledby': `${id}-heading`},
    element('h2', {id: `${id}-heading`}, heading),
    ...children,
  );
}

// A box in which a wide table scrolls by itself; it can be focused, so that the arrow keys scroll it.
function scroll_box(label, table) {
  return element('div', {className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': label}, table);
}

function row_of(tag, values) {
  return element(
    'tr',
    {},
    ...values.map((value, index) =>
      index === 0
        ? element('th', {scope: tag === 'th' ? 'col' : 'row'}, value)
        : element(tag, tag === 'th' ? {scope: 'col'} : {}, value),
    ),
  );
}

// A table of texts, the first of each row being its heading.
function text_table(heads, rows) {
  return element(
    'table',
    {className: 'data'},
    element('thead', {}, row_of('th', heads)),
    element('tbody', {}, ...rows.map(row => row_of('td', row))),
  );
}

// A choice of one of several named values.
function select(label, options, value, changed) {
  const box = element('select', {}, ...options.map(([key, text]) => element('option', {value: key}, text)));
  box.value = value;
  box.addEventListener('change', () => changed(box.value));
  return element('label', {className: 'control'}, element('span', {}, label), box);
}

// Beneath an answer that compares settings.
const likely_hint = 'Settings are compared at the likely values of the figures, on which all of them rest.';

function notes_list(notes) {
  return notes.length > 0 ? element('ul', {className: 'notes'}, ...notes.map(note => element('li', {}, note))) : null;
}

// Broken behind a comma alone: "PUE 1.67" stays together.
function heading_parts(heading) {
  return heading.split(/(?<=, )/).map(part => element('span', {className: 'part'}, part));
}

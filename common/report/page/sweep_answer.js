// What a sweep answers, what it varies, and which runs it lacks.

// Values that were drawn are too many to be named.
const shortened = values =>
  values.length > 12 ? `${values.length} values from ${values[0]} to ${values.at(-1)}` : values.join(', ');

function axes_note({axes, fixed}) {
  const varied = axes.map(({name, values}) => `${name}: ${shortened(values)}`);
  return `Varied: ${varied.join('; ') || 'nothing'}.${fixed.length > 0 ? ` The same in all runs: ${fixed.join(', ')}.` : ''}`;
}

const lacking_notes = ({lacking}) =>
  lacking.length > 0
    ? [
        `Lacking, and so in no number: ${plural(lacking.length, 'run')}: ${lacking.slice(0, 5).join(', ')}${lacking.length > 5 ? ', ...' : ''}.`,
      ]
    : [];

function sweep_answer_section(report) {
  return element(
    'section',
    {id: 'answer', 'aria-labelledby': 'question'},
    element('h1', {id: 'question'}, report.question),
    ...report.answers.map(answer => element('p', {className: 'answer'}, answer)),
    element('p', {className: 'hint'}, `${axes_note(report)} ${likely_hint}`),
    notes_list([...report.notes, ...lacking_notes(report)]),
  );
}

// The page of several runs: its sections in order.

const report = JSON.parse(document.getElementById('data').textContent);

show_page(
  [
    seeds_answer_section(report),
    seeds_grams_section(report),
    seeds_accuracy_section(report),
    budget_section(report),
    runs_section(report),
  ],
  `Made by Fedgram ${report.fedgram} from ${plural(report.runs.length, 'run')}.`,
);

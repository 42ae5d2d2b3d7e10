// The page of a sweep: its sections in order.

const report = JSON.parse(document.getElementById('data').textContent);

show_page(
  [
    sweep_answer_section(report),
    sweep_map_section(report),
    sweep_front_section(report),
    sweep_lines_section(report),
    sweep_table_section(report),
  ],
  `Made by Fedgram ${report.fedgram} from the sweep in ${report.folder}.`,
);

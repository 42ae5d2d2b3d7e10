#pragma once

#include <string>
#include <vector>

#include "common/report/render/render.hpp"
#include "common/report/table/published.hpp"
#include "common/report/table/table.hpp"
#include "common/units/quantity.hpp"

// Parts of the table as text.
namespace fedgram::report {

/// A cell's grams with their band, as what was spent counts too: "0.040 g (0.031-0.073)".
[[nodiscard]] std::string banded_grams(const Table& table, const Cell& cell);

/// Any text as a double-quoted scalar of YAML, as JSON writes it.
[[nodiscard]] std::string yaml_text(const std::string& text);

/// In kJ, with three significant digits.
[[nodiscard]] std::string kilojoules(Joules energy);

/// The headings of all columns, with `corner` in front.
[[nodiscard]] std::vector<std::string> headings(const Table& table, const std::string& corner);

/// The published cells beside ours, with the parts of their ratio; empty where no cell has one.
[[nodiscard]] std::string against_published(const Table& table);

/// The published table worked out once more from itself.
[[nodiscard]] std::string recomputed_table(const PublishedTable& published);

/// What a reader must know of how the run went: the next section, notes on its folder, trainings without an end and
/// work that was lost; empty where there is nothing to say.
[[nodiscard]] std::string went_wrong_section(const Footnotes& notes);

/// The rounds that went on without some of their nodes, and nodes that lost what they had to keep; empty where there
/// are none.
[[nodiscard]] std::string missing_nodes_section(const Footnotes& notes);

/// What a meter read of centralized trainings, beside what the profiles say; empty where none was read.
[[nodiscard]] std::string measured_section(const Footnotes& notes);

/// What is in no cell: wasted work, refused updates, and what this machine took to simulate.
[[nodiscard]] std::string footnote_section(const Footnotes& notes);

}  // namespace fedgram::report

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fedgram::experiments {

/// What is empty stays as the run's specification has it.
struct TableOptions {
    std::filesystem::path run{};
    std::vector<std::string> countries{};
    std::vector<std::string> node_places{};  ///< names; "row" is the row's country
    std::vector<std::string> sites{};        ///< cloud regions
    std::vector<std::string> hourly{};       ///< rows by the hour: names of record, or paths of .csv files
    std::string from{};                      ///< UTC; empty: the beginning of each series
    std::string grid_file{};                 ///< a user's own countries: they come before those of the run
    std::vector<double> pue{};
    std::vector<std::string> datacenter_devices{};  ///< ids or paths
    std::string edge_device{};
    std::string network{};     ///< "router", "kwh_per_gb"
    std::string kwh_per_gb{};  ///< a number, or the id of a figure of record
    std::string format = "text";
};

/// `fedgram table`: the table anew from a run folder, without training.
[[nodiscard]] int table(const TableOptions& options);

/// `fedgram explain`: the chain of one cell of that table, as "COUNTRY/COLUMN" names it.
struct ExplainOptions {
    TableOptions table;
    std::string cell;
};
[[nodiscard]] int explain(const ExplainOptions& options);

/// `fedgram compare`: why another run's cells differ from those of `table.run`, term by term.
struct CompareOptions {
    TableOptions table;
    std::filesystem::path other;
};
[[nodiscard]] int compare(const CompareOptions& options);

/// `fedgram report`: budget, ratios and statements of a run; with a cell, that cell for a model card.
struct ReportOptions {
    TableOptions table;
    std::string model_card{};  ///< a cell
};
[[nodiscard]] int report(const ReportOptions& options);

/// Writes the run's table, by its own assumptions, into its folder: table.txt, .md, .csv, .json and
/// .tex, and emissions.csv under CodeCarbon's column names.
void write_tables(const std::filesystem::path& run_folder);

}  // namespace fedgram::experiments

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

enum class Format { text, markdown, csv, json, latex, codecarbon, impact_framework };

/// "text", "md", "csv", "json", "latex", "codecarbon" or "impact-framework"; throws SpecError on another word.
[[nodiscard]] Format parse_format(std::string_view word);

/// What isn't a matter of spec and seed, or is known of the data of record: it stands beneath the text table; of it the
/// grids of 0 beneath the Markdown table too, and the end of the run in CodeCarbon's rows. No other format has any of
/// it.
struct Footnotes {
    struct Host {
        std::string label;
        double cpu_seconds;
        double wall_seconds;
        std::vector<energy::MeterRecord> meters{};  ///< of machines, and the estimate of the nodes
    };
    struct Refused {
        std::string label;
        std::map<std::string, std::uint64_t> updates;  ///< how many, by reason
    };
    struct Incomplete {
        std::string label;
        std::uint32_t rounds;  ///< that went on without some of their nodes
        std::uint32_t all_rounds;
        std::uint64_t updates;  ///< that are missing
    };
    struct Restarted {
        std::string label;
        std::vector<std::uint32_t> nodes;  ///< ascending
    };
    std::vector<Host> host;  ///< of the machine that simulated
    std::uint64_t wasted_lines = 0;
    Joules wasted;
    std::vector<Refused> refused{};                   ///< trainings that refused any
    std::vector<Incomplete> incomplete{};             ///< trainings with such rounds
    std::vector<Restarted> restarted{};               ///< trainings with nodes that lost what they had left to send
    std::vector<std::string> cut_off{};               ///< labels of trainings without an end
    std::vector<MeasuredBeside> measured{};           ///< what a meter read of centralized trainings, beside the model
    std::vector<std::string> zero_grids{};            ///< why a grid counts as 0, without a full stop
    std::vector<std::string> run{};                   ///< whole sentences on a folder that an earlier version wrote
    std::optional<std::chrono::sys_seconds> ended{};  ///< by the wall clock; nothing where it isn't known
};

/// Modelled values stand beside measured ones by `accounting`. `ended` is not in a RunRecord: see run::find_end.
[[nodiscard]] Footnotes footnotes(const run::RunRecord& run, const carbon::Accounting& accounting);

/// The table in a format, ending in a newline. Grams are rounded to the digits that their band deserves in text,
/// Markdown and LaTeX, and whole in CSV and JSON.
[[nodiscard]] std::string render(const Table& table, Format format, const Footnotes& notes = {});

[[nodiscard]] std::string render_text(const Table& table, const Footnotes& notes = {});
/// The top of the text table alone: the cells with their bands, and in a line how many pairs of columns aren't told
/// apart.
[[nodiscard]] std::string render_screen(const Table& table);
[[nodiscard]] std::string render_markdown(const Table& table, const Footnotes& notes = {});
[[nodiscard]] std::string render_csv(const Table& table);
[[nodiscard]] std::string render_json(const Table& table);
[[nodiscard]] std::string render_latex(const Table& table);
/// A row for each cell under the column names of CodeCarbon's emissions.csv (kg, kWh, seconds), so that dashboards made
/// for it can read it. `energy_consumed` has PUE and network in it, as `emissions` does; `duration` is virtual time; of
/// a training that missed its target it is what was spent. `timestamp` is when the run `ended`, in UTC without a zone
/// as CodeCarbon writes its own; empty where that isn't known.
[[nodiscard]] std::string render_codecarbon(const Table& table,
                                            std::optional<std::chrono::sys_seconds> ended = std::nullopt);
/// A manifest of the Green Software Foundation's Impact Framework, in YAML, for its built-in plugins: they compute each
/// cell's `device/carbon`, `network/carbon` and `carbon` in grams. A country is a group of children, a column a child
/// under its heading, and what draws from one place in one hour, or year, a time step. The child of a training that
/// missed its target is named so, and is what was spent.
[[nodiscard]] std::string render_impact_framework(const Table& table);

/// "modelled, eager execution", and whether there are columns that are measured.
[[nodiscard]] std::string devices_text(const Table& table);

/// "eager execution"; what a heading or caption must say of how devices were launched.
[[nodiscard]] std::string execution_text(const Table& table);

/// How well a device's profile agrees with measurements, or "unvalidated".
[[nodiscard]] std::string validation_text(const energy::DeviceProfile& device);

/// A cell's operational grams, as what was spent counts too: "0.51".
[[nodiscard]] std::string grams_text(const Table& table, const Cell& cell);

/// A cell as people read it: "0.51", "not reached" or "diverged".
[[nodiscard]] std::string cell_text(const Table& table, const Cell& cell);

/// "0.31-1.0"; empty where no figure behind the cell has a band, and where it has no result.
[[nodiscard]] std::string cell_band_text(const Table& table, const Cell& cell);

/// "v100, PUE 1.67 and k80, PUE 1.11 (0.62 times, 0.31-1.4)", for each pair of columns with a cell each that isn't told
/// apart from the other, ahead of them "In France: " where it isn't so in every country.
[[nodiscard]] std::vector<std::string> alike_notes(const Table& table);

/// What the notes above are of.
inline constexpr std::string_view alike_heading =
    "Not told apart, as the band of their ratio, with what both rest on moved together, contains 1";

/// "federated-iid: not reached (best 87.1 %); spent so far: USA 1.20 g, FRA 0.126 g", for each such column.
[[nodiscard]] std::vector<std::string> not_reached_notes(const Table& table);

/// "384 g/kWh (2024, lifecycle, ember-2026)", or "by the hour from 2020-09-14T06:00:00Z (lifecycle, eia930-ciso)".
[[nodiscard]] std::string grid_text(const carbon::GridIntensity& grid);

/// Sentences on where nodes and sites are, each with the intensities that no row shows; none when all draw from the
/// row's country.
[[nodiscard]] std::vector<std::string> place_notes(const Table& table);

/// Whether cells of one row have different intensities, so that the row's own doesn't tell a cell's.
[[nodiscard]] bool has_effective_intensities(const Table& table);

/// "USA 384 g/kWh (2024, lifecycle, ember-2026)" for each country, in one line.
[[nodiscard]] std::string grid_note(const Table& table);

/// "router, 7.5 W over 20 Mbit/s down and 10 up" or "0.03 kWh/GB".
[[nodiscard]] std::string network_text(const Table& table, carbon::NetworkMethod method);

}  // namespace fedgram::report
